import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { withDeadline } from '../fixtures/deadline.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, recordScript, runOrch, runPiped } from '../fixtures/run-orch.js';
import type { PipedOptions, PipedRun } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const runScript = (folder: string, script: string, flags: string[] = [], options?: PipedOptions): Promise<PipedRun> =>
  runOrch(['run', '--dir', folder, ...flags, '--', 'sh', '-c', script], options);

describe('the recording is what was printed', () => {
  test('every byte value, 400 times over, in raw mode', async () => {
    using folder = temporaryFolder();
    const bytes = Buffer.from(Array.from({ length: 256 * 400 }, (_, at) => at % 256));
    const script = `stty raw; python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 400)'`;
    const { stdout } = await runScript(folder.path, script, ['--output', 'raw']);
    const { log, manifest } = onlyTask(folder.path);
    expect(log.equals(bytes)).toBe(true);
    expect(stdout.equals(bytes)).toBe(true);
    expect(manifest.sha256).toBe(sha256(bytes));
  });

  test('64 MB of random bytes, by their hash', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'random');
    const bytes = randomBytes(64_000_000);
    writeFileSync(file, bytes);
    const run = await runScript(folder.path, `stty raw -echo; cat ${file}`, ['-q']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    // The hash of so much comes when orch has ended; verify waits for it.
    expect((await runOrch(['verify', '-q', '--dir', folder.path])).code).toBe(0);
    const { log, manifest } = onlyTask(folder.path);
    expect(manifest).toMatchObject({ bytes: 64_000_000, sha256: sha256(bytes), gaps: [] });
    expect(sha256(log)).toBe(sha256(bytes));
  });

  test('hostile sequences, unfinished ones and half characters are only bytes', async () => {
    using folder = temporaryFolder();
    const hostile = String.raw`\033]52;c;AAAA\007\033P\033[?1049h\033]0;\377\376\033\\\302\033[10000;1;;:::m\033[?10000h\033X\302\235\0\x90`;
    const { stdout } = await runScript(
      folder.path,
      `stty raw; for i in 1 2 3 4 5; do printf '${hostile}'; done; printf '\\033]'`,
      ['--output', 'raw'],
    );
    const { log } = onlyTask(folder.path);
    expect(log.length).toBeGreaterThan(300);
    expect(stdout.equals(log)).toBe(true);
  });

  test('in a terminal of one cell', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(recordScript(folder.path, 'stty size; seq 1 100'), {
      cols: 1,
      rows: 1,
    });
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(onlyTask(folder.path).log.toString()).toMatch(/^1 1\r\n1\r\n.*100\r\n$/s);
  });

  test('of programs that flip their terminal between lines and bytes all the time', async () => {
    using folder = temporaryFolder();
    const script = 'for i in 1 2 3 4 5 6 7 8 9 10; do stty raw; printf "a\\n"; stty -raw; printf "b\\n"; done; cat';
    const { stdout, code } = await runScript(folder.path, script, ['--output', 'raw'], { input: 'typed\n' });
    expect(code).toBe(0);
    expect(stdout.toString().replaceAll('typed\r\n', '').replaceAll('typed\n', '')).toBe('a\nb\r\n'.repeat(10));
  });

  test('50 sessions at once, each of 1 MB', async () => {
    using folder = temporaryFolder();
    const script = 'stty raw; seq -w 0 200000 | head -c 1000000';
    const runs = Array.from({ length: 50 }, () => runScript(folder.path, script, ['-q'], { deadlineMs: 55_000 }));
    expect(new Set((await Promise.all(runs)).map(({ code, stderr }) => `${code}${stderr}`))).toEqual(new Set(['0']));
    const names = taskFolders(folder.path);
    expect(names).toHaveLength(50);
    const hashes = names.map((name) => sha256(readFileSync(join(folder.path, name, 'backend.log'))));
    const seq = Array.from({ length: 200_001 }, (_, n) => `${String(n).padStart(6, '0')}\n`).join('');
    expect(new Set(hashes)).toEqual(new Set([sha256(Buffer.from(seq.slice(0, 1_000_000)))]));
  });
});

describe('what orch costs', () => {
  test('less than 150 MB of memory for 200 MB of output that nobody reads', async () => {
    using folder = temporaryFolder();
    const args = recordScript(folder.path, 'stty raw; head -c 200000000 /dev/zero', '--output', 'raw');
    const child = spawn(process.execPath, [ORCH, ...args], {
      env: testEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    try {
      // Nobody reads its stdout until the recording has ended.
      await eventually(() => taskFolders(folder.path).length === 1, 'a task');
      const manifest = join(folder.path, taskFolders(folder.path)[0] ?? '', 'task.json');
      await eventually(() => existsSync(manifest), 'a manifest');
      await eventually(() => readFileSync(manifest, 'utf8').includes('"done"'), 'the end of the recording');
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1])).toBeLessThan(150_000);
      // A pipe gets it all in the end.
      let bytes = 0;
      child.stdout.on('data', (piece: Buffer) => (bytes += piece.length));
      expect(await withDeadline(exited, () => `the end, after ${bytes} bytes`)).toBe(0);
      expect(bytes).toBe(200_000_000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('streams that are closed, full or empty', () => {
  const through = async (folder: string, redirections: string, script = 'echo shown'): Promise<PipedRun> =>
    runPiped('sh', ['-c', `"$@" ${redirections}`, 'sh', process.execPath, ORCH, ...recordScript(folder, script)]);

  test.each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-', '< /dev/null > /dev/null', '< /dev/zero', '2> /dev/full'])(
    'with %s the agent runs and is recorded',
    async (redirections) => {
      using folder = temporaryFolder();
      const { code } = await through(folder.path, redirections);
      expect(code).toBe(0);
      expect(onlyTask(folder.path).log.toString()).toBe('shown\r\n');
    },
  );

  test('a folder for stdin is an empty input', async () => {
    using folder = temporaryFolder();
    expect((await through(folder.path, '< /', 'cat; echo over')).code).toBe(0);
    expect(onlyTask(folder.path).log.toString()).toMatch(/over\r\n$/);
  });

  test('a file for stdin is typed whole, then its end', async () => {
    using folder = temporaryFolder();
    const { stdout } = await through(folder.path, '< /etc/passwd', 'sha256sum');
    expect(stdout.toString()).toContain(sha256(readFileSync('/etc/passwd')));
  });

  test('as a background job of a script it runs like any other', async () => {
    using folder = temporaryFolder();
    const line = '"$@" & wait $!; echo "code $?"';
    const args = ['-c', line, 'sh', process.execPath, ORCH, ...recordScript(folder.path, 'echo job; exit 5')];
    const { stdout } = await runPiped('sh', args);
    expect(stdout.toString()).toBe('job\ncode 5\n');
  });
});
