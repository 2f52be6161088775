import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RenderChunk, Transcript } from '../../src/render/index.js';
import { runs } from '../fixtures/runs.js';
import { anyOutput, cuts, pieces, plainOutput, sizes } from './generators.js';
import { liveLines } from './live-lines.js';
import { type InkStep, inkProgram } from './programs.js';
import { linesOf, textOf } from './text-of.js';

describe('lines', () => {
  test('each line once, without colours and trailing blanks, the last without newline too', async () => {
    expect(await textOf(['\x1b[31mone\x1b[0m   \r\n\r\ntwo\r\nthree'])).toEqual(['one', '', 'two', 'three']);
  });

  test('rows that the terminal wrapped are one line, blanks at the edge and all', async () => {
    const long = 'word '.repeat(20).trimEnd();
    expect(await textOf([long, '\r\nnext'])).toEqual([long, 'next']);
  });

  test('a wide character that did not fit leaves no gap in the joined line', async () => {
    expect(await textOf([`${'x'.repeat(19)}日本`])).toEqual([`${'x'.repeat(19)}日本`]);
  });

  test('a line knows the bytes it came from', async () => {
    const lines = await linesOf(['one\r\n', 'two\r\nth', 'ree'], { cols: 20, rows: 5 });
    expect(lines).toEqual([
      { text: 'one', offset: 0, endOffset: 5, final: true },
      { text: 'two', offset: 5, endOffset: 10, final: true },
      { text: 'three', offset: 10, endOffset: 15, final: true },
    ]);
  });

  test('lines that scroll off know their bytes as well', async () => {
    const text = Array.from({ length: 40 }, (_, n) => `line ${n}\r\n`);
    const lines = await linesOf([text.join('')], { cols: 20, rows: 5 });
    let offset = 0;
    for (const [n, line] of lines.entries()) {
      const end = offset + (text[n] ?? '').length;
      expect(line).toEqual({ text: `line ${n}`, offset, endOffset: end, final: true });
      offset = end;
    }
  });

  test('text placed by cursor movement is read where it stands', async () => {
    expect(await textOf(['a\x1b[5Gb\x1b[3;3Hc'])).toEqual(['a   b', '', '  c']);
  });
});

describe('redraws', () => {
  test.each([
    ['a bar on one line', ['  1%\r', ' 50%\r', '100%\r\n', 'done'], ['100%', 'done']],
    ['a bar without newline at the end', ['  1%', '\r 50%', '\r100%'], ['100%']],
    ['a spinner that is erased', ['⠋ a\r\x1b[K', '⠙ a\r\x1b[K', 'ready\r\n'], ['ready']],
    ['rows drawn again from above', ['a 1\r\nb 1\r\n', '\x1b[2Aa 2\r\nb 2\r\n'], ['a 2', 'b 2']],
    ['frames erased from below', ['a\r\nb\r\n', '\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\x1b[Gc\r\n'], ['c']],
    [
      'the screen cleared and printed again',
      ['\x1b[H\x1b[2Jcpu 1\r\nmem 5', '\x1b[H\x1b[2Jcpu 2\r\nmem 6'],
      ['cpu 2', 'mem 6'],
    ],
    ['home and erase below', ['\x1b[H\x1b[Jup 1 day', '\x1b[H\x1b[Jup 2 day'], ['up 2 day']],
  ])('%s', async (_name, output, expected) => {
    expect(await textOf(output)).toEqual(expected);
  });

  test('what is printed again after the scrollback and then the screen was erased is told once', async () => {
    const all = Array.from({ length: 12 }, (_, n) => `line ${n}\r\n`).join('');
    const lines = await textOf([all, '\x1b[3J\x1b[H\x1b[2J', all, 'end']);
    expect(lines).toEqual([...Array.from({ length: 12 }, (_, n) => `line ${n}`), 'end']);
  });

  test.each([
    ['is erased after the screen', '\x1b[H\x1b[2J\x1b[3J'],
    ['is erased before the screen', '\x1b[3J\x1b[H\x1b[2J'],
  ])(
    'what only scrolled off because the terminal became lower comes once where the scrollback %s',
    async (_, clear) => {
      const list = (step: number): readonly string[] => ['menu', `${step} of 9 done`, 'apples', 'pears', 'plums'];
      const first = `opened\r\n\r\n${list(1).join('\r\n')}\r\n`;
      const second = `${clear}opened\r\n\r\n${list(2).join('\r\n')}`;
      const chunks = [first, { type: 'resize', cols: 20, rows: 4 } as const, second];
      expect(await textOf(chunks, { cols: 20, rows: 8 })).toEqual(['opened', '', ...list(2)]);
    },
  );

  test('what scrolled off and is not printed again with the scrollback and the screen was read', async () => {
    const lines = await textOf(['one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix', '\x1b[H\x1b[2J\x1b[3J', 'two\r\nfour']);
    expect(lines).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });

  test('clears without end cost no more the more has been told', async () => {
    const lines = await textOf(Array.from({ length: 30 }, () => '\x1b[2Jx'.repeat(1000)));
    expect(lines.join('').trim()).toBe('x');
  });

  test('a screen that was cleared for something else is told', async () => {
    expect(await textOf(['alpha\r\nbeta', '\x1b[2J\x1b[3J\x1b[H', 'gamma\r\ndelta'])).toEqual([
      'alpha',
      'beta',
      'gamma',
      'delta',
    ]);
  });

  test('sixty updates of a frame taller than the screen give each static line once', async () => {
    const steps: InkStep[] = Array.from({ length: 60 }, (_, n) => ({
      type: 'render',
      statics: n < 43 ? 2 : 0,
      frameRows: 30,
    }));
    const { cols, rows, chunks, expected } = inkProgram(80, 24, steps);
    const lines = await textOf(chunks, { cols, rows });
    expect(lines.filter((line) => line.startsWith('static'))).toEqual(expected);
    expect(expected).toHaveLength(86);
    expect(lines.filter((line) => line.includes('working'))).toEqual(['⠸ working']);
  });

  test('static lines come once each, whatever the frames and sizes between them', async () => {
    const step: fc.Arbitrary<InkStep> = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ type: fc.constant('render' as const), statics: fc.nat(6), frameRows: fc.nat(45) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('resize' as const),
          cols: fc.integer({ min: 40, max: 120 }),
          rows: fc.integer({ min: 10, max: 40 }),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 40, max: 100 }),
        fc.integer({ min: 10, max: 30 }),
        fc.array(step, { maxLength: 40 }),
        async (cols, rows, steps) => {
          const program = inkProgram(cols, rows, steps);
          const lines = await textOf(program.chunks, { cols, rows });
          expect(lines.filter((line) => line.startsWith('static'))).toEqual(program.expected);
        },
      ),
      { numRuns: runs(150) },
    );
  });
});

describe('the alternate screen', () => {
  const editor = ['before\r\n', '\x1b[?1049h\x1b[Hfile text\x1b[5;1Hstatus', '\x1b[?1049l', 'after'];

  test('its last frame stands between markers, apart from the lines of the normal screen', async () => {
    const [before, begin = '', ...rest] = await textOf(editor);
    expect([before, begin.includes('full-screen')]).toEqual(['before', true]);
    expect(rest.toSpliced(5, 1)).toEqual(['file text', '', '', '', 'status', 'after']);
    expect(await textOf(editor, { alt: 'none' })).toEqual(['before', 'after']);
  });

  /** A page between two markers, which are left out below. */
  const page = (text: string): string => `\x1b[?1049h\x1b[H${text}\x1b[?1049l`;
  const inOrder = async (output: readonly RenderChunk[] | readonly string[], rows = 5): Promise<readonly string[]> =>
    (await textOf(output, { rows })).filter((line) => !line.startsWith('---'));

  test.each([
    ['on a screen that does not scroll', [`a\r\n${page('page')}b`], ['a', 'page', 'b']],
    ['behind what is on the row of the cursor', [`a: ${page('page')}done\r\nb`], ['a: done', 'page', 'b']],
    ['one after the other', [`a\r\n${page('1')}b\r\n${page('2')}${page('3')}c`], ['a', '1', 'b', '2', '3', 'c']],
    [
      'while the normal screen scrolls',
      [`a\r\nb\r\n${page('page')}c\r\nd\r\ne\r\nf\r\ng\r\nh`],
      ['a', 'b', 'page', 'c', 'd', 'e', 'f', 'g', 'h'],
    ],
    [
      'never within a line that wraps',
      [`${'x'.repeat(30)}${page('page')}${'y'.repeat(30)}\r\nz`],
      [`${'x'.repeat(30)}${'y'.repeat(30)}`, 'page', 'z'],
    ],
    ['where the screen is cleared afterwards', [`a\r\n${page('page')}b\x1b[H\x1b[2Jc`], ['a', 'page', 'b', 'c']],
    [
      'where the cleared screen is printed again, in front of what was read after it',
      [`cpu 1\r\n${page('page')}\x1b[H\x1b[2Jcpu 2\r\n`],
      ['page', 'cpu 2'],
    ],
    ['where it is the last thing', [`a\r\n${page('page')}`], ['a', 'page']],
    ['on the first row', [`${page('page')}a`], ['page', 'a']],
  ])('it is told where it was read: %s', async (_name, output, expected) => {
    expect(await inOrder(output)).toEqual(expected);
  });

  test('it is told where it was read after a change of size as well', async () => {
    const resize = { type: 'resize' as const, cols: 20, rows: 3 };
    const output = [Buffer.from(`a\r\nb\r\nc\r\n${page('page')}`), resize, Buffer.from('d\r\ne\r\nf')];
    expect(await inOrder(output)).toEqual(['a', 'b', 'c', 'page', 'd', 'e', 'f']);
  });

  test('it is shown live when the program ends, if all above it has been shown', () => {
    const shown = liveLines(
      [
        { delay: 0, chunk: Buffer.from('before\r\n') },
        { delay: 800, chunk: Buffer.from('\x1b[?1049h\x1b[Hpage') },
        { delay: 800, chunk: Buffer.from('\x1b[?1049l') },
        { delay: 1, chunk: Buffer.from('after\r\n') },
      ],
      { cols: 20, rows: 5 },
    );
    expect(shown.map(({ text, final }) => [text, final])).toEqual([
      ['before', false],
      ['--- full-screen program ---', false],
      ['page', false],
      ['--- end of full-screen program ---', false],
      ['after', true],
    ]);
  });

  test('a program that is told row by row is not held for ever', () => {
    const frame = (n: number): string =>
      `\x1b[?2026h${[0, 1, 2, 3, 4].map((row) => `\x1b[${row + 1};1Hrow ${n + row}\x1b[K`).join('')}\x1b[?2026l`;
    const transcript = new Transcript({ cols: 20, rows: 5 }, { alt: 'diff' });
    transcript.push(Buffer.from('before\r\n\x1b[?1049h'));
    let told = 0;
    for (let n = 0; n < 2000; n++) told += transcript.push(Buffer.from(frame(n).repeat(3))).length;
    expect(told).toBeGreaterThan(900);
    const all = [...transcript.push(Buffer.from('\x1b[?1049l')), ...transcript.end()];
    expect(all.length + told).toBe(2000 + 4 + 2 + 1);
  });

  test('a frame that was erased before leaving is still the last', async () => {
    const lines = await textOf(['\x1b[?1049hpicture\x1b[2J\x1b[H\x1b[?1049lafter']);
    expect(lines.slice(1, 2)).toEqual(['picture']);
  });

  test('a program killed inside it, in the middle of a frame, leaves its last whole one', async () => {
    const lines = await textOf(['\x1b[?1049h\x1b[Hwhole\x1b[?2026h\x1b[Hbro']);
    expect(lines.slice(1, -1)).toEqual(['whole']);
  });

  test('diff tells the rows that scrolled through it', async () => {
    const frame = (n: number): string =>
      `\x1b[?2026h${[0, 1, 2, 3, 4].map((row) => `\x1b[${row + 1};1Hrow ${n + row}\x1b[K`).join('')}\x1b[?2026l`;
    const frames = [0, 0, 0, 1, 1, 1, 3, 3, 3].map(frame);
    const lines = await textOf(['\x1b[?1049h', ...frames, '\x1b[?1049l'], { alt: 'diff', rows: 5 });
    expect(lines.slice(1, -1)).toEqual(['row 0', 'row 1', 'row 2', 'row 3', 'row 4', 'row 5', 'row 6', 'row 7']);
  });
});

describe('whatever comes', () => {
  test.each([
    ['any bytes', anyOutput],
    ['output of programs without a screen of their own', plainOutput],
  ])('%s: any split gives the same lines, offsets and all, and none has a control character', async (_name, output) => {
    await fc.assert(
      fc.asyncProperty(output, sizes, cuts, async (bytes, size, lengths) => {
        const whole = await linesOf([bytes], size);
        expect(await linesOf(pieces(bytes, lengths), size)).toEqual(whole);
        expect(whole.map((line) => line.text).join('')).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: runs(400) },
    );
  });

  test('resizes at any place lose nothing that stood above them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(12), sizes), { minLength: 1, maxLength: 6 }), async (steps) => {
        let n = 0;
        const words: string[] = [];
        const chunks = steps.flatMap(([lines, size]) => {
          const some = Array.from({ length: lines }, () => `w${n++}`);
          words.push(...some);
          return [some.map((word) => `${word}\r\n`).join(''), { type: 'resize' as const, ...size }];
        });
        const text = (await textOf(chunks, { cols: 30, rows: 8 })).join('\n');
        expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(text))).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});

test('bytes that are missing in front count in the offsets, and change nothing else', () => {
  fc.assert(
    fc.property(plainOutput, sizes, fc.nat(1e12), (output, size, missing) => {
      const whole = new Transcript(size);
      const part = new Transcript(size);
      part.feed({ type: 'missing', bytes: missing });
      const expected = [...whole.push(output), ...whole.end()].map((line) => ({
        ...line,
        offset: line.offset + missing,
        endOffset: line.endOffset + missing,
      }));
      expect([...part.push(output), ...part.end()]).toEqual(expected);
    }),
  );
});

test('what is missing in the middle ends a character, a sequence and a line, and counts in the offsets', () => {
  const transcript = new Transcript({ cols: 20, rows: 4 });
  const chunks: RenderChunk[] = [Buffer.from('one\r\ncaf\xc3', 'latin1'), { type: 'missing', bytes: 100 }];
  chunks.push(Buffer.from('two \x1b[3'), { type: 'missing', bytes: 50 }, Buffer.from('1m\r\nend'));
  const lines = chunks.flatMap((chunk) => transcript.feed(chunk));
  expect([...lines, ...transcript.end()].map(({ text, offset, endOffset }) => [text, offset, endOffset])).toEqual([
    ['one', 0, 5],
    ['caf\ufffd', 5, 9],
    ['two', 109, 113],
    ['1m', 166, 170],
    ['end', 170, 173],
  ]);
});
