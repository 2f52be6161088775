import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Line } from '../../src/render/index.js';
import { runs } from '../fixtures/runs.js';
import { pieces } from './generators.js';
import { shownLines } from './live-lines.js';
import { LIVE_PROGRAMS, played, type Step, steps } from './live-programs.js';
import { linesOf } from './text-of.js';

const SIZE = { cols: 40, rows: 24 };
const cuts = fc.array(fc.integer({ min: 8, max: 80 }), { minLength: 1, maxLength: 6 });

const textsOf = (lines: readonly Line[]): readonly string[] => lines.map(({ text }) => text);

interface Both {
  readonly live: readonly string[];
  readonly whole: readonly string[];
}

describe.each(LIVE_PROGRAMS)('a program that draws: $name', (program) => {
  /**
   * Where nothing tells a first frame from lines, it is known to be one when it is soon drawn over; and a row that is left
   * alone for ten seconds is thought to be settled.
   */
  const known = (all: readonly Step[]): readonly Step[] =>
    all.map((step, at) => {
      const isSoon = program.inParts === true || (at === 0 && !program.announces);
      return isSoon ? { ...step, delay: Math.min(step.delay, 300) } : step;
    });

  const liveAndAfterwards = async (all: readonly Step[], lengths: readonly number[]): Promise<Both> => {
    const output = [...played(program, known(all), lengths)];
    const chunks = output.map(({ chunk }) => chunk);
    return {
      live: textsOf(shownLines(output, SIZE).map(({ line }) => line)),
      whole: textsOf(await linesOf(chunks, SIZE)),
    };
  };

  test('is shown live as it is emitted afterwards: each line once, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(steps, cuts, async (some, lengths) => {
        const { live, whole } = await liveAndAfterwards(some, lengths);
        expect(live.toSorted()).toEqual(whole.toSorted());
      }),
      { numRuns: runs(60) },
    );
  });

  /**
   * A frame that began at the top of the screen is erased as a picture of its own: what of it stands nowhere at the end was read, and
   * is emitted then, behind what has been shown meanwhile. So nothing of it may be gone, or be like something else.
   */
  test('comes in the order it has afterwards, where all rows of the first frame are there at the end', async () => {
    await fc.assert(
      fc.asyncProperty(steps, cuts, async (some, lengths) => {
        const rows = Math.max(...some.map(({ frame }) => frame.length));
        const steady = some.map(({ statics, frame, delay }) => ({
          statics: statics.map((text) => (text.startsWith('Tests') ? 'passed' : text)),
          frame: [...frame, 'Start at 03:51'].slice(0, rows),
          delay,
        }));
        const { live, whole } = await liveAndAfterwards(steady, lengths);
        expect(live).toEqual(whole);
      }),
      { numRuns: runs(60) },
    );
  });

  test.skipIf(program.inParts === true)(
    'shows what it printed above its region within half a second of the next redraw',
    () => {
      fc.assert(
        fc.property(steps, cuts, (some, lengths) => {
          const all = known(
            some.map((step, at) => ({ ...step, statics: step.statics.map((text, n) => `${at}.${n} ${text}`) })),
          );
          const shown = shownLines(played(program, all, lengths), SIZE);
          let now = 0;
          for (const [at, step] of all.entries()) {
            const next = now + step.delay;
            for (const text of step.statics) {
              const found = shown.find(({ line }) => line.text === text);
              // The reads of a step take some milliseconds; of the last step the end is the next redraw.
              expect((found?.at ?? Infinity) - (at === all.length - 1 ? now : Math.max(now, next))).toBeLessThan(600);
            }
            now = next;
          }
        }),
        { numRuns: runs(40) },
      );
    },
  );
});

describe('of a program that only prints', () => {
  /** How long after it came each line is shown whose text begins with a number: that of milliseconds when it came. */
  const delays = (output: readonly { readonly delay: number; readonly text: string }[]): readonly number[] => {
    const timed = output.map(({ delay, text }) => ({ delay, chunk: Buffer.from(text) }));
    return shownLines(timed, SIZE).flatMap(({ line, at }) => {
      const printed = Number.parseInt(line.text, 10);
      return Number.isNaN(printed) ? [] : [at - printed];
    });
  };
  const every = (ms: number, count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, n) => ({ delay: n === 0 ? 0 : ms, text: text(n * ms) }));

  test('each line that comes alone is shown within 60 ms', () => {
    const shown = delays([...every(30, 40, (at) => `${at}\r\n`), { delay: 500, text: 'end' }]);
    expect(shown).toHaveLength(40);
    expect(Math.max(...shown)).toBeLessThanOrEqual(60);
  });

  test('lines that come together are shown so when it has done nothing else for a second', () => {
    const shown = delays([...every(130, 20, (at) => `${at} one\r\n${at} two\r\n`), { delay: 500, text: 'end' }]);
    expect(shown).toHaveLength(40);
    expect(shown[0]).toBeGreaterThanOrEqual(400);
    expect(Math.max(...shown.slice(20))).toBeLessThanOrEqual(60);
  });

  test.each([
    ['moved the cursor up', '\r\n\x1b[A'],
    ['hid the cursor', '\x1b[?25l'],
    ['drew in a synchronized update', '\x1b[?2026hx\x1b[?2026l\r\n'],
  ])('no line is shown so early once it %s', (_, sequence) => {
    const shown = delays([
      { delay: 0, text: sequence },
      ...every(30, 40, (at) => `${at}\r\n`),
      { delay: 500, text: 'end' },
    ]);
    expect(Math.min(...shown)).toBeGreaterThanOrEqual(400);
  });
});

test('a line that is like one of the frame before, and emitted as that, is not shown early besides', async () => {
  const step = (delay: number, text: string) => ({ delay, chunk: Buffer.from(text) });
  const output = [
    step(0, 'Tests: 1\r\nStart\r\nStart\r\n'),
    step(300, '\x1b[3A\x1b[JTests: 1\r\nStart\r\n'),
    step(30, '\x1b[2A\x1b[JTests: 1\r\nTests: 0\r\nStart\r\n'),
    step(30, '\x1b[2A\x1b[Jone\r\nTests: 0\r\nStart\r\n'),
    step(300, '\x1b[2A\rTests: 0\x1b[K\r\x1b[2B'),
    step(30, '\x1b[2A\rTests: 0\x1b[K\r\x1b[2B'),
  ];
  const whole = await linesOf(
    output.map(({ chunk }) => chunk),
    SIZE,
  );
  expect(textsOf(shownLines(output, SIZE).map(({ line }) => line))).toEqual(textsOf(whole));
});

test('a line of nothing but marks, told in pieces, is cut at the same places however it comes', async () => {
  const size = { cols: 2, rows: 5 };
  const bytes = Buffer.from(`e${'\u0301'.repeat(1_300_000)}\r\nend\r\n`);
  const cut = pieces(bytes, [4099]);
  const live = shownLines(
    cut.map((chunk) => ({ delay: 0, chunk })),
    size,
  ).map(({ line }) => line.text.length);
  expect(live).toEqual((await linesOf([bytes], size)).map(({ text }) => text.length));
});
