/** What an agent has started ends with it when it is stopped, or is named. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allTasks } from '../fixtures/agent-folder.js';
import { DetachedTask } from '../fixtures/detached-task.js';
import { eventually } from '../fixtures/eventually.js';
import { lives } from '../fixtures/processes.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Ignores all that asks it to end, and says which process it is. */
const STUBBORN = `trap "" TERM HUP INT; echo "child $$."; while :; do sleep 0.02; done`;

/** Starts an agent of this script, which starts a child, and gives the number of that. */
async function startWith(script: string, world: DetachedTask): Promise<number> {
  writeFileSync(join(world.path, 'child.sh'), STUBBORN);
  await world.startReady('--', 'sh', '-c', script.replaceAll('CHILD', `sh ${world.path}/child.sh`));
  const pid = (): number => Number(/child (\d+)\./.exec(world.task.log.toString())?.[1]);
  await eventually(() => pid() > 0, 'the child');
  return pid();
}

const stop = async (world: DetachedTask): Promise<string> => {
  const { code, stdout, stderr } = await world.orch(['stop', '--kill-after', '0.3', 'latest']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
};

describe.skipIf(process.platform !== 'linux')('orch stop', () => {
  test.each([
    ['ignores SIGTERM', 'CHILD & echo ready; wait'],
    ['and has a process group of its own', 'set -m; CHILD & echo ready; wait'],
    ['was stopped', 'CHILD & echo ready; sleep 0.1; kill -STOP $!; wait'],
    ['was left behind by the agent that goes on', '(CHILD & exit 0); echo ready; read -r line'],
  ])('ends a child that %s, and says so', async (_, script) => {
    await using world = new DetachedTask();
    const child = await startWith(script, world);
    expect(await stop(world)).toMatch(
      /^task-\S+ failed SIGTERM after \S+: its processe?s? [\d, ]+ (was|were) killed\n$/,
    );
    expect(lives(child)).toBe(false);
  });

  test('leaves no child to --linger, whose waiting it ends', async () => {
    await using world = new DetachedTask();
    writeFileSync(join(world.path, 'child.sh'), STUBBORN);
    await world.startReady('--linger', '1h', '--', 'sh', '-c', `sh ${world.path}/child.sh & echo ready; wait`);
    await stop(world);
    expect(lives(Number(/child (\d+)\./.exec(world.task.log.toString())?.[1]))).toBe(false);
    expect(world.task.manifest.status).toBe('failed');
  });

  test.each([
    ['setsid(1)', 'setsid CHILD & echo ready; wait'],
    ['a double fork', '(setsid sh -c "CHILD & exit 0" &); echo ready; read -r line'],
  ])('names a daemon that has begun a session of its own by %s', async (_, script) => {
    await using world = new DetachedTask();
    const child = await startWith(script, world);
    try {
      const said = await stop(world);
      expect(said).toMatch(/^task-\S+ failed SIGTERM after \S+; process/);
      expect(said).toContain(` ${child}`);
      expect(lives(child)).toBe(true);
    } finally {
      process.kill(child, 'SIGKILL');
    }
  });

  test('ends an agent that was stopped, and one whose host was', async () => {
    await using world = new DetachedTask();
    await world.startReady('--', 'sh', '-c', 'echo ready; sleep 60');
    const { agent, pid } = world.task.manifest;
    process.kill(-(agent?.pid ?? 0), 'SIGSTOP');
    process.kill(pid, 'SIGSTOP');
    expect(await stop(world)).toMatch(/^task-\S+ failed SIGTERM after \S+\n$/);
    await eventually(() => !lives(pid), 'the end of the host');
  });

  test('of one of several leaves the others alone, and nothing of the one behind', async () => {
    using folder = temporaryFolder();
    const env = { TMPDIR: join(folder.path, 'tmp'), XDG_RUNTIME_DIR: join(folder.path, 'run') };
    for (const made of Object.values(env)) mkdirSync(made, { mode: 0o700 });
    // Too long for a socket in the folder of the task.
    const agentDir = join(folder.path, 'x'.repeat(200), 'a');
    const orch = (command: string, ...args: readonly string[]) =>
      runOrch([command, '--dir', agentDir, ...args], { env });
    try {
      for (const name of ['one', 'two', 'three'])
        expect((await orch('run', '-d', '--name', name, '--', 'sh', '-c', 'echo ready; sleep 60 & wait')).code).toBe(0);
      const tasks = allTasks(agentDir);
      const sockets = tasks.map(({ folder: task }) => socketOf(task));
      const members = tasks.map(({ folder: task }) => processesNaming(task));
      expect((await orch('stop', 'two')).code).toBe(0);
      await eventually(() => processesNaming(tasks[1]?.folder ?? '').length === 0, 'the end of all its processes');
      expect(allTasks(agentDir).map(({ manifest }) => manifest.status)).toEqual(['running', 'failed', 'running']);
      for (const at of [0, 2]) expect(processesNaming(tasks[at]?.folder ?? '')).toEqual(members[at]);
      const left = readdirSync(join(env.XDG_RUNTIME_DIR, 'orch')).map((name) =>
        join(env.XDG_RUNTIME_DIR, 'orch', name),
      );
      expect(left.sort()).toEqual([sockets[0], sockets[2]].sort());
      expect((await orch('stop', 'one', 'three')).code).toBe(0);
      await eventually(() => readdirSync(join(env.XDG_RUNTIME_DIR, 'orch')).length === 0, 'no socket is left');
      expect(readdirSync(env.TMPDIR)).toEqual([]);
    } finally {
      await orch('stop', '--kill-after', '0.1', 'one', 'two', 'three');
    }
  });
});

function socketOf(task: string): string {
  return String((JSON.parse(readFileSync(join(task, 'task.json'), 'utf8')) as { readonly socket?: string }).socket);
}

/** The living processes in whose environment a folder stands. */
function processesNaming(folder: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || !lives(Number(name))) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}
