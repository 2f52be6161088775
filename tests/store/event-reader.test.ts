import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskEvent } from '../../src/core/events.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { readEvents } from '../../src/store/events/event-reader.js';
import { EventLog } from '../../src/store/events/event-log.js';
import { StatusFile } from '../../src/store/layout/status-file.js';
import { createTaskFolder } from '../../src/store/layout/task-folder.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const count = fc.maxSafeNat();
const cells = fc.integer({ min: 1, max: 65_535 });
const text = fc.string({ unit: 'binary' });
const hash = fc.string({ unit: fc.nat(15).map((digit) => digit.toString(16)), minLength: 64, maxLength: 64 });
// JSON knows no other: of the infinite ones it makes null, and of -0 it makes 0.
const amount = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const ms = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
const tokens = fc.record({ input: amount, output: amount });
const ended = { exitCode: count, signal: count };

/** Of each type of event all that can be in it, also what need not be: a key that is new has to be added here. */
const EVENTS: {
  readonly [Type in TaskEvent['type']]: {
    readonly [Key in Exclude<keyof Extract<TaskEvent, { type: Type }>, 'type'>]-?: fc.Arbitrary<
      NonNullable<Extract<TaskEvent, { type: Type }>[Key]>
    >;
  };
} = {
  'task.start': { argv: fc.array(text), cols: cells, rows: cells },
  'iteration.start': { iteration: count, offset: count },
  'iteration.end': {
    ...ended,
    iteration: count,
    offset: count,
    verdict: text,
    reason: text,
    durationMs: ms,
    cost: amount,
    tokens,
  },
  'backend.start': { pid: count, offset: count },
  resize: { cols: cells, rows: cells, offset: count, cause: text, client: text },
  writer: { change: text, client: text, from: text, offset: count, cols: cells, rows: cells },
  send: { client: text, offset: count, answer: fc.boolean(), bytes: count, text, keys: fc.array(text) },
  typed: { client: text, offset: count, bytes: count },
  status: { status: text, source: text, reason: text, offset: count },
  gap: { offset: count, bytes: count, reason: text },
  rotate: { offset: count, reason: text },
  segment: { offset: count, bytes: count, sha256: hash, chain: hash },
  trim: { offset: count, bytes: count },
  prune: { tasks: count, bytes: count },
  signal: { signal: text, from: text },
  'task.end': { ...ended, bytes: count, durationMs: ms },
};
const OPTIONAL: Readonly<Partial<Record<TaskEvent['type'], readonly string[]>>> = {
  'iteration.end': ['cost', 'tokens'],
  resize: ['cause', 'client'],
  writer: ['from'],
  send: ['bytes', 'text', 'keys'],
  status: ['reason'],
};

function eventOf(type: TaskEvent['type']): fc.Arbitrary<TaskEvent> {
  const fields = EVENTS[type] as Record<string, fc.Arbitrary<unknown>>;
  const requiredKeys = Object.keys(fields).filter((key) => OPTIONAL[type]?.includes(key) !== true);
  const record = fc.record(fields, { requiredKeys, noNullPrototype: true });
  return record.map((values) => ({ type, ...values }) as unknown as TaskEvent);
}

describe('what is noted', () => {
  test.each(Object.keys(EVENTS) as TaskEvent['type'][])('of %s is read with everything in it', (type) => {
    fc.assert(
      fc.property(fc.array(eventOf(type), { minLength: 1, maxLength: 5 }), (events) => {
        using folder = temporaryFolder();
        const clock = new ManualClock();
        const task = createTaskFolder(folder.path, clock);
        const failures: unknown[] = [];
        using log = new EventLog(task, clock, (error) => failures.push(error));
        for (const event of events) log.append(event);
        const base = { v: 1, ts: new Date(clock.now()).toISOString(), task: task.id };
        const read = readEvents(task.path);
        expect(failures).toEqual([]);
        expect(read.damaged).toBe(0);
        expect(read.events).toEqual(events.map((event) => ({ ...base, ...event })));
      }),
      { numRuns: runs(50) },
    );
  });
});

test('a cost beyond all numbers is passed over, because it could not be noted', () => {
  using folder = temporaryFolder();
  const line = '{"status":"idle","cost":1e999,"tokens":{"input":1e999,"output":1}}\n{"status":"idle","cost":0.5}\n';
  appendFileSync(join(folder.path, 'status.jsonl'), line);
  using file = new StatusFile(folder.path);
  expect(file.read()).toEqual([
    { state: { status: 'idle', source: 'hook' } },
    { state: { status: 'idle', source: 'hook', cost: 0.5 } },
  ]);
});
