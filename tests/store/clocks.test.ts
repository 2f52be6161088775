import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listTaskIds } from '../../src/store/layout/task-folder.js';
import { resolveTask } from '../../src/store/task/resolve-task.js';
import { prunableTasks } from '../../src/store/prune/prunable-tasks.js';
import { isSurelyWithin } from '../../src/store/prune/within-limits.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const YEAR_MS = 365 * 24 * 3600 * 1000;
const now = Date.now();
const idOf = (ms: number): string => `task-${Math.floor(ms / 1000)}-1`;
const clockAt = (ms: number) => ({ now: () => ms });

describe('a task that was named by a clock that was wrong', () => {
  test('is the latest until another is begun, by when it was made', () => {
    using agent = temporaryFolder();
    const future = idOf(now + 4 * YEAR_MS);
    mkdirSync(join(agent.path, idOf(now - YEAR_MS)));
    mkdirSync(join(agent.path, future));
    expect(resolveTask(agent.path, 'latest', clockAt(now)).id).toBe(future);
    const next = idOf(now + 3600_000);
    mkdirSync(join(agent.path, next));
    const later = clockAt(now + 2 * 3600_000);
    expect(resolveTask(agent.path, 'latest', later).id).toBe(next);
    expect(listTaskIds(agent.path, later)).toEqual([idOf(now - YEAR_MS), future, next]);
  });

  test('is older than all others where its files do not tell either', () => {
    using agent = temporaryFolder();
    const ids = [now - YEAR_MS, now - 2 * YEAR_MS, now + YEAR_MS, now + 2 * YEAR_MS].map(idOf);
    for (const id of ids) mkdirSync(join(agent.path, id));
    // As if all of it had been made by that clock: at this time, nothing here has happened yet.
    const before = clockAt(now - YEAR_MS + 1000);
    expect(listTaskIds(agent.path, before)).toEqual([ids[2], ids[3], ids[1], ids[0]]);
  });

  test('is an ordinary one while the clock says so, and within the minute in which clocks disagree', () => {
    using agent = temporaryFolder();
    for (const ms of [now, now + 30_000, now - 30_000]) mkdirSync(join(agent.path, idOf(ms)));
    expect(listTaskIds(agent.path, clockAt(now))).toEqual([now - 30_000, now, now + 30_000].map(idOf));
  });

  test('may go when it is old, by when it was written last', async () => {
    using agent = temporaryFolder();
    const ended = new Date(now + 4 * YEAR_MS).toISOString();
    const { path } = writeTask(agent.path, {
      id: idOf(now + 4 * YEAR_MS),
      log: 'x',
      manifest: { started: ended, ended },
    });
    const written = new Date(now - YEAR_MS);
    for (const name of ['backend.log', 'task.json', '.']) utimesSync(join(path, name), written, written);
    const looking = { now, spared: new Set<string>(), signal: undefined };
    const [task] = await prunableTasks(agent.path, looking);
    expect(Math.round((task?.ended ?? 0) / 1000)).toBe(Math.round(written.getTime() / 1000));
    expect(
      await isSurelyWithin(
        agent.path,
        { maxAgeMs: YEAR_MS / 2, maxTasks: undefined, maxTotalBytes: undefined },
        looking,
      ),
    ).toBe(false);
  });
});
