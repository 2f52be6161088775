import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Line } from '../../src/render/index.js';
import { pieces } from './generators.js';
import { shownLines } from './live-lines.js';
import { LIVE_PROGRAMS, played, type Step, steps } from './live-programs.js';
import { linesOf } from './text-of.js';

const SIZE = { cols: 40, rows: 24 };
const cuts = fc.array(fc.integer({ min: 8, max: 80 }), { minLength: 1, maxLength: 6 });

const textsOf = (lines: readonly Line[]): readonly string[] => lines.map(({ text }) => text);

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

  test('is shown live as it is told afterwards: each line once, in order, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(steps, cuts, async (some, lengths) => {
        const output = [...played(program, known(some), lengths)];
        const shown = shownLines(output, SIZE).map(({ line }) => line);
        const whole = await linesOf(
          output.map(({ chunk }) => chunk),
          SIZE,
        );
        expect(textsOf(shown)).toEqual(textsOf(whole));
      }),
      { numRuns: 60 },
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
        { numRuns: 40 },
      );
    },
  );
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
