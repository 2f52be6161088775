import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TerminalSize } from '../../src/core/terminal/size.js';
import type { RenderChunk } from '../../src/render/model/line.js';
import { Screen } from '../../src/render/screen/screen.js';
import { Transcript, type TranscriptState } from '../../src/render/transcript/transcript.js';
import { runs } from '../fixtures/runs.js';
import { anyOutput, cuts, pieces } from './generators.js';
import { textOf } from './text-of.js';
import { hasTmux, ResizedTmux } from './tmux.js';

/** What is printed, and the sizes that the terminal is given in between. */
type Step = string | TerminalSize;

const PARAGRAPH = `${Array.from({ length: 30 }, (_, n) => `word${n}`).join(' ')} `;
const NARROW = ['some words ', 'x'.repeat(37), 'naïve ✓ ⠋', '\x1b[31mred\x1b[0m ', PARAGRAPH];
const WIDE = '終端は狭くなったり広くなったりする。'.repeat(4);

/** tmux 3.3a parts lines of wide characters that it lays out twice. */
const OTHERS = [WIDE, '日本語', '👩‍💻🚀', 'e\u0301'];

describe('a line that is being printed while the terminal is resized', () => {
  test.each([
    ['wider', [{ cols: 60, rows: 5 }]],
    ['narrower', [{ cols: 13, rows: 5 }]],
    ['to and fro', [40, 17, 33, 8, 80, 20, 21].map((cols) => ({ cols, rows: 5 }))],
    [
      'in height too',
      [
        { cols: 31, rows: 3 },
        { cols: 9, rows: 12 },
        { cols: 50, rows: 2 },
      ],
    ],
  ] satisfies [string, TerminalSize[]][])('stays whole, %s', async (_, sizes) => {
    for (const text of [PARAGRAPH, WIDE, 'short ']) {
      for (const above of ['', 'above\r\n', 'above\r\n'.repeat(8)]) {
        const resizes = sizes.map((size): RenderChunk => ({ type: 'resize', ...size }));
        const lines = await textOf([`${above}${text}`, ...resizes, 'END\r\nnext\r\n']);
        expect(lines).toEqual([...above.split('\r\n').filter((line) => line !== ''), `${text}END`, 'next']);
      }
    }
  });

  test('goes on behind its end where the screen has more rows below', async () => {
    expect(await textOf(['Go on? [y/N] ', resize(8, 5), 'y\r\nyes\r\n'], { rows: 24 })).toEqual([
      'Go on? [y/N] y',
      'yes',
    ]);
    expect(await textOf([PARAGRAPH, resize(13, 24), 'END'], { rows: 24 })).toEqual([`${PARAGRAPH}END`]);
  });

  test('stays whole where it fills its last row', async () => {
    for (const cols of [5, 8, 10, 20, 40, 41]) {
      expect(await textOf(['x'.repeat(40), resize(cols, 5), 'END'])).toEqual([`${'x'.repeat(40)}END`]);
      expect(await textOf(['語'.repeat(20), resize(cols, 5), '末'])).toEqual([`${'語'.repeat(20)}末`]);
    }
  });

  test('stays whole under a full-screen program that is resized', async () => {
    for (const leave of ['\x1b[?1049l', '\x1b[?1047l', '\x1b[?47l']) {
      const enter = leave.replace('l', 'h');
      const chunks = [PARAGRAPH, `${enter}\x1b[Hfull`, resize(60, 3), '\x1b[Hscreen', resize(11, 9), leave];
      expect(await textOf([...chunks, ...(leave === '\x1b[?1049l' ? ['END'] : [])], { alt: 'none' })).toEqual([
        leave === '\x1b[?1049l' ? `${PARAGRAPH}END` : PARAGRAPH.trimEnd(),
      ]);
    }
  });

  test.each(['語', '✅', 'xy', 'xe\u0301'])(
    'goes on behind %s in the last column when a full-screen program has gone',
    async (last) => {
      const text = `${'ab'.repeat(11)}${last}`;
      for (const cols of [6, 12, 24]) {
        for (const sizes of [[], [resize(7, 4), resize(cols, 5)], [resize(8, 4), resize(12, 5)], [resize(9, 5)]]) {
          const chunks = [text, '\x1b[?1049h\x1b[Hfull', ...sizes, '\x1b[?1049l', 'END'];
          expect(await textOf(chunks, { cols, alt: 'none' })).toEqual([`${text}END`]);
        }
      }
    },
  );

  test('has what a full-screen program showed behind it, though it has other rows now', async () => {
    const chunks = ['one\r\n', PARAGRAPH, '\x1b[?1049h\x1b[Hfull\x1b[?1049l', resize(9, 5), 'END\r\nlast\r\n'];
    const lines = await textOf(chunks, { rows: 30 });
    expect(lines.filter((line) => !/full.screen/.test(line))).toEqual(['one', `${PARAGRAPH}END`, 'full', 'last']);
  });

  test('begins and ends where it did in the recording', () => {
    const transcript = new Transcript({ cols: 20, rows: 5 });
    const [first = ''] = PARAGRAPH.match(/.*word9 /) ?? [];
    const lines = [
      ...transcript.push(Buffer.from(`one\r\n${first}`)),
      ...transcript.resize({ cols: 7, rows: 4 }),
      ...transcript.push(Buffer.from('END\r\n')),
      ...transcript.end(),
    ];
    expect(lines.map(({ text, offset, endOffset }) => ({ text, offset, endOffset }))).toEqual([
      { text: 'one', offset: 0, endOffset: 5 },
      { text: `${first}END`, offset: 5, endOffset: 5 + first.length + 5 },
    ]);
  });

  test('is drawn anew by a program that is told of the size', async () => {
    const prompt = '\r\x1b[K$ make all';
    const resizes = [60, 30, 21, 40].flatMap((cols) => [resize(cols, 5), prompt]);
    expect(await textOf(['one\r\n$ make al', prompt, ...resizes, '\r\nmade\r\n'])).toEqual([
      'one',
      '$ make all',
      'made',
    ]);
  });

  test('keeps its colours and marks of several characters', () => {
    const screen = new Screen({ cols: 10, rows: 4 }, { styles: true });
    screen.write(Buffer.from('\x1b[31mabcdefghijkle\u0301m\x1b[0m👩‍💻 n'));
    screen.resize({ cols: 6, rows: 4 });
    screen.resize({ cols: 30, rows: 4 });
    const [first] = screen.frame().lines;
    expect(first?.map(({ text, style }) => [text, style.foreground.type])).toEqual([
      ['abcdefghijkle\u0301m', 'palette'],
      ['👩‍💻 n', 'default'],
    ]);
  });
});

test('what no longer fits below the cursor is told when the screen becomes smaller', async () => {
  expect(await textOf(['1\r\n2\r\n3\r\n4\x1b[2;1H', resize(20, 2), 'x'])).toEqual(['3', '4', '1', 'x']);
  expect(await textOf([`${'a'.repeat(18)}\r\nb\x1b[1;1H`, resize(3, 4), 'x'])).toEqual([
    ...['aaaaaa', 'b'],
    `x${'a'.repeat(11)}`,
  ]);
});

test('a screen of millions of cells that becomes two columns wide loses none of them', async () => {
  const line = 'x'.repeat(4000);
  const lines = await textOf([`${line}\r\n`.repeat(250), resize(2, 5), 'END'], { cols: 4000, rows: 300 });
  expect(lines.length).toBe(251);
  expect(new Set(lines.slice(0, -1))).toEqual(new Set([line]));
  expect(lines.at(-1)).toBe('END');
}, 60_000);

describe('the alternate screen', () => {
  const draw = (rows: number): string =>
    `\x1b[?1049h\x1b[2J${Array.from({ length: rows }, (_, at) => `\x1b[${at + 1};1Hrow ${at + 1}`).join('')}`;

  test('has its rows where they were when it has been smaller', () => {
    const screen = new Screen({ cols: 20, rows: 8 });
    screen.write(Buffer.from(`${draw(8)}\x1b[3;3H`));
    screen.resize({ cols: 20, rows: 5 });
    screen.resize({ cols: 20, rows: 8 });
    expect(screen.rows().map(({ text }) => text)).toEqual(['row 1', 'row 2', 'row 3', 'row 4', 'row 5', '', '', '']);
    screen.write(Buffer.from('!\x1b[8;1Hlast'));
    expect(screen.rows().map(({ text }) => text)).toEqual([
      'row 1',
      'row 2',
      'ro! 3',
      'row 4',
      'row 5',
      '',
      '',
      'last',
    ]);
  });

  test('has no more columns than are seen', () => {
    const screen = new Screen({ cols: 12, rows: 2 }, { styles: true });
    screen.write(Buffer.from('\x1b[?1049h\x1b[Habcdefghij'));
    screen.resize({ cols: 5, rows: 2 });
    expect(screen.rows()[0]?.text).toBe('abcde');
    expect(screen.frame().lines[0]?.map(({ text }) => text)).toEqual(['abcde']);
    screen.resize({ cols: 12, rows: 2 });
    expect(screen.rows()[0]?.text).toBe('abcdefghij');
  });

  test('has no wide character that its right edge cuts in two', () => {
    const screen = new Screen({ cols: 12, rows: 1 }, { styles: true });
    screen.write(Buffer.from('\x1b[?1049h\x1b[Habcd語ef'));
    screen.resize({ cols: 5, rows: 1 });
    expect(screen.rows()[0]?.text).toBe('abcd');
    expect(screen.frame().lines[0]?.map(({ text }) => text)).toEqual(['abcd']);
    screen.resize({ cols: 6, rows: 1 });
    expect(screen.rows()[0]?.text).toBe('abcd語');
  });

  test('does not scroll into rows above it after it was larger', () => {
    const screen = new Screen({ cols: 20, rows: 8 });
    screen.resize({ cols: 20, rows: 3 });
    screen.write(Buffer.from('\x1b[?1049h\x1b[H1\r\n2\r\n3\r\n4\r\n5'));
    expect(screen.rows().map(({ text }) => text)).toEqual(['3', '4', '5']);
    screen.resize({ cols: 20, rows: 5 });
    expect(screen.rows().map(({ text }) => text)).toEqual(['3', '4', '5', '', '']);
  });
});

describe.skipIf(!hasTmux)('tmux', () => {
  test('has the same lines of a stream whatever its terminal is resized to in between', { timeout: 240_000 }, () => {
    using tmux = new ResizedTmux();
    fc.assert(
      fc.property(sizes, streams, (size, steps) => {
        const lines = tmux.run(size, steps);
        fc.pre(!tmux.lostCursor && !tmux.lostRows);
        expect(transcribed(size, steps)).toEqual(lines);
      }),
      { numRuns: runs(20) },
    );
  });

  test('goes on at the same character where a resize wraps the row of the cursor, whatever stands above', () => {
    using tmux = new ResizedTmux();
    const finished = ['\r\n', 'finished'];
    const drawnAgain = ['\r\x1b[K=====>', '\r\n', 'finished'];
    for (const [rest, expected] of [
      [finished, ['=========finished']],
      [drawnAgain, ['=====>', 'finished']],
    ] as const) {
      for (const above of [2, 4, 9]) {
        const steps: readonly Step[] = [`${'line\r\n'.repeat(above)}=========> 90%\r`, { cols: 9, rows: 6 }, ...rest];
        const lines = transcribed({ cols: 20, rows: 6 }, steps);
        expect(lines).toEqual([...Array.from({ length: above }, () => 'line'), ...expected]);
        expect(tmux.run({ cols: 20, rows: 6 }, steps)).toEqual(lines);
        expect(tmux.lostCursor).toBe(false);
      }
      // On the first row tmux has lost the cursor.
      const steps: readonly Step[] = ['=========> 90%\r', { cols: 9, rows: 6 }, ...rest];
      expect(transcribed({ cols: 20, rows: 6 }, steps)).toEqual(expected);
      tmux.run({ cols: 20, rows: 6 }, steps);
      expect(tmux.lostCursor).toBe(true);
    }
  });

  test('drops what stands below the cursor where the rows get fewer, which is emitted here', () => {
    using tmux = new ResizedTmux();
    const bar = `[${'#'.repeat(24)}]`;
    const narrow = { cols: 12, rows: 5 };
    const steps: readonly Step[] = ['line\r\n'.repeat(9), bar, '\r', { cols: 25, rows: 6 }, narrow, '\r\n\r\n'];
    const lines = Array.from({ length: 9 }, () => 'line');
    expect(transcribed(narrow, steps)).toEqual([...lines, bar]);
    expect(tmux.run(narrow, steps)).toEqual([...lines, bar.slice(0, -1)]);
    expect(tmux.lostRows).toBe(true);
  });

  test('has the same alternate screen after it was smaller and larger', { timeout: 240_000 }, () => {
    using tmux = new ResizedTmux();
    fc.assert(
      fc.property(sizes, pictures, (size, steps) => {
        expect(shown(size, steps)).toEqual(tmux.run(size, steps, 'rows'));
      }),
      { numRuns: runs(15) },
    );
  });
});

test('lines that only grow are what was printed, whatever the terminal is resized to in between', () => {
  fc.assert(
    fc.property(anySizes, fc.array(growing([...NARROW, ...OTHERS], anySizes), { maxLength: 6 }), (size, lines) => {
      const printed = lines.map((steps) => steps.filter((step) => typeof step === 'string').join(''));
      const text = printed.map((line) => line.replaceAll(/\x1b\[\d*m/g, '').trimEnd());
      const shownLines = transcribed(
        size,
        lines.flatMap((steps) => [...steps, '\r\n']),
      );
      expect(withoutBlankEnd(shownLines)).toEqual(withoutBlankEnd(text));
    }),
    { numRuns: runs(300) },
  );
});

test('lines are the same however output with resizes is cut, and whatever it is gone on from', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.tuple(anyOutput, sizes), { minLength: 1, maxLength: 4 }),
      cuts,
      (size, parts, lengths) => {
        const whole = new Transcript(size, { styles: true });
        let resumed = new Transcript(size, { styles: true, savable: true });
        const lines: unknown[] = [];
        const cutLines: unknown[] = [];
        for (const [output, next] of parts) {
          lines.push(...plain(whole.push(output)), ...plain(whole.resize(next)));
          for (const piece of pieces(output, lengths)) cutLines.push(...plain(resumed.push(piece)));
          cutLines.push(...plain(resumed.resize(next)));
          const state = JSON.stringify(resumed.save());
          resumed = Transcript.resume(JSON.parse(state) as TranscriptState, { styles: true, savable: true });
          expect(JSON.stringify(resumed.save())).toBe(state);
        }
        lines.push(...plain(whole.end()));
        cutLines.push(...plain(resumed.end()));
        expect(cutLines).toEqual(lines);
      },
    ),
    { numRuns: runs(150) },
  );
});

const sizes = fc.record({ cols: fc.integer({ min: 12, max: 60 }), rows: fc.integer({ min: 5, max: 14 }) });

const anySizes = fc.record({ cols: fc.integer({ min: 2, max: 60 }), rows: fc.integer({ min: 1, max: 14 }) });

/**
 * Lines that grow, and lines that are drawn again (bars, prompts), in the middle of which the terminal is resized several times.
 * The latter fit on every screen: what has left it is not to be drawn again here, where tmux brings it back.
 */
const streams = fc
  .tuple(
    fc.constantFrom(0, 3, 20),
    fc.array(fc.oneof(growing(NARROW, sizes), redrawn()), { minLength: 1, maxLength: 6 }),
  )
  .map(([above, lines]): readonly Step[] => [
    'line above\r\n'.repeat(above),
    ...lines.flatMap((line) => [...line, '\r\n']),
  ]);

function growing(texts: readonly string[], widths: fc.Arbitrary<TerminalSize>): fc.Arbitrary<readonly Step[]> {
  return fc.array(fc.oneof(fc.constantFrom(...texts), widths), { maxLength: 12, size: 'max' });
}

function redrawn(): fc.Arbitrary<readonly Step[]> {
  const drawing = fc.oneof(
    fc.nat(40).map((done) => `\r\x1b[K[${'#'.repeat(done)}]`),
    fc.constantFrom('\r\x1b[K$ make all', '\r\x1b[2Kworking', '\r'),
  );
  return fc.array(fc.oneof(drawing, sizes), { maxLength: 12, size: 'max' });
}

/** Pictures drawn on the alternate screen, with the cursor anywhere, which is then resized. */
const pictures = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc
          .tuple(fc.nat(14), fc.nat(20), fc.constantFrom('text', 'é', 'x'.repeat(20)))
          .map(([row, col, text]) => `\x1b[${row + 1};${col + 1}H${text}`),
        sizes,
      ),
      { minLength: 3, maxLength: 16, size: 'max' },
    ),
  )
  .map(([steps]): readonly Step[] => ['line\r\n', '\x1b[?1049h\x1b[H\x1b[2J', ...steps]);

function transcribed(size: TerminalSize, steps: readonly Step[]): readonly string[] {
  const transcript = new Transcript(size, { alt: 'none' });
  const lines = steps.flatMap((step) => transcript.feed(chunk(step)));
  return [...lines, ...transcript.end()].map(({ text }) => text);
}

function shown(size: TerminalSize, steps: readonly Step[]): readonly string[] {
  const screen = new Screen(size);
  for (const step of steps) screen.feed(chunk(step));
  return withoutBlankEnd(screen.rows().map(({ text }) => text.trimEnd()));
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

function chunk(step: Step): RenderChunk {
  return typeof step === 'string' ? Buffer.from(step) : { type: 'resize', ...step };
}

function resize(cols: number, rows: number): RenderChunk {
  return { type: 'resize', cols, rows };
}

function plain(lines: readonly object[]): readonly unknown[] {
  return lines.map((line) => ({ ...line }));
}
