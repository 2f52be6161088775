import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { processStart } from '../../src/store/layout/process-identity.js';

interface Recorder extends Disposable {
  readonly pid: number;
  readonly ended: Promise<number>;
  until(text: string): Promise<void>;
}

/** Records a shell script, as a process of its own. */
function record(folder: string, script: string, ...flags: readonly string[]): Recorder {
  const args = [ORCH, 'run', '-o', 'raw', '--dir', folder, ...flags, '--', 'sh', '-c', script];
  const child = spawn(process.execPath, args, { env: testEnvironment(), stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  return {
    pid: child.pid ?? 0,
    ended: once(child, 'exit').then(([code]: unknown[]) => Number(code ?? -1)),
    until: (text) => eventually(() => stdout.includes(text), text),
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}

const orch = (folder: string, ...args: readonly string[]): Promise<PipedRun> => runOrch([...args, '--dir', folder]);
const lives = (pid: number): boolean => processStart(pid) !== undefined;

/** Kills the orch that records `script`, whose agent hangup does not end; gives the agent's pid. */
async function orphan(folder: string, script: string): Promise<number> {
  using recorder = record(folder, `trap "" HUP; ${script}`);
  await recorder.until('ready');
  process.kill(recorder.pid, 'SIGKILL');
  await recorder.ended;
  return onlyTask(folder).manifest.agent?.pid ?? 0;
}

describe('an agent that outlives its orch', () => {
  test('is told of by ls and show, stays when tasks are pruned, and is ended by the name of its task', async () => {
    using folder = temporaryFolder();
    const pid = await orphan(folder.path, 'echo ready; while :; do sleep 0.05; done');
    expect(lives(pid)).toBe(true);
    expect((await orch(folder.path, 'ls')).stdout.toString()).toContain(`lost (process ${pid} lives)`);
    expect(JSON.parse((await orch(folder.path, 'ls', '--json')).stdout.toString())).toMatchObject([
      { status: 'lost', running: false, livingPid: pid },
    ]);
    const shown = (await orch(folder.path, 'show')).stdout.toString();
    expect(shown).toMatch(new RegExp(`^Status +lost \\(process ${pid} lives\\)$`, 'm'));
    expect(shown).toMatch(new RegExp(`^Agent +pid ${pid}, .*orch stop ends it$`, 'm'));
    const pruned = await orch(folder.path, 'prune', '--keep', '0');
    expect(pruned.stderr).toMatch(/stays: its agent outlived its orch; orch stop ends it\n$/);
    const { code, stdout } = await orch(folder.path, 'stop', 'latest');
    expect([code, stdout.toString()]).toEqual([
      0,
      `${taskFolders(folder.path)[0]} lost: its process ${pid} was ended\n`,
    ]);
    expect(lives(pid)).toBe(false);
    expect((await orch(folder.path, 'ls')).stdout.toString()).toMatch(/ lost {2,}/);
    expect((await orch(folder.path, 'stop', 'latest')).stdout.toString()).toMatch(/ lost\n$/);
  });

  test('and SIGTERM, too, is killed, with the processes it started', async () => {
    using folder = temporaryFolder();
    const loop = 'while :; do sleep 0.05; done';
    const pid = await orphan(folder.path, `trap "" TERM; (${loop}) & echo "child $!"; echo ready; ${loop}`);
    const child = Number(/child (\d+)/.exec(onlyTask(folder.path).log.toString())?.[1]);
    const { code, stdout } = await orch(folder.path, 'stop', '--kill-after', '0.1', 'latest');
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/ was killed\n$/)]);
    expect([lives(pid), lives(child)]).toEqual([false, false]);
  });
});

describe('a task that runs and is stopped', () => {
  test('ends as by SIGTERM to its orch, which notes what came of it', async () => {
    using folder = temporaryFolder();
    using recorder = record(
      folder.path,
      'trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.02; done',
      '--name',
      'it',
    );
    await recorder.until('ready');
    const { code, stdout } = await orch(folder.path, 'stop', 'it');
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^task-\S+ failed 7 after \S+\n$/)]);
    expect(await recorder.ended).toBe(7);
    expect(onlyTask(folder.path).log.toString()).toMatch(/\r\nbye\r\n$/);
    expect((await orch(folder.path, 'stop', 'it')).stdout.toString()).toBe(stdout.toString());
  });

  test('is killed when it has not ended in time, and its orch is not', async () => {
    using folder = temporaryFolder();
    const script = 'trap "" TERM; echo ready; while :; do sleep 0.02; done';
    using recorder = record(folder.path, script, '--kill-after', '1h');
    await recorder.until('ready');
    const { code, stdout } = await orch(folder.path, 'stop', '--kill-after', '0.1', 'latest');
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/ failed SIGKILL after /)]);
    expect(await recorder.ended).toBe(137);
  });
});

test('only tasks that there are can be stopped, and at least one is to be named', async () => {
  using folder = temporaryFolder();
  using recorder = record(folder.path, 'echo ready; sleep 60');
  await recorder.until('ready');
  expect((await orch(folder.path, 'stop', 'none')).code).toBe(3);
  expect((await orch(folder.path, 'stop')).code).toBe(2);
  expect((await orch(folder.path, 'ls')).stdout.toString()).not.toMatch(/ (failed|lost) /);
});
