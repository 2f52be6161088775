import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TaskEvent } from '../../../src/core/events.js';
import { sealedLogName } from '../../../src/store/log/segment-names.js';
import { readTask } from '../../../src/store/task/task-reader.js';
import { missingBytes } from '../../../src/view/tasks/missing-bytes.js';
import { writeTask } from '../../fixtures/recorded-task.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

/** Of a recording of 100 bytes its segments, by where they begin, and what was noted of it. */
function missingOf(segments: ReadonlyMap<number, number>, events: readonly TaskEvent[] = []) {
  using folder = temporaryFolder();
  const task = writeTask(folder.path, { manifest: { bytes: 100 }, events });
  for (const [start, bytes] of segments) writeFileSync(join(task.path, sealedLogName(start)), 'x'.repeat(bytes));
  return missingBytes(readTask(task));
}

test.each<[string, ReadonlyMap<number, number>, readonly TaskEvent[], { missing: number; removed: number }]>([
  [
    'nothing of a whole one',
    new Map([
      [0, 40],
      [40, 60],
    ]),
    [],
    { missing: 0, removed: 0 },
  ],
  [
    'what is not between two segments',
    new Map([
      [0, 40],
      [70, 30],
    ]),
    [],
    { missing: 30, removed: 0 },
  ],
  ['what is not at its end', new Map([[0, 40]]), [], { missing: 60, removed: 0 }],
  ['what is not at its beginning, where nobody removed it', new Map([[40, 60]]), [], { missing: 40, removed: 0 }],
  [
    'what was removed, apart',
    new Map([[40, 60]]),
    [{ type: 'trim', offset: 0, bytes: 40 }],
    { missing: 0, removed: 40 },
  ],
  [
    'what was lost behind what was removed',
    new Map([[40, 60]]),
    [{ type: 'trim', offset: 0, bytes: 30 }],
    { missing: 10, removed: 30 },
  ],
])('counts %s', (_, segments, events, missing) => {
  expect(missingOf(segments, events)).toEqual(missing);
});

test('is not known of a task that cannot be read', () => {
  using folder = temporaryFolder();
  const task = writeTask(folder.path, { log: 'x' });
  renameSync(join(task.path, 'task.json'), join(task.path, 'gone'));
  expect(missingBytes(readTask(task))).toBeUndefined();
});
