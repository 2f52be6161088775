import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { taskFolders } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { RunningTask } from '../fixtures/running-task.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const HOUR = 3_600_000;
const mayMount = (await runPiped('sh', ['-c', 'unshare -rm true'])).code === 0;

/** A task that ended so many hours ago, and half a minute more. */
function endedTask(agentDir: string, id: string, hours: number): string {
  const ended = Date.now() - hours * HOUR - 30_000;
  const manifest = { started: new Date(ended - HOUR).toISOString(), ended: new Date(ended).toISOString() };
  return writeTask(agentDir, { id, log: 'hello\r\n', manifest }).path;
}

/** Four tasks, the oldest first: of three days, of one day, of an hour, and one that has only just ended. */
function someTasks(agentDir: string): void {
  for (const [at, hours] of [73, 25, 1, 0].entries()) endedTask(agentDir, `task-1767323045-${at + 1}`, hours);
}

/** The numbers of the tasks in a folder. */
function left(agentDir: string): string {
  const names = readdirSync(agentDir).filter((name) => name !== '.gitignore');
  return names.map((name) => name.replace(/^task-1767323045-/, '')).join(' ');
}

function prune(folder: string, ...flags: readonly string[]) {
  return runOrch(['prune', '--dir', folder, ...flags], { cwd: folder });
}

describe('orch prune', () => {
  test('removes what ended longer ago, a line each and a total; --dry-run prints the same and removes nothing', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    const dry = await prune(folder.path, '--older-than', '1d', '--dry-run');
    expect([dry.code, dry.stderr, left(folder.path)]).toEqual([0, '', '1 2 3 4']);
    const { code, stdout, stderr } = await prune(folder.path, '--older-than', '1d');
    expect([code, stderr, left(folder.path)]).toEqual([0, '', '3 4']);
    expect(
      stdout
        .toString()
        .replaceAll(/\d+(\.\d)? k?B$/gm, 'SIZE')
        .split('\n'),
    ).toEqual([
      'task-1767323045-1 done, 3 days old, SIZE',
      'task-1767323045-2 done, 1 day old, SIZE',
      '2 tasks, SIZE',
      '',
    ]);
    expect(dry.stdout.toString()).toBe(stdout.toString());
  });

  test('keeps the newest that have ended, and any that run', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    new RunningTask(folder.path, { id: 'task-1767323045-0' });
    expect((await prune(folder.path, '--keep', '2')).code).toBe(0);
    expect(left(folder.path)).toBe('0 3 4');
    expect((await prune(folder.path, '--keep', '0')).stdout.toString()).toMatch(/\n2 tasks, /);
    expect(left(folder.path)).toBe('0');
    expect((await prune(folder.path, '--keep', '0', '--older-than', '0')).stdout.toString()).toBe('0 tasks, 0 B\n');
  });

  test('says what it passed over, and why', async () => {
    using folder = temporaryFolder();
    new RunningTask(folder.path, { id: 'task-1767323045-1' });
    const lost = { status: 'running', pid: 1, pidStart: 'of another boot' } as const;
    writeTask(folder.path, { id: 'task-1767323045-2', log: 'x', manifest: lost });
    const newer = writeTask(folder.path, { id: 'task-1767323045-3', log: 'x' });
    writeFileSync(join(newer.path, 'task.json'), '{"v":9}');
    endedTask(folder.path, 'task-1767323045-4', 1);
    const { code, stdout, stderr } = await prune(folder.path, '--keep', '0');
    expect([code, left(folder.path)]).toEqual([0, '1 2 3']);
    expect(stdout.toString()).toMatch(/^task-1767323045-4 done, .*\n1 task, /);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      expect.stringMatching(/^orch: task-1767323045-1 stays: it runs$/),
      expect.stringMatching(/^orch: task-1767323045-2 stays: it is unfinished and was written to in the last minute/),
      expect.stringMatching(/^orch: task-1767323045-3 stays: .* newer orch/),
    ]);
  });

  test('goes by both flags where both are given', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    expect((await prune(folder.path, '--keep', '3', '--older-than', '30m')).code).toBe(0);
    expect(left(folder.path)).toBe('4');
  });

  test('without flags does what orch.yml says, and with them only what they say', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, '.agent');
    mkdirSync(agentDir);
    someTasks(agentDir);
    writeFileSync(join(folder.path, 'orch.yml'), 'retention: {maxAge: 2h, maxTotalSize: 100GB}\n');
    expect((await runOrch(['prune', '--keep', '3'], { cwd: folder.path })).code).toBe(0);
    expect(left(agentDir)).toBe('2 3 4');
    expect((await runOrch(['prune'], { cwd: folder.path })).code).toBe(0);
    expect(left(agentDir)).toBe('3 4');
    writeFileSync(join(folder.path, 'orch.yml'), 'retention: {maxTotalSize: 1kB}\n');
    expect((await runOrch(['prune'], { cwd: folder.path })).code).toBe(0);
    expect(left(agentDir)).toBe('');
  });

  test('says what to give where nothing says which tasks to remove', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    for (const flags of [[], ['--dry-run']]) {
      expect(await prune(folder.path, ...flags)).toMatchObject({
        code: 2,
        stderr:
          'orch: nothing says which tasks to remove — give --older-than 7d or --keep 20, or set retention in orch.yml\n',
      });
    }
    expect(left(folder.path)).toBe('1 2 3 4');
  });

  test('finishes what one that was killed has left, and leaves alone what another is at', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    const now = `.gone-task-1767323045-2-${Math.floor(Date.now() / 1000)}-x`;
    renameSync(join(folder.path, 'task-1767323045-1'), join(folder.path, '.gone-task-1767323045-1-1767323045-x'));
    renameSync(join(folder.path, 'task-1767323045-2'), join(folder.path, now));
    const ls = await runOrch(['ls', '--json', '--dir', folder.path]);
    expect(JSON.parse(ls.stdout.toString())).toHaveLength(2);
    const { code, stdout } = await prune(folder.path, '--keep', '9');
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^task-1767323045-1 partly removed before, .*\n1 task, /);
    expect(left(folder.path)).toBe(`${now} 3 4`);
  });

  test('twice at once removes each of a hundred tasks once, while others look', async () => {
    using folder = temporaryFolder();
    for (let n = 1; n <= 100; n++) endedTask(folder.path, `task-1767323045-${n}`, n);
    const looks = ['ls', 'show'].map((name) => runOrch([name, '--dir', folder.path]));
    const [one, other] = await Promise.all([1, 2].map(() => prune(folder.path, '--keep', '5')));
    expect([one?.code, one?.stderr, other?.code, other?.stderr]).toEqual([0, '', 0, '']);
    const lines = `${one?.stdout.toString() ?? ''}${other?.stdout.toString() ?? ''}`.match(/^task-\S+/gm) ?? [];
    expect([lines.length, new Set(lines).size]).toEqual([95, 95]);
    expect(left(folder.path)).toBe('1 2 3 4 5');
    for (const { stderr } of await Promise.all(looks)) expect(stderr).toBe('');
  });

  test('beside runs that start removes none of them, and none fails', async () => {
    using folder = temporaryFolder();
    const runs = Array.from({ length: 6 }, () => runOrch(['run', '-q', '--dir', folder.path, '--', 'sleep', '1']));
    const rounds = { more: true, failed: [] as string[] };
    const pruning = (async () => {
      while (rounds.more) {
        const { code, stderr } = await prune(folder.path, '--older-than', '0', '--keep', '50');
        if (code !== 0) rounds.failed.push(stderr);
      }
    })();
    const codes = (await Promise.all(runs)).map(({ code }) => code);
    rounds.more = false;
    await pruning;
    expect([codes, rounds.failed]).toEqual([[0, 0, 0, 0, 0, 0], []]);
  });
});

describe('a task that is removed', () => {
  test('while logs -f prints it is printed to its end, and that is said', async () => {
    using folder = temporaryFolder();
    const log = Array.from({ length: 100_000 }, (_, n) => `line ${n}\r\n`).join('');
    writeTask(folder.path, { id: 'task-1767323045-1', log });
    const args = [ORCH, 'logs', '-f', '-n', 'all', '--backend', '--dir', folder.path];
    const child = spawn(process.execPath, args, { env: testEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const stderr: Buffer[] = [];
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
    const closed = once(child, 'close');
    await once(child.stdout, 'readable');
    expect((await prune(folder.path, '--keep', '0')).stdout.toString()).toMatch(/\n1 task, /);
    const stdout = (await child.stdout.toArray()) as Buffer[];
    expect(Buffer.concat(stdout).toString()).toBe(log.replaceAll('\r', ''));
    expect([await closed, Buffer.concat(stderr).toString()]).toEqual([
      [0, null],
      'orch: task-1767323045-1 was removed\n',
    ]);
  });

  test('while logs -f waits for more of it ends that', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    await using logs = startOrch(['logs', '-f', '-n', 'all', '--dir', folder.path]);
    logs.read();
    task.print('hello\r\n');
    await logs.waitFor('hello');
    task.end();
    expect((await prune(folder.path, '--keep', '0')).code).toBe(0);
    expect([0, 4]).toContain(await logs.end());
    expect(left(folder.path)).toBe('');
  });
});

describe('retention in orch.yml', () => {
  /** A folder with recordings and an orch.yml. */
  function prepared(folder: string, retention: string): string {
    const agentDir = join(folder, '.agent');
    mkdirSync(agentDir);
    someTasks(agentDir);
    writeFileSync(join(folder, 'orch.yml'), `retention: ${retention}\n`);
    return agentDir;
  }

  /** What the newest task in the folder says of it. */
  function noted(agentDir: string): { log: readonly string[]; events: readonly unknown[] } {
    const [id = ''] = taskFolders(agentDir).slice(-1);
    const read = (name: string): string[] =>
      readFileSync(join(agentDir, id, name), 'utf8')
        .split('\n')
        .slice(0, -1);
    const events = read('events.jsonl').map((line) => JSON.parse(line) as { type: string });
    return {
      log: read('task.log').flatMap((line) => /^\S+ (.*retention.*)$/.exec(line)?.[1] ?? []),
      events: events.filter(({ type }) => type === 'prune'),
    };
  }

  test('is applied when a run starts, which notes what went; what is shown says nothing of it', async () => {
    using folder = temporaryFolder();
    const agentDir = prepared(folder.path, '{maxAge: 1d, maxTasks: 1}');
    const { code, stdout, stderr } = await runOrch(['run', '--', 'echo', 'hi'], { cwd: folder.path });
    expect([code, stdout.toString(), stderr.split('\n')]).toEqual([0, 'hi\n', [expect.stringMatching(/done/), '']]);
    expect(left(agentDir)).toMatch(/^4 task-\d+-1$/);
    const { log, events } = noted(agentDir);
    expect(events).toMatchObject([{ tasks: 3, bytes: expect.any(Number) as number }]);
    expect(log).toEqual([
      expect.stringMatching(
        /^INFO {2}retention removed 3 tasks, .*: \S+-1 \(maxAge\), \S+-2 \(maxAge\), \S+-3 \(maxTasks\)$/,
      ),
    ]);
    expect((await runOrch(['logs'], { cwd: folder.path })).stdout.toString()).toContain('retention removed 3 tasks');
  });

  test('is applied while the agent still runs, and leaves it alone whatever the limits', async () => {
    using folder = temporaryFolder();
    const agentDir = prepared(folder.path, '{maxTotalSize: 1B}');
    await using run = startOrch(['run', '--', 'sh', '-c', 'read -r line; echo $line'], folder.path);
    run.read();
    await eventually(() => /^task-\d+-1$/.test(left(agentDir)), 'the others are gone');
    await run.write('bye\n');
    expect(await run.end()).toBe(0);
    expect(left(agentDir)).toMatch(/^task-\d+-1$/);
  });

  test('that removes nothing notes nothing', async () => {
    using folder = temporaryFolder();
    const agentDir = prepared(folder.path, '{maxAge: 365d, maxTasks: 500, maxTotalSize: 1TB}');
    expect((await runOrch(['run', '-q', '--', 'true'], { cwd: folder.path })).code).toBe(0);
    expect(noted(agentDir)).toEqual({ log: [], events: [] });
  });

  test('is applied beside many runs, and leaves every one of them to be told of', async () => {
    using folder = temporaryFolder();
    const agentDir = prepared(folder.path, '{maxTasks: 1}');
    writeFileSync(join(folder.path, 'todo.yml'), '- command: ["true"]\n'.repeat(6));
    const args = ['run', '--prompts', 'todo.yml', '--parallel', '2'];
    const { code, stderr } = await runOrch(args, { cwd: folder.path });
    expect([code, stderr.match(/^task-\d+-\d+ +done/gm)?.length]).toEqual([0, 6]);
    expect(taskFolders(agentDir).filter((id) => !id.startsWith('task-1767323045-'))).toHaveLength(6);
    expect(left(agentDir)).not.toMatch(/^[123] /);
  });

  test.skipIf(!mayMount)('that fails stops no run, and is noted', async () => {
    using folder = temporaryFolder();
    const agentDir = prepared(folder.path, '{maxTasks: 1}');
    // A folder that something is mounted on cannot be renamed.
    const mounted = join(agentDir, 'task-1767323045-2');
    const shell = `mount --bind "$0" "$0" && cd "$1" && shift && exec "$@"`;
    const run = ['unshare', '-rm', 'sh', '-c', shell, mounted, folder.path, process.execPath, ORCH, 'run', '-q'];
    const { code, stderr } = await runPiped('env', [...run, '--', 'true']);
    expect([code, stderr]).toEqual([0, '']);
    expect(left(agentDir)).toMatch(/^2 4 task/);
    expect(noted(agentDir).log).toEqual([
      'WARN  retention cannot remove task-1767323045-2: EBUSY: resource busy or locked',
      expect.stringContaining('retention removed 2 tasks'),
    ]);
  });
});

describe.skipIf(!mayMount)('what cannot be removed', () => {
  function pruneMounted(mount: string, folder: string, at: string) {
    const shell = `mount --bind "$0" "$0" && ${mount} && shift && exec "$@"`;
    const command = [process.execPath, ORCH, 'prune', '--keep', '1', '--dir', folder];
    return runPiped('unshare', ['-rm', 'sh', '-c', shell, at, at, ...command]);
  }

  test('is said, a line each, with exit code 1, and the others go', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    const busy = join(folder.path, 'task-1767323045-2');
    const { code, stdout, stderr } = await pruneMounted('true', folder.path, busy);
    expect([code, stderr]).toEqual([1, 'orch: task-1767323045-2 cannot be removed: EBUSY: resource busy or locked\n']);
    expect(stdout.toString()).toMatch(/^\S+-1 done.*\n\S+-3 done.*\n2 tasks, /);
    expect(left(folder.path)).toBe('2 4');
  });

  test('of a folder that is read-only is every task', async () => {
    using folder = temporaryFolder();
    someTasks(folder.path);
    const { code, stdout, stderr } = await pruneMounted('mount -o remount,bind,ro "$0"', folder.path, folder.path);
    expect([code, stdout.toString()]).toEqual([1, '0 tasks, 0 B\n']);
    expect(stderr.split('\n')).toEqual([
      ...[1, 2, 3].map((n) => `orch: task-1767323045-${n} cannot be removed: EROFS: read-only file system`),
      '',
    ]);
    expect(left(folder.path)).toBe('1 2 3 4');
  });
});
