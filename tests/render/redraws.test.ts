import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../fixtures/runs.js';
import type { Performance } from './programs.js';
import { CLEARS, CLIMBS, climbingProgram, type FrameStep, homingProgram, watcher } from './redrawing-programs.js';
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

const CLIMB_NAMES = Object.keys(CLIMBS) as (keyof typeof CLIMBS)[];
const climbs = fc.constantFrom(...CLIMB_NAMES);

describe('a frame beneath lines that stay', () => {
  test('drawn from home when it is taller than the screen: each line that stays comes once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(size, any, fc.boolean(), async (screen, drawn, synchronized) => {
        const program = homingProgram(screen, drawn, synchronized);
        expect(await logLines(program)).toEqual(program.expected);
      }),
      { numRuns: runs(200) },
    );
  });

  test('of one height and drawn from home, in synchronized updates: nothing but those lines and the last frame comes', async () => {
    await fc.assert(
      fc.asyncProperty(constant, async ([screen, drawn]) => {
        const program = homingProgram(screen, drawn, true);
        expect(await textOf(program.chunks, screen)).toEqual([...program.expected, ...(drawn.at(-1)?.frame ?? [])]);
      }),
      { numRuns: runs(200) },
    );
  });

  test('drawn from home when it is taller than the screen: blank lines between those that stay come too', async () => {
    const screen = { cols: 40, rows: 8 };
    const logs = [
      [],
      ['alpha is done', ''],
      [],
      ['bravo is done', '', '', 'charlie is done', ''],
      ['delta is done', ''],
      [],
    ];
    const steps = logs.map((some, step) => ({ logs: some, frame: frameOf(11, step) }));
    const program = homingProgram(screen, steps, true);
    expect(await textOf(program.chunks, screen)).toEqual([...program.expected, ...(steps.at(-1)?.frame ?? [])]);
  });

  test('drawn by moving up beyond the top of the screen: each line that stays comes once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(size, any, fc.boolean(), climbs, async (screen, drawn, endsBelow, climb) => {
        const program = climbingProgram(screen, drawn, { endsBelow, climb });
        expect(await logLines(program)).toEqual(program.expected);
      }),
      { numRuns: runs(300) },
    );
  });

  test.each(CLIMB_NAMES.flatMap((climb) => [true, false].map((synchronized) => [climb, synchronized] as const)))(
    'beyond the top of the screen from the start, erased %s, in synchronized updates: %s: one frame comes, its last',
    async (climb, synchronized) => {
      const size = { cols: 40, rows: 8 };
      for (const height of [9, 10, 16, 30]) {
        const steps = ['alpha', 'bravo', 'charlie', 'delta'].map((name, step) => ({
          logs: step === 0 ? [] : [`${name} is done`],
          frame: ['workers', ...frameOf(height - 1, step).slice(1, -1), 'end of workers'],
        }));
        const program = climbingProgram(size, steps, { endsBelow: false, climb, synchronized });
        for (const above of [0, 3, 100]) {
          const before = Array.from({ length: above }, (_, line) => `before ${line}`);
          const output = [...before.map((line) => `${line}\r\n`), ...program.chunks];
          expect(await textOf(output, size)).toEqual([...before, ...program.expected, ...(steps.at(-1)?.frame ?? [])]);
        }
      }
    },
  );

  test.each(CLIMB_NAMES)('that grows beyond the screen, erased %s: it comes once', async (climb) => {
    const size = { cols: 40, rows: 6 };
    const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliet'];
    const steps = names.map((_, step) => ({ logs: [], frame: ['table', ...names.slice(0, step + 1)] }));
    const program = climbingProgram(size, steps, { endsBelow: false, climb });
    expect(await textOf(program.chunks, size)).toEqual(['table', ...names]);
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
      { numRuns: runs(300) },
    );
  });
});

describe('a full-screen program that blanks its screen before it leaves', () => {
  const frame = ['\x1b[?1049h\x1b[H', 'title\r\n', 'what was shown\r\n', 'status'];
  const erases: readonly (readonly [string, string])[] = [
    ['at once', '\x1b[2J'],
    ['from home', '\x1b[H\x1b[J'],
    ['row by row', '\x1b[1;1H\x1b[2K\x1b[2;1H\x1b[2K\x1b[3;1H\x1b[2K'],
    ['row by row from the left', '\x1b[1;1H\x1b[K\x1b[2;1H\x1b[K\x1b[3;1H\x1b[K'],
    ['in two parts', '\x1b[2;5H\x1b[1J\x1b[J'],
    ['by deleting rows', '\x1b[H\x1b[M\x1b[M\x1b[M'],
    ['by scrolling up', '\x1b[5S'],
    ['by inserting rows', '\x1b[H\x1b[5L'],
    ['row by row, then at once', '\x1b[1;1H\x1b[2K\x1b[2;1H\x1b[2K\x1b[2J'],
    ['row by row where their text begins', '\x1b[1;1H\x1b[K\x1b[2;1H\x1b[K\x1b[3;2H\x1b[1K\x1b[3;3H\x1b[K'],
    ['by erasing characters', '\x1b[1;1H\x1b[20X\x1b[2;1H\x1b[20X\x1b[3;1H\x1b[20X'],
    ['by writing blanks', `\x1b[1;1H${' '.repeat(20)}\x1b[2;1H${' '.repeat(20)}\x1b[3;1H${' '.repeat(20)}`],
    ['by writing blanks over all of it', `\x1b[H${' '.repeat(100)}`],
    ['by writing lines of blanks', `\x1b[H${`${' '.repeat(19)}\r\n`.repeat(4)}`],
    ['by deleting characters', '\x1b[1;1H\x1b[20P\x1b[2;1H\x1b[20P\x1b[3;1H\x1b[20P'],
    ['by repeating a blank', '\x1b[1;1H \x1b[19b\x1b[2;1H \x1b[19b\x1b[3;1H \x1b[19b'],
    ['in a synchronized update', '\x1b[?2026h\x1b[1;1H\x1b[2K\x1b[2;1H\x1b[2K\x1b[3;1H\x1b[2K\x1b[?2026l'],
  ];

  test.each(erases)('%s: its last frame is emitted', async (_name, erase) => {
    const lines = await textOf(['before\r\n', ...frame, erase, '\x1b[?1049l', 'after'], { cols: 20, rows: 5 });
    expect(lines.filter((line) => !line.startsWith('---'))).toEqual([
      'before',
      'title',
      'what was shown',
      'status',
      'after',
    ]);
  });

  test('text that was written since is the last frame', async () => {
    const lines = await textOf([...frame, '\x1b[1;1H\x1b[2K\x1b[2;1H\x1b[2Kbye\x1b[3;1H\x1b[2K', '\x1b[?1049l'], {
      cols: 20,
      rows: 5,
    });
    expect(lines.filter((line) => !line.startsWith('---'))).toEqual(['', 'bye']);
  });
});

describe('a window of the normal screen that scrolls by being painted anew', () => {
  const texts = (first: number, count: number): readonly string[] =>
    Array.from({ length: count }, (_, row) => `entry ${first + row} of the list`);
  const entries = texts(0, 17);
  const painted = (first: number): string =>
    `\x1b[H${texts(first, 6)
      .map((text) => `${text}\x1b[K\r\n`)
      .join('')}> prompt\x1b[K`;
  const frames = Array.from({ length: 12 }, (_, first) => painted(first));

  test('is emitted row by row with diff, and as its last frame without', async () => {
    expect(await textOf(frames, { cols: 40, rows: 10, alt: 'diff' })).toEqual([...entries, '> prompt']);
    expect(await textOf(frames, { cols: 40, rows: 10 })).toEqual([...entries.slice(-6), '> prompt']);
  });

  test('loses nothing where the screen is cleared in between', async () => {
    const output = [...frames.slice(0, 6), '\x1b[H\x1b[Jcleared\r\n', ...frames.slice(6)];
    const lines = await textOf(output, { cols: 40, rows: 10, alt: 'diff' });
    expect(lines).toEqual(expect.arrayContaining([...entries]));
  });

  /** How a program goes back up over `rows` rows that end in line feeds. */
  const UP: Readonly<Record<string, (rows: number) => string>> = {
    'up at once': (rows) => `\x1b[${rows}A`,
    'up to the beginning of a row': (rows) => `\x1b[${rows}F`,
    'up row by row': (rows) => '\x1b[A'.repeat(rows),
    'up row by row, erasing each': (rows) => '\x1b[1A\x1b[2K'.repeat(rows),
    'up at once, erasing below': (rows) => `\x1b[${rows}A\x1b[J`,
  };

  describe.each(Object.entries(UP))('and that the cursor goes %s to', (_, up) => {
    test.each([
      [6, 1],
      [6, 2],
      [20, 1],
      [20, 7],
    ])('is emitted row by row with diff: of %i rows, %i at a time', async (rows, step) => {
      const count = 12;
      const output = Array.from(
        { length: count },
        (__, at) =>
          `${at === 0 ? '$ list\r\n' : up(rows)}${texts(at * step, rows)
            .map((text) => `${text}\x1b[K\r\n`)
            .join('')}`,
      );
      const size = { cols: 40, rows: 24 };
      const all = texts(0, (count - 1) * step + rows);
      expect(await textOf(output, { ...size, alt: 'diff' })).toEqual(['$ list', ...all]);
      expect(await textOf(output, size)).toEqual(['$ list', ...all.slice(-rows)]);
    });
  });
});
