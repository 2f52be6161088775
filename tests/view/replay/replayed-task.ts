import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { TerminalSize } from '../../../src/core/terminal/size.js';
import type { TaskEntry } from '../../../src/store/task/task-reader.js';
import { readTask } from '../../../src/store/task/task-reader.js';
import { writeTask } from '../../fixtures/recorded-task.js';
import { anyOutput, plainOutput } from '../../render/generators.js';

/** What happens in a recording, one behind the other. */
export type Happening =
  | { readonly type: 'output'; readonly ms: number; readonly bytes: Uint8Array }
  | { readonly type: 'resize'; readonly ms: number; readonly size: TerminalSize };

const SIZE = { cols: 80, rows: 24 };
const START = '2026-01-02T03:04:05.678Z';

/** A finished task in which this has happened; times are milliseconds after the one before. */
export function writeReplayed(
  agentDir: string,
  happenings: readonly Happening[],
  size: TerminalSize = SIZE,
): TaskEntry {
  const begun = Date.parse(START);
  const index: unknown[] = [{ v: 1, start: START, size }];
  const events: unknown[] = [{ type: 'task.start', argv: ['agent'], ...size }];
  const log: Uint8Array[] = [];
  let offset = 0;
  let ms = 0;
  for (const happening of happenings) {
    ms += happening.ms;
    if (happening.type === 'output') {
      log.push(happening.bytes);
      offset += happening.bytes.length;
      index.push([ms, 'o', offset]);
    } else {
      index.push([ms, 'r', offset, happening.size.cols, happening.size.rows]);
      events.push({ at: ms, type: 'resize', ...happening.size, offset });
    }
  }
  const task = writeTask(agentDir, { log: Buffer.concat(log), manifest: { bytes: offset, size } });
  const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  writeFileSync(join(task.path, 'backend.idx'), lines(index));
  const records = events.map((event) => {
    const { at = 0, ...rest } = event as { at?: number };
    return { v: 1, ts: new Date(begun + at).toISOString(), task: task.id, ...rest };
  });
  writeFileSync(join(task.path, 'events.jsonl'), lines(records));
  return readTask(task);
}

const anySize = fc.record({ cols: fc.integer({ min: 2, max: 100 }), rows: fc.integer({ min: 1, max: 40 }) });

/** Sessions of output of all kinds, with resizes in between. */
export const anySession: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('output' as const),
        ms: fc.integer({ min: 1, max: 3000 }),
        bytes: fc.oneof(plainOutput, anyOutput).filter((bytes) => bytes.length > 0),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('resize' as const),
        ms: fc.integer({ min: 0, max: 3000 }),
        size: anySize,
      }),
    },
  ),
  { minLength: 1, maxLength: 25 },
);
