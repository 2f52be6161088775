import type { RenderChunk } from '../../src/render/index.js';
import { inkProgram, type InkStep } from './programs.js';

/** Output that breaks transcripts, each as it came whole; the numbers are those of the list the engine was built against. */
export interface NastyCase {
  readonly name: string;
  readonly cols: number;
  readonly rows: number;
  readonly chunks: readonly RenderChunk[];
}

const SMALL = { cols: 10, rows: 4 };

const lines = (count: number): string => Array.from({ length: count }, (_, n) => `line ${n}\r\n`).join('');

/** One picture after the other, each with a spinner below lines that stay: an Ink program taller than its screen. */
const storm = (...between: readonly InkStep[]): Pick<NastyCase, 'cols' | 'rows' | 'chunks'> => {
  const frame = (): InkStep => ({ type: 'render', statics: 2, frameRows: 14 });
  const some = Array.from({ length: 6 }, frame);
  return inkProgram(40, 10, [...some, ...between, ...some]);
};

export const nastyCases: readonly NastyCase[] = [
  output(
    '1: erasing at the corners of a fresh screen',
    ...['1;1', '1;10', '4;1', '4;10'].flatMap((corner) => [0, 1, 2].map((part) => `\x1b[${corner}H\x1b[${part}Jok`)),
  ),
  output(
    '2: counts above the largest',
    ...['b', 'S', 'L', 'T', 'M', '@', 'P', 'X', 'I', 'Z', 'A', 'C'].map((final) => `a\x1b[10000${final}b\r\n`),
  ),
  output('3: a string that does not end', `seen\r\n\x1b]0;${'x'.repeat(20_000)}`),
  output(
    '3: a string longer than what is kept of it',
    `a\x1bP${'q'.repeat(20_000)}\x1b\\b\x1b_${'z'.repeat(9000)}\x07c`,
  ),
  output(
    '4: escapes of every kind',
    '\x1b[1;31mred\x1b[0m\x1b[2;3Hx\x1b]8;;http://a.b\x1b\\link\x1b]8;;\x07\x1b(0q\x1b(B\x1b#8\x1b[!p\x1b[?25l\u009b2Kend',
  ),
  bytes('5: bytes that are no UTF-8, and characters cut short', [
    ...[0x61, 0xff, 0xc3, 0x0a, 0x0d, 0xe2, 0x9c, 0x62, 0xf0, 0x9f, 0x9a, 0x80, 0xed, 0xa0, 0x80, 0xc0, 0xaf],
    ...[0x1b, 0x5b, 0xc3, 0xa9, 0x41, 0xf0, 0x9f],
  ]),
  { name: '6: everything cleared and printed again, with a spinner', ...storm() },
  {
    name: '7: the same with a change of width in between',
    ...storm({ type: 'resize', cols: 30, rows: 12 }),
  },
  sized('8: fewer rows, with text below the cursor', SMALL, [
    'a\r\nb\r\nc\r\nd\x1b[H',
    { type: 'resize', cols: 10, rows: 2 },
    'A\r\nB\r\nC',
  ]),
  sized('9: more rows after a scroll', SMALL, [lines(9), { type: 'resize', cols: 12, rows: 9 }, 'more\r\n', lines(9)]),
  output('10: a wide character at the last column', `${'x'.repeat(9)}日本${'y'.repeat(14)}語`),
  output('11: wraps over the top of the screen', `${'long '.repeat(60)}\r\n${'x'.repeat(95)}\r\nend`),
  output('12: a mark after a movement', 'abc\x1b[1;3H\u0301d\r\n\u0301e\x1b[2C\u0301\r\n\x1b[5G\u0301'),
  output(
    '13: selectors, joiners and flags at the margin',
    '\x1b[1;9H👩‍💻|\r\n\x1b[10G❤️\r\n\x1b[8G🇩🇪🇫🇷\r\n\x1b[9G👍🏽x\r\n\x1b[10Gé\u0301',
  ),
  output('14: moving over text', 'stale text\r\x1b[6Cnew\r\n\x1b[3Cx\x1b[2Cy'),
  output(
    '15: a region that scrolls below other rows',
    'head\r\n\x1b[2;3r\x1b[2;1Ha\r\nb\r\nc\r\nd\x1bDe\x1b[r\x1b[4;1Hf',
  ),
  output(
    '15: margins left set on the alternate screen',
    `a\r\n\x1b[?1049h\x1b[2;3r\x1b[3;1Hx\r\ny\x1b[?1049l${lines(6)}`,
  ),
  output(
    '16: home and erase used as a clear',
    ...Array.from({ length: 6 }, (_, n) => `\x1b[H\x1b[Jup ${n} day\r\nload ${n}`),
  ),
  output('17: killed on the alternate screen', 'before\r\n\x1b[?1049h\x1b[Hpage\x1b[2;3Hmore'),
  output('17: killed in a synchronized update', 'a\r\n\x1b[?2026hb\r\nc'),
  output('17: killed in both', 'a\r\n\x1b[?1049h\x1b[Hwhole\x1b[?2026h\x1b[Hbro'),
  output('18: about to wrap, then a line feed', `${'x'.repeat(10)}\r\ny${'z'.repeat(9)}\nw`),
  output('18: about to wrap, then a return', `${'x'.repeat(10)}\ry\r\n${'x'.repeat(10)}\x1b[Ay`),
  output('18: about to wrap, then the alternate screen', `${'x'.repeat(10)}\x1b[?1049hz\x1b[?1049ly`),
  output('19: a bar without newline at the end', 'start\r\n  1%\r 50%\r100%'),
  output(
    '20: a saved cursor, a reset, a title, an APC ended by BEL, a character set left on',
    'a\x1b7\r\nb\r\nc\x1b8d\x1bcfirst\x1bkt\x1b\\\x1b_x\x07c\x0eqx\x0f\r\n\x1b(0qqq\x1bcq',
  ),
];

/** What `npm run fuzz` found, made small. */
export const foundCases: readonly NastyCase[] = [
  sized('rows that nothing was written to', { cols: 2, rows: 3 }, ['\x1b[1\n2Hsome words\n']),
  sized('a row that was wrapped to, erased and written again', { cols: 2, rows: 1 }, [
    'some words\x1b[2K\x1b[Gsome words',
  ]),
  sized('the same above the last row', { cols: 4, rows: 3 }, ['some words\x1b[2K\rmore words\r\nthe last']),
  sized('a change of width in a line that wraps', { cols: 4, rows: 3 }, [
    'some words that wrap',
    { type: 'resize', cols: 3, rows: 4 },
    ' and some\x1b[2K\rmore of them\r\nend',
  ]),
];

function output(name: string, ...pieces: readonly string[]): NastyCase {
  return sized(name, SMALL, pieces);
}

function bytes(name: string, codes: readonly number[]): NastyCase {
  return { name, ...SMALL, chunks: [Uint8Array.from(codes)] };
}

function sized(
  name: string,
  size: { readonly cols: number; readonly rows: number },
  chunks: readonly (string | RenderChunk)[],
): NastyCase {
  return { name, ...size, chunks: chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) };
}
