import { appendFileSync, lstatSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeIndexWriter } from '../../src/store/times/time-index.js';
import { readTimeIndex } from '../../src/store/times/time-index-reader.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const START = '2026-01-02T03:04:05.678Z';
const HEADER = { start: START, size: { cols: 80, rows: 24 } };

describe('writing the time index', () => {
  test('begins with the start and the size, then has a line for each output and resize', () => {
    using folder = temporaryFolder();
    using writer = writerIn(folder.path);
    writer.output(5.2, 100);
    writer.output(50, 200);
    writer.resize(60, 200, { cols: 100, rows: 30 });
    writer.output(70.6, 250);
    writer.close();
    expect(linesIn(folder.path)).toEqual([
      { v: 1, ...HEADER },
      [5, 'o', 100],
      [50, 'o', 200],
      [60, 'r', 200, 100, 30],
      [71, 'o', 250],
    ]);
    expect(lstatSync(join(folder.path, 'backend.idx')).mode & 0o777).toBe(0o600);
  });

  test('outputs within 4 ms of the first become one entry, which is never later than that', () => {
    using folder = temporaryFolder();
    using writer = writerIn(folder.path);
    for (let ms = 0; ms < 10; ms++) writer.output(ms, (ms + 1) * 10);
    writer.close();
    expect(linesIn(folder.path).slice(1)).toEqual([
      [3, 'o', 40],
      [7, 'o', 80],
      [9, 'o', 100],
    ]);
  });

  test('a reader sees an output within a tenth of a second, without another one', () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    using writer = writerIn(folder.path, clock);
    writer.output(1, 10);
    clock.advance(99);
    expect(linesIn(folder.path)).toHaveLength(1);
    clock.advance(1);
    expect(linesIn(folder.path)).toHaveLength(2);
    expect(clock.waiting).toBe(0);
  });

  test('what waits is bounded even when the timer never comes', () => {
    using folder = temporaryFolder();
    using writer = writerIn(folder.path);
    for (let at = 1; at <= 10_000; at++) writer.output(at * 4, at);
    expect(linesIn(folder.path).length).toBeGreaterThan(10_000 - 1100);
  });

  test('nothing is left running after it is closed', () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    const writer = writerIn(folder.path, clock);
    writer.output(1, 10);
    writer.close();
    expect(clock.waiting).toBe(0);
  });

  test('a folder that cannot be written is told once and harms nobody', () => {
    using home = temporaryFolder();
    const failures: unknown[] = [];
    const clock = new ManualClock();
    using writer = new TimeIndexWriter({ id: 'gone', path: join(home.path, 'gone') }, clock, HEADER, (error) =>
      failures.push(error),
    );
    writer.output(1, 10);
    clock.advance(200);
    writer.output(300, 20);
    clock.advance(200);
    expect(failures).toHaveLength(1);
  });
});

describe('reading the time index', () => {
  test('answers when a byte came and how far the recording was at a time', () => {
    using folder = temporaryFolder();
    using writer = writerIn(folder.path);
    writer.output(10, 100);
    writer.resize(20, 100, { cols: 100, rows: 30 });
    writer.output(50, 300);
    writer.close();
    const index = readTimeIndex(folder.path);
    expect(index.state).toEqual({ type: 'whole' });
    expect(index.start).toBe(Date.parse(START));
    expect(index.size).toEqual({ cols: 80, rows: 24 });
    expect(index.resizes).toEqual([{ ms: 20, offset: 100, size: { cols: 100, rows: 30 } }]);
    expect([0, 99, 100, 299, 300].map((offset) => index.timeAt(offset))).toEqual([10, 10, 50, 50, undefined]);
    expect([0, 9, 10, 49, 50, 1e9].map((ms) => index.offsetAt(ms))).toEqual([0, 0, 100, 100, 300, 300]);
  });

  test('whatever was noted is found again, at most 4 ms late', () => {
    using folder = temporaryFolder();
    const steps = fc.array(fc.record({ ms: fc.nat(20), bytes: fc.integer({ min: 1, max: 1000 }) }), { minLength: 1 });
    fc.assert(
      fc.property(steps, (outputs) => {
        rmSync(join(folder.path, 'backend.idx'), { force: true });
        const writer = writerIn(folder.path);
        const noted: { ms: number; first: number; end: number }[] = [];
        for (const { ms, bytes } of outputs) {
          const last = noted.at(-1) ?? { ms: 0, end: 0 };
          const next = { ms: last.ms + ms, first: last.end, end: last.end + bytes };
          noted.push(next);
          writer.output(next.ms, next.end);
        }
        writer.close();
        const index = readTimeIndex(folder.path);
        for (const { ms, first, end } of noted) {
          const late = (index.timeAt(first) ?? NaN) - ms;
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThan(4);
          expect(index.offsetAt(ms + 4)).toBeGreaterThanOrEqual(end);
        }
      }),
    );
  });

  test('torn at any byte it still gives what its whole lines say', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'backend.idx');
    const writer = writerIn(folder.path);
    for (let at = 1; at < 20; at++) writer.output(at * 10, at * 100);
    writer.close();
    const whole = readFileSync(path, 'utf8');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.slice(0, length));
      const index = readTimeIndex(folder.path);
      const lines = whole.slice(0, length).split('\n').length - 1;
      expect(index.state.type).toBe(lines === 0 ? 'rebuilt' : 'whole');
      expect(index.offsetAt(1e9)).toBe(Math.max(0, lines - 1) * 100);
    }
  });

  test('filled with garbage anywhere it never fails, and says so', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'backend.idx');
    const writer = writerIn(folder.path);
    for (let at = 1; at < 20; at++) writer.output(at * 10, at * 100);
    writer.close();
    const whole = readFileSync(path);
    const damage = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) });
    fc.assert(
      fc.property(damage, ({ at, bytes }) => {
        const damaged = Buffer.from(whole);
        damaged.set(bytes.subarray(0, whole.length - at), at);
        writeFileSync(path, damaged);
        const index = readTimeIndex(folder.path);
        for (let ms = 0, last = 0; ms < 250; ms++) {
          expect(index.offsetAt(ms)).toBeGreaterThanOrEqual(last);
          last = index.offsetAt(ms);
        }
      }),
    );
  });

  test('lines that cannot be are counted and passed over; lines of a later orch are only passed over', () => {
    using folder = temporaryFolder();
    using writer = writerIn(folder.path);
    writer.output(10, 100);
    writer.flush();
    const odd = [
      'garbage',
      '[11,"o"]',
      '[5,"o",200]',
      '[12,"o",50]',
      '[12,"r",100,0,24]',
      '{"type":"o"}',
      '[13,"k",100,"…"]',
    ];
    appendFileSync(join(folder.path, 'backend.idx'), `${odd.join('\n')}\n[20,"o",200]\n`);
    const index = readTimeIndex(folder.path);
    expect(index.state).toEqual({ type: 'damaged', lines: 6 });
    expect(index.timeAt(150)).toBe(20);
  });

  test('without it the events tell the start, the sizes and the end', () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, {
      log: 'x'.repeat(500),
      events: [
        { type: 'task.start', argv: ['true'], cols: 90, rows: 20 },
        { type: 'resize', cols: 100, rows: 30, offset: 200 },
        { type: 'task.end', bytes: 500, durationMs: 2000, exitCode: 0, signal: 0 },
      ],
    });
    const index = readTimeIndex(folder.path);
    expect(index.state).toEqual({ type: 'rebuilt', why: 'it is missing' });
    expect(index.start).toBe(Date.parse(START));
    expect(index.size).toEqual({ cols: 90, rows: 20 });
    expect(index.resizes).toEqual([{ ms: 1000, offset: 200, size: { cols: 100, rows: 30 } }]);
    expect([100, 400].map((offset) => index.timeAt(offset))).toEqual([1000, 2000]);
  });

  test('without it, for a task that was killed, the log itself tells when it was last written', () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, {
      log: 'x'.repeat(500),
      events: [{ type: 'task.start', argv: ['true'], cols: 90, rows: 20 }],
    });
    const ended = new Date(Date.parse(START) + 7000);
    utimesSync(join(folder.path, 'backend.log'), ended, ended);
    expect(readTimeIndex(folder.path).timeAt(499)).toBe(7000);
  });

  test('of a folder that holds nothing nothing is known', () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'backend.idx'));
    const index = readTimeIndex(folder.path);
    expect(index.state.type).toBe('rebuilt');
    expect([index.start, index.size, index.timeAt(0), index.offsetAt(0)]).toEqual([undefined, undefined, undefined, 0]);
  });

  test('an index of a later format is not guessed at', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'backend.idx'), `${JSON.stringify({ v: 2, ...HEADER })}\n[1,"o",5]\n`);
    expect(readTimeIndex(folder.path).state).toEqual({
      type: 'rebuilt',
      why: 'its first line is not a header this orch can read',
    });
  });
});

function writerIn(path: string, clock = new ManualClock()): TimeIndexWriter {
  return new TimeIndexWriter({ id: 'task-1-1', path }, clock, HEADER, (error) => {
    throw error;
  });
}

function linesIn(path: string): unknown[] {
  const lines = readFileSync(join(path, 'backend.idx'), 'utf8').split('\n').slice(0, -1);
  return lines.map((line): unknown => JSON.parse(line));
}
