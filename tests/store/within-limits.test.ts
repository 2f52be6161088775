import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSurelyWithin } from '../../src/store/prune/within-limits.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const NOW = 1_767_323_050_000;
const MB = 1 << 20;

/** Of two tasks, begun five seconds and one second ago, a megabyte each. */
async function isWithin(limits: Partial<Record<'maxAgeMs' | 'maxTasks' | 'maxTotalBytes', number>>, leftover?: string) {
  using agent = temporaryFolder();
  for (const id of ['task-1767323045-1', 'task-1767323049-1'])
    writeTask(agent.path, { id, log: Buffer.alloc(MB, 'x') });
  if (leftover !== undefined) mkdirSync(join(agent.path, leftover));
  const retention = { maxAgeMs: undefined, maxTasks: undefined, maxTotalBytes: undefined, ...limits };
  const spared = new Set(['task-1767323049-1']);
  return await isSurelyWithin(agent.path, retention, { now: NOW, spared, signal: undefined });
}

test.each([
  [{}, true],
  [{ maxAgeMs: 5000 }, true],
  [{ maxAgeMs: 4999 }, false],
  [{ maxTasks: 1 }, true],
  [{ maxTasks: 0 }, false],
  [{ maxTotalBytes: 3 * MB }, true],
  [{ maxTotalBytes: 2 * MB - 1 }, false],
])('two tasks, one of which is spared, are surely within %j: %s', async (limits, within) => {
  expect(await isWithin(limits)).toBe(within);
});

test('a task that is not spared and too old is enough, whatever the others are, and so is one named by a clock that was ahead', async () => {
  expect(await isWithin({ maxAgeMs: 4999 }, 'task-1767323048-1')).toBe(false);
  expect(await isWithin({ maxAgeMs: 60_000 }, 'task-1767323048-1')).toBe(true);
  expect(await isWithin({ maxAgeMs: 60_000 }, 'task-1867323048-1')).toBe(false);
});

test('bytes are not counted any more after an abort', async () => {
  using agent = temporaryFolder();
  writeTask(agent.path, { log: Buffer.alloc(MB, 'x') });
  const looking = { now: NOW, spared: new Set<string>() };
  const limits = { maxAgeMs: undefined, maxTasks: undefined, maxTotalBytes: MB };
  expect(await isSurelyWithin(agent.path, limits, { ...looking, signal: undefined })).toBe(false);
  expect(await isSurelyWithin(agent.path, limits, { ...looking, signal: new AbortController().signal })).toBe(false);
  expect(await isSurelyWithin(agent.path, limits, { ...looking, signal: AbortSignal.abort() })).toBe(true);
});

test('something is to be done where a removal was cut short', async () => {
  expect(await isWithin({}, '.gone-task-1767323000-1-1767322990-x')).toBe(false);
  expect(await isWithin({}, '.gone-task-1767323000-1-1767323045-x')).toBe(true);
});
