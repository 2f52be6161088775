import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Performance } from './programs.js';
import { CLEARS, climbingProgram, type FrameStep, homingProgram, watcher } from './redrawing-programs.js';
import { textOf } from './text-of.js';

const size = fc.record({ cols: fc.integer({ min: 40, max: 100 }), rows: fc.integer({ min: 5, max: 30 }) });

/** Words that no two lines have in common. */
const word = fc.constantFrom(
  'alpha',
  'bravo',
  'charlie',
  'delta',
  'echo',
  'foxtrot',
  'golf',
  'hotel',
  '日本語',
  'größe',
);
const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((some) => some.join(' '));

function frameOf(height: number, step: number): readonly string[] {
  const border = `+${'-'.repeat(20)}+`;
  if (height < 3) return Array.from({ length: height }, (_, row) => `| panel ${'abc'[row] ?? ''}`);
  const rows = Array.from({ length: height - 2 }, (_, row) => {
    const name = `row ${Array.from(String(row), (digit) => 'abcdefghij'[Number(digit)] ?? '').join('')}`;
    return row === 1 ? `| ${name}, ${step} seconds` : `| ${name}`;
  });
  return [border, ...rows, border];
}

/** Steps of one program; each line that stays is another, by its number alone in most. */
const steps = (heights: fc.Arbitrary<number>): fc.Arbitrary<readonly FrameStep[]> =>
  fc
    .array(fc.record({ logs: fc.array(words, { maxLength: 8 }), height: heights }), { minLength: 1, maxLength: 20 })
    .map((drawn) => {
      let count = 0;
      return drawn.map(({ logs, height }, step) => ({
        logs: logs.map((text) => `log ${count++} ${text}`),
        frame: frameOf(height, step),
      }));
    });

async function logLines({ chunks, cols, rows }: Performance): Promise<readonly string[]> {
  return (await textOf(chunks, { cols, rows })).filter((line) => line.startsWith('log '));
}

const any = steps(fc.integer({ min: 1, max: 45 }));
/** Frames of one height, a little less than the screen or a little more. */
const constant = size.chain((screen) =>
  fc.tuple(
    fc.constant(screen),
    fc.integer({ min: 3, max: screen.rows + 8 }).chain((height) => steps(fc.constant(height))),
  ),
);

describe('a frame beneath lines that stay', () => {
  test('drawn from home when it is taller than the screen: each line that stays comes once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(size, any, fc.boolean(), async (screen, drawn, synchronized) => {
        const program = homingProgram(screen, drawn, synchronized);
        expect(await logLines(program)).toEqual(program.expected);
      }),
      { numRuns: 200 },
    );
  });

  test('of one height and drawn from home, in synchronized updates: nothing but those lines and the last frame comes', async () => {
    await fc.assert(
      fc.asyncProperty(constant, async ([screen, drawn]) => {
        const program = homingProgram(screen, drawn, true);
        expect(await textOf(program.chunks, screen)).toEqual([...program.expected, ...(drawn.at(-1)?.frame ?? [])]);
      }),
      { numRuns: 200 },
    );
  });

  test('drawn by moving up beyond the top of the screen: each line that stays comes once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(size, any, fc.boolean(), async (screen, drawn, endsBelow) => {
        const program = climbingProgram(screen, drawn, endsBelow);
        expect(await logLines(program)).toEqual(program.expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a watcher that clears the screen', () => {
  const run = fc.array(words, { minLength: 1, maxLength: 12 });
  const head = fc.constantFrom([], ['watching for changes'], ['my tool, the newest', '']);
  const foot = fc.constantFrom(['press q to quit'], ['', '-- menu --', 'r run again', 'q quit']);

  test('what each run found comes once, in order, between the head and the foot', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.constantFrom(...CLEARS),
        head,
        fc.array(run, { minLength: 1, maxLength: 8 }),
        foot,
        async (screen, clear, above, runs, below) => {
          let count = 0;
          const found = runs.map((lines) =>
            lines.map(
              (text) =>
                `${'abcdefghijklmnopqrstuvwxyz'[count++ % 26] ?? ''}${'x'.repeat(Math.floor(count / 26))} is wrong: ${text}`,
            ),
          );
          const program = watcher(screen, clear, { head: above, runs: found, foot: below });
          const lines = await textOf(program.chunks, screen);
          expect(lines.filter((line) => line !== '')).toEqual(program.expected.filter((line) => line !== ''));
        },
      ),
      { numRuns: 300 },
    );
  });
});
