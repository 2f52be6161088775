import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../src/store/layout/manifest-reader.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import { onlyTask } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { ORCH, type PipedRun, runOrch, runPiped } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const isRoot = geteuid?.() === 0;

const orch = (folder: string, ...args: readonly string[]): Promise<PipedRun> => runOrch([...args, '--dir', folder]);

/** The tasks in a folder, by the last number of each. */
function left(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name !== '.gitignore')
    .map((name) => name.replace(/^task-1767323045-/, ''))
    .sort()
    .join(' ');
}

function ended(folder: string, n: number, name?: string): string {
  return writeTask(folder, { id: `task-1767323045-${n}`, log: 'x', manifest: name === undefined ? {} : { name } }).path;
}

describe('orch rm', () => {
  test('removes tasks by id, its beginning, name and latest, a line each, each once', async () => {
    using folder = temporaryFolder();
    for (const n of [1, 2, 3, 4]) ended(folder.path, n, n === 2 ? 'it' : undefined);
    const names = ['task-1767323045-1', '1767323045-3', 'it', 'latest', 'task-1767323045-4'];
    const { code, stdout, stderr } = await orch(folder.path, 'rm', ...names);
    expect([code, stderr, left(folder.path)]).toEqual([0, '', '']);
    expect(stdout.toString().replaceAll(/\d+(\.\d)? k?B$/gm, 'SIZE')).toBe(
      [1, 3, 2, 4].map((n) => `task-1767323045-${n} removed, SIZE\n`).join(''),
    );
  });

  test('of several names removes what it can and says of each other why it stays, with exit code 1', async () => {
    using folder = temporaryFolder();
    for (const n of [1, 2, 4]) ended(folder.path, n, n === 4 ? undefined : 'twice');
    new RunningTask(folder.path, { id: 'task-1767323045-3' });
    const { code, stdout, stderr } = await orch(
      folder.path,
      'rm',
      'none',
      'task-1767323045-3',
      'twice',
      '1767323045-4',
    );
    expect([code, left(folder.path)]).toEqual([1, '1 2 3']);
    expect(stdout.toString()).toMatch(/^task-1767323045-4 removed, [^\n]*\n$/);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^orch: no task none — orch ls lists tasks; the newest: /),
      'orch: twice could mean any of: task-1767323045-2, task-1767323045-1 — give more of the id',
      'orch: task-1767323045-3 stays: it runs — orch rm --stop task-1767323045-3 ends it first',
      '',
    ]);
  });

  test('of one alone has the exit code of what is wrong', async () => {
    using folder = temporaryFolder();
    new RunningTask(folder.path, { id: 'task-1767323045-1' });
    expect((await orch(folder.path, 'rm', 'none')).code).toBe(3);
    expect((await orch(folder.path, 'rm', '')).code).toBe(3);
    expect((await orch(folder.path, 'rm', 'latest')).code).toBe(1);
    expect((await orch(folder.path, 'rm')).code).toBe(2);
    expect(left(folder.path)).toBe('1');
  });

  test('leaves alone what may run unseen, and removes what can be neither read nor running', async () => {
    using folder = temporaryFolder();
    const lost = { status: 'running', pid: 1, pidStart: 'of another boot' } as const;
    writeTask(folder.path, { id: 'task-1767323045-1', log: 'x', manifest: lost });
    const newer = writeTask(folder.path, { id: 'task-1767323045-2', log: 'x' });
    writeFileSync(join(newer.path, 'task.json'), '{"v":9}');
    const damaged = writeTask(folder.path, { id: 'task-1767323045-3', log: 'x' });
    writeFileSync(join(damaged.path, 'task.json'), '');
    const old = ['task.json', 'backend.log', ''].map((name) => join(damaged.path, name));
    await runPiped('touch', ['-d', '2 hours ago', ...old]);
    const names = [1, 2, 3].map((n) => `task-1767323045-${n}`);
    const { code, stdout, stderr } = await orch(folder.path, 'rm', ...names);
    expect([code, left(folder.path)]).toEqual([1, '1 2']);
    expect(stdout.toString()).toMatch(/^task-1767323045-3 removed/);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /-1 stays: it is unfinished and was written to in the last minute: .* — try again in a minute$/,
      ),
      expect.stringMatching(/-2 stays: a newer orch wrote it, .* — remove it with that$/),
      '',
    ]);
  });

  test('removes no link, and nothing through one', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, '.agent');
    mkdirSync(agentDir);
    const elsewhere = ended(folder.path, 1);
    symlinkSync(elsewhere, join(agentDir, 'task-1767323045-1'));
    const inside = ended(agentDir, 2);
    symlinkSync(elsewhere, join(inside, 'link'));
    const link = join(agentDir, 'task-1767323045-1');
    expect(await orch(agentDir, 'rm', 'task-1767323045-1')).toMatchObject({
      code: 2,
      stderr: `orch: ${link} is a symbolic link, and nothing is removed through one — remove the link with rm, or the task it points to where that is recorded, with --dir\n`,
    });
    expect((await orch(agentDir, 'rm', 'task-1767323045-2')).code).toBe(0);
    expect(readdirSync(agentDir)).toEqual(['task-1767323045-1']);
    expect(readdirSync(elsewhere)).toEqual(['backend.log', 'task.json']);
  });

  test.skipIf(!isRoot)('leaves what belongs to another user whole, and so does prune', async () => {
    using folder = temporaryFolder();
    const path = ended(folder.path, 1);
    chownSync(path, 12345, 12345);
    const rm = await orch(folder.path, 'rm', 'latest');
    expect([rm.code, rm.stderr]).toEqual([
      1,
      `orch: ${path} belongs to another user, and only that user may remove it — remove it as that user\n`,
    ]);
    const prune = await orch(folder.path, 'prune', '--keep', '0');
    expect([prune.code, prune.stderr]).toEqual([
      1,
      `orch: task-1767323045-1 cannot be removed: ${path} belongs to another user, and only that user may remove it\n`,
    ]);
    expect(readdirSync(path)).toEqual(['backend.log', 'task.json']);
  });

  test.skipIf(isRoot)('leaves whole what may not be written', async () => {
    using folder = temporaryFolder();
    const path = ended(folder.path, 1);
    chmodSync(path, 0o500);
    const { code, stderr } = await orch(folder.path, 'rm', 'latest');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/ stays: it cannot be removed: EACCES: permission denied/),
    ]);
    chmodSync(path, 0o700);
    expect(readdirSync(path)).toEqual(['backend.log', 'task.json']);
  });

  test('of a recording whose hash another process still computes leaves nothing behind', async () => {
    using folder = temporaryFolder();
    const flood = "yes 'all work and no play makes a dull recording' | head -c 40000000";
    const run = await runOrch(['run', '-q', '--dir', folder.path, '--', 'sh', '-c', flood]);
    expect(run.code).toBe(0);
    const { hashing } = readManifest(onlyTask(folder.path).folder);
    expect((await orch(folder.path, 'rm', 'latest')).code).toBe(0);
    if (hashing !== undefined)
      await eventually(() => processStart(hashing.pid) !== hashing.pidStart, 'the hash given up');
    expect(left(folder.path)).toBe('');
  });
});

describe('orch rm --stop', () => {
  test('ends those that run as orch stop does, and removes them', async () => {
    using folder = temporaryFolder();
    const script = 'trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.02; done';
    const run = await runOrch(['run', '-d', '--dir', folder.path, '--', 'sh', '-c', script]);
    const id = run.stdout.toString().trim();
    await eventually(() => onlyTask(folder.path).log.includes('ready'), 'ready');
    const pid = onlyTask(folder.path).manifest.agent?.pid ?? 0;
    ended(folder.path, 1);
    const refused = await orch(folder.path, 'rm', id);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `orch: ${id} stays: it runs — orch rm --stop ${id} ends it first\n`,
    ]);
    const { code, stdout, stderr } = await orch(folder.path, 'rm', '--stop', id, 'task-1767323045-1');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${id} failed 7 after `)),
      expect.stringMatching(new RegExp(`^${id} removed, `)),
      expect.stringMatching(/^task-1767323045-1 removed, /),
      '',
    ]);
    expect([left(folder.path), processStart(pid)]).toEqual(['', undefined]);
  });

  test('ends an agent that outlived its orch, which is named without it', async () => {
    using folder = temporaryFolder();
    const script = 'trap "" HUP; echo ready; while :; do sleep 0.05; done';
    const args = [ORCH, 'run', '-o', 'raw', '--dir', folder.path, '--', 'sh', '-c', script];
    const recorder = spawn(process.execPath, args, { env: testEnvironment(), stdio: ['ignore', 'pipe', 'ignore'] });
    const exited = once(recorder, 'exit');
    await once(recorder.stdout, 'data');
    recorder.kill('SIGKILL');
    await exited;
    const pid = onlyTask(folder.path).manifest.agent?.pid ?? 0;
    const refused = await orch(folder.path, 'rm', 'latest');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^orch: (task-\S+) stays: its agent outlived its orch — orch rm --stop \1 ends it first\n$/,
      ),
    ]);
    const { code, stderr } = await orch(folder.path, 'rm', '--stop', 'latest');
    expect([code, stderr, left(folder.path), processStart(pid)]).toEqual([0, '', '', undefined]);
  });

  test('ends no task that was not named, where one orch records both', async () => {
    using folder = temporaryFolder();
    for (const n of [1, 2]) new RunningTask(folder.path, { id: `task-1767323045-${n}` });
    ended(folder.path, 3);
    const { code, stderr } = await orch(folder.path, 'rm', '--stop', 'task-1767323045-1', 'task-1767323045-3');
    expect([code, left(folder.path)]).toEqual([1, '1 2']);
    expect(stderr).toMatch(/^orch: task-1767323045-1 runs in one orch with task-1767323045-2, and all would end/);
  });
});

test('what a killed remover left is not a task, and prune removes it', async () => {
  using folder = temporaryFolder();
  renameSync(ended(folder.path, 1), join(folder.path, '.gone-task-1767323045-1-1767323045-x'));
  expect((await orch(folder.path, 'rm', 'task-1767323045-1')).code).toBe(3);
  expect((await orch(folder.path, 'prune', '--keep', '0')).code).toBe(0);
  expect(left(folder.path)).toBe('');
});
