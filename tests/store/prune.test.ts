import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Retention } from '../../src/core/retention.js';
import { writeManifest } from '../../src/store/layout/manifest.js';
import { prunableTasks } from '../../src/store/prune/prunable-tasks.js';
import { prune, type PruneStep } from '../../src/store/prune/prune.js';
import { removeTask } from '../../src/store/prune/remove-task.js';
import { listLeftovers, trashPath } from '../../src/store/prune/trash.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import { listTasks } from '../../src/store/task/task-reader.js';
import { finishedManifest, writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const KEEP_NONE: Retention = { maxAgeMs: undefined, maxTasks: 0, maxTotalBytes: undefined };
const RUNNING = { status: 'running', pid: process.pid, pidStart: processStart(process.pid) ?? '' } as const;
const MINUTE = 60_000;

/** What goes, as `id type` or `id failed`. `later`: so long after now, ms. */
async function pruned(agentDir: string, { later = 0, spared = new Set<string>(), retention = KEEP_NONE } = {}) {
  const options = { now: Date.now() + later, spared, signal: undefined, dryRun: false };
  const steps: string[] = [];
  for await (const step of prune(agentDir, retention, options)) {
    if (step.type === 'passed') continue;
    const { type, what } = step;
    steps.push(`${what.id} ${type === 'gone' ? what.type : type}`);
  }
  return steps;
}

describe('pruning', () => {
  test('removes tasks that have ended, and nothing else in the folder', async () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-1-1', log: 'hello' });
    writeTask(agent.path, { id: 'task-2-1', manifest: { status: 'failed' } });
    mkdirSync(join(agent.path, 'task-mine'));
    writeFileSync(join(agent.path, '.gitignore'), '*\n');
    expect(await pruned(agent.path)).toEqual(['task-1-1 task', 'task-2-1 task']);
    expect(readdirSync(agent.path).sort()).toEqual(['.gitignore', 'task-mine']);
  });

  test('never touches one that runs, nor one that is spared', async () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-1-1', manifest: RUNNING });
    writeTask(agent.path, { id: 'task-2-1' });
    expect(await pruned(agent.path, { later: 1e12, spared: new Set(['task-2-1']) })).toEqual([]);
    expect(readdirSync(agent.path)).toEqual(['task-1-1', 'task-2-1']);
  });

  test.each([
    [
      'that is lost',
      (path: string) => {
        writeManifest(path, finishedManifest({ ...RUNNING, pid: 4_000_000 }));
      },
    ],
    [
      'without a manifest',
      (path: string) => {
        rmSync(join(path, 'task.json'));
      },
    ],
    [
      'with a damaged manifest',
      (path: string) => {
        writeFileSync(join(path, 'task.json'), '{"v":1');
      },
    ],
  ])('touches a task %s when nothing was written to it for a minute', async (_, damage) => {
    using agent = temporaryFolder();
    damage(writeTask(agent.path, { id: 'task-1-1', log: 'x' }).path);
    expect(await pruned(agent.path, { later: MINUTE - 5000 })).toEqual([]);
    expect(await pruned(agent.path, { later: MINUTE + 1000 })).toEqual(['task-1-1 task']);
    expect(readdirSync(agent.path)).toEqual([]);
  });

  test('never touches one whose manifest a newer orch wrote', async () => {
    using agent = temporaryFolder();
    const { path } = writeTask(agent.path, { id: 'task-1-1' });
    writeFileSync(join(path, 'task.json'), '{"v":2,"status":"running"}');
    expect(await pruned(agent.path, { later: 1e12 })).toEqual([]);
  });

  test('orders a lost task by its start, and one without a manifest by what was written last', async () => {
    using agent = temporaryFolder();
    const lost = { ...RUNNING, pid: 4_000_000, started: '2026-01-02T03:04:05.000Z' };
    writeTask(agent.path, { id: 'task-1-1', manifest: { ended: '2026-01-02T03:04:06.000Z' } });
    writeTask(agent.path, { id: 'task-2-1', manifest: lost });
    const bare = join(agent.path, 'task-3-1');
    mkdirSync(bare);
    utimesSync(bare, new Date('2026-01-02T03:04:04.000Z'), new Date('2026-01-02T03:04:04.000Z'));
    const steps = await pruned(agent.path, { later: MINUTE * 2 });
    expect(steps).toEqual(['task-3-1 task', 'task-2-1 task', 'task-1-1 task']);
  });

  test('counts what all tasks take on disk', async () => {
    using agent = temporaryFolder();
    for (const n of [1, 2, 3]) {
      const ended = `2026-01-02T03:04:0${n}.000Z`;
      writeTask(agent.path, { id: `task-1-${n}`, log: Buffer.alloc(1 << 20, n), manifest: { ended } });
    }
    const retention = { ...KEEP_NONE, maxTasks: undefined, maxTotalBytes: 2.5 * (1 << 20) };
    expect(await pruned(agent.path, { retention })).toEqual(['task-1-1 task']);
  });

  test('does not follow links, neither in place of a task nor in one', async () => {
    using agent = temporaryFolder();
    using outside = temporaryFolder();
    writeTask(outside.path, { id: 'task-1-1', log: Buffer.alloc(1 << 20) });
    symlinkSync(join(outside.path, 'task-1-1'), join(agent.path, 'task-1-1'));
    const { path } = writeTask(agent.path, { id: 'task-2-1' });
    symlinkSync(outside.path, join(path, 'link'));
    expect(await pruned(agent.path)).toEqual(['task-2-1 task']);
    expect(readdirSync(agent.path)).toEqual(['task-1-1']);
    expect(readFileSync(join(outside.path, 'task-1-1', 'backend.log'))).toHaveLength(1 << 20);
  });
});

async function all(steps: AsyncIterable<PruneStep>): Promise<readonly PruneStep[]> {
  const found: PruneStep[] = [];
  for await (const step of steps) found.push(step);
  return found;
}

/** Why each that exceeds the limits stays. */
async function passedOver(agentDir: string, { spared = new Set<string>(), retention = KEEP_NONE } = {}) {
  const steps = prune(agentDir, retention, { now: Date.now(), spared, signal: undefined, dryRun: true });
  const passed: string[] = [];
  for await (const step of steps) if (step.type === 'passed') passed.push(`${step.id} ${step.why}`);
  return passed;
}

describe('a task that stays', () => {
  test('is reported, with the reason', async () => {
    using agent = temporaryFolder();
    const lost = { ...RUNNING, pid: 4_000_000 };
    const { pid, pidStart } = RUNNING;
    writeTask(agent.path, { id: 'task-1-1', manifest: RUNNING });
    writeTask(agent.path, { id: 'task-2-1', manifest: { ...lost, agent: { pid, pidStart } } });
    writeTask(agent.path, { id: 'task-3-1', manifest: lost });
    const { path } = writeTask(agent.path, { id: 'task-4-1' });
    writeFileSync(join(path, 'task.json'), '{"v":2}');
    const passed = await passedOver(agent.path);
    expect(passed.sort()).toEqual(['task-1-1 runs', 'task-2-1 lives', 'task-3-1 written', 'task-4-1 newer']);
  });

  test('is not reported where it was spared, or is within the limits, or has ended', async () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-1-1', manifest: RUNNING });
    writeTask(agent.path, { id: 'task-2-1' });
    expect(await passedOver(agent.path, { spared: new Set(['task-1-1', 'task-2-1']) })).toEqual([]);
    expect(await passedOver(agent.path, { retention: { ...KEEP_NONE, maxTasks: 2 } })).toEqual([]);
    expect(await passedOver(agent.path)).toEqual(['task-1-1 runs']);
  });

  test('because it began to run after it was chosen is reported, and one that has gone since is not', async () => {
    using agent = temporaryFolder();
    for (const n of [1, 2, 3]) writeTask(agent.path, { id: `task-${n}-1` });
    const steps = prune(agent.path, KEEP_NONE, {
      now: Date.now(),
      spared: new Set(),
      signal: undefined,
      dryRun: false,
    });
    expect((await steps.next()).value).toMatchObject({ type: 'gone', what: { id: 'task-1-1' } });
    writeManifest(join(agent.path, 'task-2-1'), finishedManifest(RUNNING));
    rmSync(join(agent.path, 'task-3-1'), { recursive: true });
    expect(await all(steps)).toEqual([{ type: 'passed', id: 'task-2-1', why: 'runs' }]);
  });
});

describe('a pruning that is aborted', () => {
  test('removes nothing more', async () => {
    using agent = temporaryFolder();
    for (const n of [1, 2]) writeTask(agent.path, { id: `task-${n}-1` });
    const abort = new AbortController();
    const options = { now: Date.now(), spared: new Set<string>(), signal: abort.signal, dryRun: false };
    const steps = prune(agent.path, KEEP_NONE, options);
    await steps.next();
    abort.abort();
    expect(await all(steps)).toEqual([]);
    expect(readdirSync(agent.path)).toEqual(['task-2-1']);
  });

  test('before it began looks at no task, and removes nothing', async () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-1-1' });
    const options = { now: Date.now(), spared: new Set<string>(), signal: AbortSignal.abort() };
    expect(await prunableTasks(agent.path, options)).toEqual([]);
    expect(await all(prune(agent.path, KEEP_NONE, { ...options, dryRun: false }))).toEqual([]);
    expect(readdirSync(agent.path)).toEqual(['task-1-1']);
  });
});

test('a folder that cannot be listed is an error with its path', async () => {
  using agent = temporaryFolder();
  const file = join(agent.path, 'file');
  writeFileSync(file, '');
  expect(() => listLeftovers(file, Date.now())).toThrow(expect.objectContaining({ code: 'AGENT_DIR_UNREADABLE' }));
  await expect(removeTask(file, 'task-1-1', Date.now())).rejects.toMatchObject({ code: 'ENOTDIR' });
});

describe('a removal that was cut short', () => {
  const GONE = '.gone-task-1-1-1767323045-x';

  test('is finished after a minute', async () => {
    using agent = temporaryFolder();
    renameSync(writeTask(agent.path, { id: 'task-1-1' }).path, join(agent.path, GONE));
    const now = Math.floor(Date.now() / 1000);
    renameSync(join(agent.path, GONE), join(agent.path, `.gone-task-1-1-${now}-x`));
    expect(listTasks(agent.path)).toEqual([]);
    expect(await pruned(agent.path)).toEqual([]);
    expect(await pruned(agent.path, { later: MINUTE })).toEqual(['task-1-1 leftover']);
    expect(readdirSync(agent.path)).toEqual([]);
  });

  test('has a name that tells it from all else in the folder', () => {
    using agent = temporaryFolder();
    const now = 1_767_323_045_678;
    const [path, other] = [1, 2].map(() => trashPath(agent.path, 'task-12-34', now));
    expect(path).toMatch(/\/\.gone-task-12-34-1767323045-[a-z\d]+$/);
    expect(other).not.toBe(path);
    for (const name of [path, `${path}.txt`, `${agent.path}/x.gone-task-12-34-1767323045-x`, `${agent.path}/.gone`])
      mkdirSync(String(name));
    expect(listLeftovers(agent.path, now + MINUTE - 678)).toEqual([{ id: 'task-12-34', path }]);
    expect(listLeftovers(agent.path, now + MINUTE - 679)).toEqual([]);
  });

  test('of a task that runs is taken back', async () => {
    using agent = temporaryFolder();
    renameSync(writeTask(agent.path, { id: 'task-1-1', manifest: RUNNING }).path, join(agent.path, GONE));
    expect(await pruned(agent.path)).toEqual([]);
    expect(readdirSync(agent.path)).toEqual(['task-1-1']);
  });
});

describe('removing a task', () => {
  test('that has begun to run since it was chosen leaves it as it was', async () => {
    using agent = temporaryFolder();
    const { path } = writeTask(agent.path, { id: 'task-1-1', manifest: RUNNING, log: 'here' });
    expect(await removeTask(agent.path, 'task-1-1', Date.now())).toBe('runs');
    expect(readdirSync(agent.path)).toEqual(['task-1-1']);
    expect(readFileSync(join(path, 'backend.log'), 'utf8')).toBe('here');
  });

  test('that another process has removed is nothing to complain about', async () => {
    using agent = temporaryFolder();
    expect(await removeTask(agent.path, 'task-1-1', Date.now())).toBe('gone');
  });

  test('several at once removes it once', async () => {
    using agent = temporaryFolder();
    const { path } = writeTask(agent.path, { id: 'task-1-1' });
    const removals = await Promise.all([1, 2, 3].map(() => removeTask(agent.path, 'task-1-1', Date.now())));
    expect(removals.sort()).toEqual(['gone', 'gone', 'removed']);
    expect(existsSync(path)).toBe(false);
  });
});
