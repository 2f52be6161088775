import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processStart } from '../../src/store/layout/process-identity.js';
import { runCli } from '../fixtures/cli.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const running = { status: 'running', pid: process.pid, pidStart: processStart(process.pid) ?? '' } as const;
const ESCAPES = '\x1b[31mred\x1b[0m \x1b[c\x1b]0;title\x07\x1b]52;c;aGk=\x07\x9b\r\n';

/** A folder with an .agent in it. */
function project() {
  const home = temporaryFolder();
  const agent = join(home.path, '.agent');
  mkdirSync(agent);
  return {
    cwd: home.path,
    agent,
    [Symbol.dispose]: () => {
      home[Symbol.dispose]();
    },
  };
}

describe('orch ls', () => {
  test('lists the newest first, aligned, in plain text on a pipe', async () => {
    using home = project();
    writeTask(home.agent, { id: 'task-1000-1', log: 'x'.repeat(1234), manifest: { name: '夜間', backend: 'demo' } });
    writeTask(home.agent, {
      id: 'task-2000-1',
      manifest: { status: 'failed', exit: { code: 3, signal: 0 }, argv: ['sh', '-c', 'exit 3'] },
    });
    writeTask(home.agent, { id: 'task-3000-1', manifest: { status: 'failed', exit: { code: 0, signal: 9 } } });
    const { code, stdout, stderr } = await runCli(['ls'], home);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'TASK          NAME   STATUS           STARTED   DURATION   BYTES    BACKEND   COMMAND',
        'task-3000-1          failed SIGKILL   1h ago    10s        0 B      command   make test',
        "task-2000-1          failed 3         1h ago    10s        0 B      command   sh -c 'exit 3'",
        'task-1000-1   夜間   done             1h ago    10s        1.2 kB   demo      make test',
        '',
      ].join('\n'),
    );
  });

  test('a name or a command that is a book does not make it one', async () => {
    using home = project();
    writeTask(home.agent, { manifest: { name: 'n'.repeat(100_000), argv: ['claude', 'word '.repeat(200_000)] } });
    const { stdout } = await runCli(['ls'], home);
    expect(stdout.length).toBeLessThan(1000);
    expect((await runCli(['ls', '--json'], home)).stdout.length).toBeGreaterThan(1_100_000);
  });

  test('shows of a command what was asked, and show the arguments as they were', async () => {
    using home = project();
    writeTask(home.agent, { manifest: { argv: ['node', 'agent.js', '--', 'mend it'], shown: ['demo', 'mend it'] } });
    expect((await runCli(['ls'], home)).stdout).toMatch(/ demo 'mend it'\n$/);
    expect((await runCli(['show'], home)).stdout).toMatch(/^Command +node agent\.js -- 'mend it'$/m);
  });

  test('tells running from lost', async () => {
    using home = project();
    writeTask(home.agent, { id: 'task-1000-1', log: '', manifest: running });
    writeTask(home.agent, { id: 'task-2000-1', log: '', manifest: { ...running, pidStart: 'another boot:1' } });
    const tasks = JSON.parse((await runCli(['ls', '--json'], home)).stdout) as unknown;
    expect(tasks).toMatchObject([
      { id: 'task-2000-1', status: 'lost' },
      { id: 'task-1000-1', status: 'running' },
    ]);
  });

  test('says what is wrong with a task it cannot read, and goes on', async () => {
    using home = project();
    writeTask(home.agent, { id: 'task-1000-1' });
    mkdirSync(join(home.agent, 'task-2000-1'));
    const { code, stdout, stderr } = await runCli(['ls'], home);
    expect(code).toBe(4);
    expect(stdout).toMatch(/task-2000-1 +unreadable .*\ntask-1000-1 +done /);
    expect(stderr).toMatch(/^orch: .*task-2000-1\/task\.json .* there is none — .*\n$/);
    const json = JSON.parse((await runCli(['ls', '--json'], home)).stdout) as unknown;
    expect(json).toMatchObject([{ id: 'task-2000-1', status: 'unreadable' }, { id: 'task-1000-1' }]);
  });

  test('what a task is called can do nothing to the terminal', async () => {
    using home = project();
    writeTask(home.agent, { manifest: { name: 'a\x1b]0;t\x07\x9bc', argv: ['x\ny'] } });
    for (const argv of [['ls'], ['ls', '--json'], ['show'], ['show', '--json']]) {
      const { stdout } = await runCli(argv, home);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    }
  });

  test('lines fit the terminal, and colours are for terminals unless somebody says otherwise', async () => {
    using home = project();
    writeTask(home.agent, { manifest: { argv: ['make', 'x'.repeat(200)] } });
    const terminal = await runCli(['ls'], { ...home, columns: 80 });
    expect(terminal.stdout).toContain('\x1b[32mdone\x1b[0m');
    const lines = terminal.stdout
      .replaceAll(/\x1b\[\d+m/g, '')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => line.length)).toEqual([lines[0]?.length, 80]);
    const coloured = async (argv: string[], env: Record<string, string>, columns?: number): Promise<boolean> => {
      const options = columns === undefined ? { ...home, env } : { ...home, env, columns };
      return (await runCli(['ls', ...argv], options)).stdout.includes('\x1b');
    };
    expect(await coloured([], { NO_COLOR: '1' }, 80)).toBe(false);
    expect(await coloured([], { NO_COLOR: '' }, 80)).toBe(true);
    expect(await coloured([], { TERM: 'dumb' }, 80)).toBe(false);
    expect(await coloured([], {})).toBe(false);
    expect(await coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
    expect(await coloured([], { FORCE_COLOR: '0' }, 80)).toBe(false);
    expect(await coloured(['--color', 'never'], { FORCE_COLOR: '1' }, 80)).toBe(false);
    expect(await coloured(['--color=always'], { NO_COLOR: '1' })).toBe(true);
  });

  test('of an empty folder says so, and of none that there is none', async () => {
    using home = project();
    expect(await runCli(['ls'], home)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/no tasks yet/) as string,
    });
    expect((await runCli(['ls', '--json'], home)).stdout).toBe('[]\n');
    rmSync(home.agent, { recursive: true });
    expect(await runCli(['ls'], home)).toMatchObject({ code: 3, stdout: '' });
  });

  test('ORCH_DIR and --dir name another folder, --dir before ORCH_DIR, and an empty ORCH_DIR none', async () => {
    using home = project();
    writeTask(join(home.cwd, 'a'), { id: 'task-1000-1' });
    writeTask(join(home.cwd, 'b'), { id: 'task-2000-1' });
    const ids = async (argv: string[], dir: string): Promise<string> =>
      (await runCli(['ls', '--json', ...argv], { ...home, env: { ORCH_DIR: dir } })).stdout;
    expect(await ids([], 'a')).toContain('task-1000-1');
    expect(await ids(['--dir', 'b'], 'a')).toContain('task-2000-1');
    expect(await ids([], '')).toBe('[]\n');
  });
});

describe('orch show', () => {
  test('shows what is known of a task', async () => {
    using home = project();
    const { path } = writeTask(home.agent, {
      log: 'x'.repeat(2000),
      manifest: { name: 'nightly', sha256: 'a'.repeat(64) },
    });
    writeFileSync(
      join(path, 'backend.idx'),
      '{"v":1,"start":"2026-01-02T03:04:05.678Z","size":{"cols":80,"rows":24}}\n[5,"r",7,90,30]\n',
    );
    const { code, stdout, stderr } = await runCli(['show', 'nightly'], home);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.replace(path, '<folder>')).toMatchInlineSnapshot(`
      "Task        task-1767323045-1
      Status      done
      Name        nightly
      Backend     command
      Command     make test
      Started in  /project
      Started     2026-01-02T03:04:05.678Z (1h ago)
      Ended       2026-01-02T03:04:15.678Z
      Duration    10s
      Terminal    80x24
      Recorder    orch 0.1.0, pid 4242
      SHA-256     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      Recording   2000 bytes (2.0 kB)
      Resizes     1
      Index       whole
      Events      0
      Folder      <folder>
      "
    `);
  });

  test('ends with 4 when something is missing, and says what', async () => {
    using home = project();
    const gaps = [{ offset: 100, bytes: 50, reason: 'ENOSPC: no space left on device' }];
    writeTask(home.agent, { log: 'x', manifest: { gaps } });
    const { code, stdout } = await runCli(['show', 'latest'], home);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^Gap +50 bytes at 100: ENOSPC: no space left on device$/m);
    expect(stdout).toMatch(/^Index +rebuilt from events\.jsonl, because it is missing; times are coarse$/m);
  });

  test('a task that is still running lacks nothing', async () => {
    using home = project();
    const { path } = writeTask(home.agent, { log: 'so far', manifest: { ...running, bytes: 0 } });
    writeFileSync(
      join(path, 'backend.idx'),
      '{"v":1,"start":"2026-01-02T03:04:05.678Z","size":{"cols":80,"rows":24}}\n',
    );
    const { code, stdout } = await runCli(['show'], home);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Status +running$/m)]);
  });

  test('a task that cannot be read is shown as far as it can', async () => {
    using home = project();
    mkdirSync(join(home.agent, 'task-1000-1'));
    writeFileSync(join(home.agent, 'task-1000-1', 'task.json'), '{"v":9}');
    const { code, stdout } = await runCli(['show', '1000'], home);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^Status +unreadable\nWhy .* version 9, /m);
  });

  test('an unknown task ends with 3, an ambiguous one with 2', async () => {
    using home = project();
    for (const id of ['task-1000-1', 'task-1000-2']) writeTask(home.agent, { id });
    expect(await runCli(['show', 'absent'], home)).toMatchObject({ code: 3, stdout: '' });
    expect(await runCli(['show', '1000'], home)).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('orch logs', () => {
  test('-o raw gives the exact bytes', async () => {
    using home = project();
    const log = Buffer.from(Array.from({ length: 1024 }, (_, at) => at % 256));
    writeTask(home.agent, { log });
    const { code, bytes, stderr } = await runCli(['logs', 'latest', '--backend', '-o', 'raw'], home);
    expect([code, stderr]).toEqual([0, '']);
    expect(bytes).toEqual(log);
  });

  test('without it nothing reaches the terminal that it would answer or obey', async () => {
    using home = project();
    writeTask(home.agent, { log: ESCAPES });
    const { code, stdout } = await runCli(['logs', '--backend'], { ...home, columns: 80 });
    expect(code).toBe(0);
    expect(stdout).toContain('\x1b[31mred\x1b[0m');
    expect(stdout).not.toMatch(/\x1b\[c|\x1b\]|\x9b/);
  });

  test('--no-ansi gives text as it was read, at the sizes it was printed for', async () => {
    using home = project();
    const { path } = writeTask(home.agent, {
      log: `${'x'.repeat(20)}\r\n10%\r100%\r\n${ESCAPES}`,
      manifest: { size: { cols: 10, rows: 5 } },
    });
    writeFileSync(
      join(path, 'backend.idx'),
      '{"v":1,"start":"2026-01-02T03:04:05.678Z","size":{"cols":10,"rows":5}}\n[5,"r",22,90,30]\n',
    );
    const { code, stdout, stderr } = await runCli(['logs', '--no-ansi'], home);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^x{20}\n100%\nred *\S*\n$/);
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('bytes that are missing are told with their place, and the rest is printed', async () => {
    using home = project();
    const folder = writeTask(home.agent, {
      log: 'after',
      manifest: { bytes: 60 },
      events: [{ type: 'rotate', offset: 50, reason: 'ENOSPC: no space left on device' }],
    });
    writeFileSync(join(folder.path, 'backend.0000000000000000.log'), 'before');
    expect(await runCli(['logs', '-o', 'raw'], home)).toMatchObject({
      code: 4,
      stdout: 'beforeafter',
      stderr:
        'orch: 44 bytes at offset 6 are missing from the recording\norch: 5 bytes at offset 55 are missing from the recording\n',
    });
  });

  test('a task whose manifest is damaged still gives its log, and says so', async () => {
    using home = project();
    const folder = writeTask(home.agent, { log: 'all there' });
    rmSync(join(folder.path, 'task.json'));
    for (const argv of [['logs'], ['logs', '--no-ansi']]) {
      const { code, stdout, stderr } = await runCli(argv, home);
      expect([code, stdout.trimEnd()]).toEqual([4, 'all there']);
      expect(stderr).toMatch(/^orch: .*task\.json .*there is none.*\n$/);
    }
  });

  test('a missing log is one clear line', async () => {
    using home = project();
    writeTask(home.agent, {});
    expect(await runCli(['logs'], home)).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^orch: .* backend\.log is missing — /) as string,
    });
  });

  test('a reader that goes away ends it quietly', async () => {
    using home = project();
    writeTask(home.agent, { log: 'text' });
    for (const argv of [['logs'], ['ls'], ['show'], ['--help']]) {
      expect(await runCli(argv, { ...home, stdoutFails: 'EPIPE' })).toMatchObject({
        code: 0,
        stderr: '',
        listeners: 0,
      });
    }
    expect(await runCli(['logs'], { ...home, stdoutFails: 'EIO' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EIO') as string,
    });
  });

  test('Ctrl-C ends it with 130, between two lines, and with the colours turned off', async () => {
    using home = project();
    writeTask(home.agent, { log: '\x1b[31mred line\r\n'.repeat(30_000) });
    const result = await runCli(['logs', '-n', 'all', '--pager', 'never'], {
      ...home,
      columns: 80,
      onWrite: (signals) => {
        signals.send('SIGINT');
      },
    });
    expect(result).toMatchObject({ code: 130, stderr: '', listeners: 0 });
    expect(result.stdout.split('\n').length).toBeLessThan(29_000);
    expect(result.stdout.endsWith('\x1b[31mred line\x1b[0m\n')).toBe(true);
  });
});
