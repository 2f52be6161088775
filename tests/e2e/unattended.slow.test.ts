import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusOfOnlyTask } from '../fixtures/agent-folder.js';
import { withDeadline } from '../fixtures/deadline.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { ORCH, recordScript, runOrch, runPiped } from '../fixtures/run-orch.js';
import type { PipedOptions, PipedRun } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const runScript = (folder: string, script: string, flags: string[] = [], options?: PipedOptions): Promise<PipedRun> =>
  runOrch(['run', '--dir', folder, ...flags, '--', 'sh', '-c', script], options);

describe('with nobody before it', () => {
  test.each([
    ['120 by 40 where nothing says otherwise', [], {}, '40 120'],
    ['what COLUMNS and LINES say', [], { COLUMNS: '90', LINES: '33' }, '33 90'],
    ['what --size says, before all others', ['--size', '100x25'], { COLUMNS: '90', LINES: '33' }, '25 100'],
  ])("the agent's terminal is %s", async (_, flags, env, size) => {
    using folder = temporaryFolder();
    const { stdout } = await runScript(folder.path, 'stty size', flags, { env });
    expect(stdout.toString()).toBe(`${size}\n`);
  });

  test('what goes to a socket that nobody reads is hashed all the same, and one signal ends the wait for them', async () => {
    using folder = temporaryFolder();
    const args = recordScript(folder.path, 'yes | head -n 2000000', '-o', 'raw');
    await using orch = startOrch(args);
    await eventually(() => statusOfOnlyTask(folder.path) === 'done', 'the end of the agent');
    const { manifest, log } = onlyTask(folder.path);
    expect(manifest.sha256).toBe(createHash('sha256').update(log).digest('hex'));
    process.kill(orch.pid, 'SIGTERM');
    await withDeadline(orch.exited, () => 'the end of orch');
    orch.read();
    expect(await orch.end()).toBe(0);
  });

  test('an agent that reads finds the end of its input, again and again', async () => {
    using folder = temporaryFolder();
    const { code, stdout } = await runScript(folder.path, 'cat; cat; echo over');
    expect({ code, stdout: stdout.toString() }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/over\n$/) as string,
    });
  });

  test('what is piped in reaches the agent, then its end', async () => {
    using folder = temporaryFolder();
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} ½ 日本\n`).join('');
    const { stdout } = await runScript(folder.path, 'sha256sum', [], { input: lines });
    expect(stdout.toString()).toContain(createHash('sha256').update(lines).digest('hex'));
  });

  test('stdout gets every byte as it was, and the recording has the same', async () => {
    using folder = temporaryFolder();
    const { stdout } = await runScript(folder.path, 'stty raw -echo; head -c 300000 /dev/urandom', ['--output', 'raw']);
    expect(stdout).toHaveLength(300_000);
    expect(stdout.equals(onlyTask(folder.path).log)).toBe(true);
  });

  test.each([
    ['--output', 'raw', '1\r\n2\r\n', /orch: done/],
    ['--output', 'clean', '1\n2\n', /orch: done/],
    ['--output', 'auto', '1\n2\n', /orch: done/],
    ['--output', 'none', '', /orch: done/],
    ['-q', undefined, '', /^$/],
  ])('%s %s shows what it says', async (flag, mode, shown, said) => {
    using folder = temporaryFolder();
    const flags = mode === undefined ? [flag] : [flag, mode];
    const { stdout, stderr } = await runScript(folder.path, 'seq 1 2', flags);
    expect(stdout.toString()).toBe(shown);
    expect(stderr).toMatch(said);
    expect(onlyTask(folder.path).log.toString()).toBe('1\r\n2\r\n');
  });

  test('orch answers what the agent asks its terminal, each query once', async () => {
    using folder = temporaryFolder();
    const queries = String.raw`\033[c\033[>c\033[5n\033[6n\033[?2026$p\033[>q\033[?u\033]10;?\033\\\033]11;?\033\\\033[14t\033[18t`;
    const script = `stty raw -echo min 0 time 10; printf '${queries}'; cat | od -An -v -c | tr -d ' \\n\\r'`;
    const { stdout } = await runScript(folder.path, script);
    const got = stdout.toString().replace(/^.*?\x1b\[18t/s, '');
    for (const answer of [
      /033\[\?\d[\d;]*c/g,
      /033\[>\d[\d;]*c/g,
      /033\[0n/g,
      /033\[1;1R/g,
      /033\[\?2026;[1-4]\$y/g,
      /033P>\|/g,
      /033\[\?\d+u/g,
      /033\]10;rgb:/g,
      /033\]11;rgb:/g,
      /033\[4;\d+;\d+t/g,
      /033\[8;40;120t/g,
    ]) {
      expect(got.match(answer), String(answer)).toHaveLength(1);
    }
  });

  test("the agent's environment is the user's, with a TERM and its task", async () => {
    using folder = temporaryFolder();
    const script = 'echo "$TERM $MINE $ORCH_TASK_ID $ORCH_TASK_DIR"';
    const { stdout } = await runScript(folder.path, script, [], { env: { TERM: 'dumb', MINE: 'yes' } });
    const { manifest, folder: task } = onlyTask(folder.path);
    expect(stdout.toString()).toBe(`xterm-256color yes ${manifest.id} ${task}\n`);
  });

  test('a reader that has had enough ends neither the agent nor its recording', async () => {
    using folder = temporaryFolder();
    const line = `"$@" | head -n 1; echo "codes \${PIPESTATUS[*]}"`;
    const argv = [process.execPath, ORCH, 'run', '--dir', folder.path, '--', 'seq', '1', '200000'];
    const { stdout } = await runPiped('bash', ['-c', line, 'bash', ...argv]);
    expect(stdout.toString()).toBe('1\ncodes 0 0\n');
    expect(onlyTask(folder.path).log).toHaveLength(1_488_895);
  });
});
