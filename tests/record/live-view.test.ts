import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteSink } from '../../src/pty/terminal/byte-sink.js';
import { nextTurn } from '../../src/core/async/next-turn.js';
import { LiveView, PIPE_BEHIND } from '../../src/record/viewers/live-view.js';
import type { ReadableLog } from '../../src/record/status/read-back.js';
import { collectGarbage } from '../fixtures/collect-garbage.js';
import { runs } from '../fixtures/runs.js';

const byteAt = (offset: number): number => (offset * 131 + (offset >> 8)) % 251;
const bytesFrom = (offset: number, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => byteAt(offset + at)));

/** A recording in memory, with holes. */
class FakeLog implements ReadableLog {
  offset = 0;
  readonly holes: { from: number; to: number }[] = [];
  reads = 0;

  /** Takes so many bytes more, which are kept or not. */
  grow(length: number, kept: boolean): Buffer {
    const bytes = bytesFrom(this.offset, length);
    if (!kept && length > 0) this.holes.push({ from: this.offset, to: this.offset + length });
    this.offset += length;
    return bytes;
  }

  read(buffer: Uint8Array, offset: number): ReturnType<ReadableLog['read']> {
    this.reads += 1;
    if (offset >= this.offset) throw new RangeError(`${offset} is not recorded yet`);
    const missing = this.holes.find(({ from, to }) => offset >= from && offset < to);
    if (missing !== undefined) return { type: 'missing', until: missing.to };
    const end = this.holes.find(({ from }) => from > offset)?.from ?? this.offset;
    const count = Math.min(buffer.length, end - offset);
    buffer.set(bytesFrom(offset, count));
    return { type: 'bytes', count };
  }
}

/** A reader that takes so many bytes at a time, as a script says; whoever waits is called when the test says so. */
class FakeSink implements ByteSink {
  readonly got: Buffer[] = [];
  takes: number[] = [];
  always = 0;
  fails = false;
  #waiting: (() => void) | undefined;

  get waits(): boolean {
    return this.#waiting !== undefined;
  }

  write(bytes: Uint8Array): number {
    if (this.fails) throw new Error('EPIPE: gone');
    const piece = bytes.subarray(0, this.takes.shift() ?? this.always);
    this.got.push(Buffer.from(piece));
    return piece.length;
  }

  whenWritable(run: () => void): void {
    expect(this.#waiting).toBeUndefined();
    this.#waiting = run;
  }

  ready(): void {
    const run = this.#waiting;
    this.#waiting = undefined;
    run?.();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.#waiting = undefined;
  }
}

const mark = (bytes: number): Uint8Array => Buffer.from(`<${bytes} missing>`);

/** The absolute ranges that were shown, as the bytes and the marks between them say. */
function shownRanges(text: Buffer, log: FakeLog): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  let offset = 0;
  for (let at = 0; at < text.length; ) {
    const match = /^<(\d+) missing>/.exec(text.subarray(at, at + 30).toString('latin1'));
    if (match !== null && text[at] !== byteAt(offset)) {
      offset += Number(match[1]);
      at += match[0].length;
      continue;
    }
    const from = offset;
    while (at < text.length && text[at] === byteAt(offset)) {
      at += 1;
      offset += 1;
    }
    if (offset === from) throw new Error(`byte ${at} of what was shown is not byte ${offset} of the recording`);
    ranges.push({ from, to: offset });
  }
  if (offset !== log.offset) throw new Error(`shown up to ${offset} of ${log.offset}`);
  return ranges;
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('print' as const),
      length: fc.integer({ min: 1, max: 3000 }),
      big: fc.constantFrom(1, 1, 1, 200),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('ready' as const),
      takes: fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('hole' as const), length: fc.integer({ min: 1, max: 3000 }) }),
  },
);

describe('a viewer that takes what it wants, when it wants', () => {
  test('a pipe gets every byte in order, as long as the log has it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, holes) => {
        const log = new FakeLog();
        const sink = new FakeSink();
        const view = new LiveView(sink, log, { ...PIPE_BEHIND, mark });
        for (const now of steps) {
          if (now.type === 'ready') {
            sink.takes = [...now.takes];
            sink.ready();
          } else {
            const offset = log.offset;
            const bytes = log.grow(
              now.type === 'print' ? now.length * now.big : now.length,
              !holes || now.type === 'print',
            );
            view.show(bytes, offset);
            bytes.fill(0xff); // The array stays the caller's.
          }
        }
        sink.always = 100_000;
        const done = view.caughtUp();
        while (sink.waits) sink.ready();
        await done;
        const got = Buffer.concat(sink.got);
        if (!holes) expect(got.equals(bytesFrom(0, log.offset))).toBe(true);
        else if (log.offset > 0) {
          // A byte that is in the log was shown.
          const missing = shownRanges(got, log);
          for (let offset = 0; offset < log.offset; offset += 1) {
            if (log.holes.some(({ from, to }) => offset >= from && offset < to)) continue;
            if (!missing.some(({ from, to }) => offset >= from && offset < to))
              throw new Error(`byte ${offset} was not shown`);
          }
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test('a terminal gets all of it, or after a mark the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1000, max: 100_000 }),
        async (steps, maxBehind) => {
          const log = new FakeLog();
          const sink = new FakeSink();
          const view = new LiveView(sink, log, { maxBehind, jumpTo: Math.floor(maxBehind / 3), mark });
          for (const now of steps) {
            if (now.type === 'ready') {
              sink.takes = [...now.takes];
              sink.ready();
            } else {
              const offset = log.offset;
              const bytes = log.grow(now.type === 'print' ? now.length * now.big : now.length, true);
              view.show(bytes, offset);
              bytes.fill(0xff);
            }
          }
          sink.always = 100_000;
          const done = view.caughtUp();
          while (sink.waits) sink.ready();
          await done;
          // In order, every byte right, each omission marked with its true size, up to the end.
          if (log.offset > 0) expect(shownRanges(Buffer.concat(sink.got), log).at(-1)?.to).toBe(log.offset);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  test('one that keeps up is never read from the log', () => {
    const log = new FakeLog();
    const sink = new FakeSink();
    sink.always = Infinity;
    const view = new LiveView(sink, log, { ...PIPE_BEHIND, mark });
    for (let at = 0; at < 100; at += 1) {
      const offset = log.offset;
      view.show(log.grow(1000, true), offset);
    }
    expect(log.reads).toBe(0);
    expect(Buffer.concat(sink.got)).toHaveLength(100_000);
  });

  test('one that never takes anything costs a bounded amount of memory', async () => {
    const log = new FakeLog();
    const sink = new FakeSink();
    const view = new LiveView(sink, log, { ...PIPE_BEHIND, mark });
    const shown: WeakRef<Uint8Array>[] = [];
    for (let at = 0; at < 400; at += 1) {
      const offset = log.offset;
      const bytes = Buffer.alloc(65_536);
      log.offset += bytes.length;
      view.show(bytes, offset);
      shown.push(new WeakRef(bytes));
    }
    // What a WeakRef refers to lives to the end of the turn that made it.
    await nextTurn();
    collectGarbage();
    expect(view.progress).toBe(0);
    const kept = shown.filter((bytes) => bytes.deref() !== undefined);
    // 3 MB of the 26 that went by.
    expect(kept.length).toBeLessThan(46);
  });

  test('a jump lands behind the end of a line', () => {
    const log = new FakeLog();
    log.read = (buffer, offset) => {
      const text = Buffer.from(
        Array.from({ length: buffer.length }, (_, at) => ((offset + at) % 100 === 99 ? 0x0a : 0x78)),
      );
      buffer.set(text);
      return { type: 'bytes', count: Math.min(buffer.length, log.offset - offset) };
    };
    const sink = new FakeSink();
    const view = new LiveView(sink, log, { maxBehind: 10_000, jumpTo: 1050, mark });
    view.show(Buffer.alloc(1), 0);
    log.offset = 2_000_000;
    sink.always = Infinity;
    sink.ready();
    const got = Buffer.concat(sink.got).toString();
    expect(got).toMatch(/^.<1998999 missing>x/s);
    expect(got.length).toBe('.<1998999 missing>'.length + 1000);
  });

  test('one that is gone ends the showing, and nobody waits for it', async () => {
    const log = new FakeLog();
    const sink = new FakeSink();
    const view = new LiveView(sink, log, { ...PIPE_BEHIND, mark });
    view.show(log.grow(10, true), 0);
    const done = view.caughtUp();
    sink.fails = true;
    sink.ready();
    await done;
    expect(view.gone).toBe(true);
    view.show(log.grow(10, true), 10);
    await view.caughtUp();
    expect(sink.waits).toBe(false);
  });
});

/** A reader that is told the sizes of the terminal, and notes how many bytes it had then. */
class SizedSink extends FakeSink {
  readonly told: { readonly at: number; readonly cols: number }[] = [];

  resize({ cols }: { readonly cols: number }): void {
    this.told.push({ at: Buffer.concat(this.got).length, cols });
  }
}

test('a viewer hears of each size of the terminal between the bytes in front of it and those behind, however slow it is', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('print' as const), length: fc.integer({ min: 1, max: 3000 }) }),
      fc.record({ type: fc.constant('resize' as const), cols: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ type: fc.constant('ready' as const), takes: fc.array(fc.integer({ min: 0, max: 3000 })) }),
    ),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const log = new FakeLog();
      const sink = new SizedSink();
      const view = new LiveView(sink, log, { ...PIPE_BEHIND, mark });
      const sizes: { at: number; cols: number }[] = [];
      for (const now of all) {
        if (now.type === 'ready') {
          sink.takes = [...now.takes];
          sink.ready();
        } else if (now.type === 'print') {
          const { offset } = log;
          view.show(log.grow(now.length, true), offset);
        } else {
          sizes.push({ at: log.offset, cols: now.cols });
          view.resized({ cols: now.cols, rows: 24 }, log.offset);
        }
      }
      sink.takes = [];
      sink.always = Infinity;
      sink.ready();
      await view.caughtUp();
      expect(sink.told).toEqual(sizes);
      expect(Buffer.concat(sink.got).equals(bytesFrom(0, log.offset))).toBe(true);
    }),
    { numRuns: runs(200) },
  );
});
