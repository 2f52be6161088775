import { describe, expect, test } from 'vitest';
import { Screen, screenText } from '../../src/render/index.js';
import { bytes } from './programs.js';
import { textOf } from './text-of.js';

async function shows(output: readonly string[], size = { cols: 10, rows: 3 }): Promise<readonly string[]> {
  return await screenText(
    output.map((text) => bytes(text)),
    size,
  );
}

describe('the screen', () => {
  test('the cursor is told as the report has it, after everything written', async () => {
    const screen = new Screen({ cols: 10, rows: 3 });
    screen.write(bytes('ab\r\ncd'));
    expect(await screen.cursor()).toEqual({ row: 2, col: 3 });
    screen.write(bytes('x'.repeat(8)));
    expect(await screen.cursor()).toEqual({ row: 2, col: 10 });
  });

  test('a size no terminal has is brought within bounds', () => {
    const screen = new Screen({ cols: 1, rows: 65_535 });
    expect(screen.cols).toBe(2);
    expect(screen.rows()).toHaveLength(1024);
  });

  test('queries are read without an answer, a title without a trace', async () => {
    expect(await shows(['a\x1b[c\x1b[6n\x1b]0;title\x07\x1bktitle\x1b\\\x1bP+q544e\x1b\\b'])).toEqual(['ab', '', '']);
  });

  test('colours come out in the frame where they were asked for', () => {
    const screen = new Screen({ cols: 10, rows: 2 }, { styles: true });
    screen.write(bytes('a\x1b[1;31mb\x1b[0m'));
    const [first] = screen.frame().lines;
    expect(first?.map((run) => [run.text, run.style.bold, run.style.foreground])).toEqual([
      ['a', false, { type: 'default' }],
      ['b', true, { type: 'palette', index: 1 }],
    ]);
  });
});

/** The largest count that is handed to the emulator. */
const LARGEST = 9999;

/** The numbers are those of the list that the engine was built against. */
describe('nasty cases', () => {
  test('1: erasing parts of a fresh screen from each of its cells', async () => {
    const cells = [1, 2, 3].flatMap((row) => Array.from({ length: 10 }, (_, col) => ({ row, col: col + 1 })));
    for (const { row, col } of cells) {
      for (const part of [0, 1, 2]) {
        const [cursor, erase] = [`\x1b[${row};${col}H`, `\x1b[${part}J`];
        expect((await shows([cursor, erase, 'o']))[row - 1]).toBe(`${' '.repeat(col - 1)}o`);
      }
    }
  });

  test.each(['b', 'S', 'L', 'T', 'M', '@', 'P', 'X', 'I', 'Z', 'A', 'C'])(
    '2: CSI %s with a count above the largest does what it does with the largest',
    async (final) => {
      const size = { cols: 80, rows: 24 };
      expect(await shows([`a\x1b[${LARGEST + 1}${final}b`], size)).toEqual(
        await shows([`a\x1b[${LARGEST}${final}b`], size),
      );
    },
  );

  test('4, 5: escapes and characters split at every byte, and invalid UTF-8', async () => {
    const output = bytes('\x1b[1;5Hé🚀\x1b[31m日\x1b]0;✳\x1b\\x');
    const whole = await screenText([output], { cols: 20, rows: 2 });
    for (let at = 1; at < output.length; at++) {
      expect(await screenText([output.subarray(0, at), output.subarray(at)], { cols: 20, rows: 2 })).toEqual(whole);
    }
    expect(await screenText([Uint8Array.of(0x61, 0xff, 0xc3, 0x0a, 0x0d, 0xe2, 0x9c)], { cols: 9, rows: 2 })).toEqual([
      'a\ufffd\ufffd',
      '\ufffd',
    ]);
  });

  test('8: rows that a resize cuts below the cursor are told', async () => {
    const resize = { type: 'resize' as const, cols: 10, rows: 2 };
    const lines = await textOf(['a\r\nb\r\nc\r\nd\x1b[H', resize, 'A'], { cols: 10, rows: 4 });
    expect([...lines].sort()).toEqual(['A', 'b', 'c', 'd']);
  });

  test('9: rows that a resize adds do not bring back what was told', async () => {
    const resize = { type: 'resize' as const, cols: 10, rows: 6 };
    expect(await textOf(['a\r\nb\r\nc\r\nd', resize, '\r\ne'], { cols: 10, rows: 2 })).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  test('10, 11: a wide character at the edge, a wrap across chunks and across the top of the screen', async () => {
    const long = `${'x'.repeat(9)}日${'y'.repeat(40)}`;
    expect(await textOf([long.slice(0, 5), long.slice(5, 12), long.slice(12)], { cols: 10, rows: 2 })).toEqual([long]);
  });

  test('12: a mark after a cursor movement goes onto the character before it', async () => {
    expect(await shows(['abc\x1b[1;3H\u0301d'])).toEqual(['ab\u0301d', '', '']);
    expect(await shows(['\u0301a'])).toEqual(['a', '', '']);
  });

  test('12: a mark at the left edge is dropped within a scrolling region and where nothing wraps as well', async () => {
    expect(await shows(['\x1b[2;3r\u0301a\x1b[1;5H\u0301b'])).toEqual(['a   \u0301b', '', '']);
    expect(await shows(['\x1b[?7l\u0301a'])).toEqual(['a', '', '']);
  });

  test('13: joined emoji take one cell of two columns', async () => {
    expect(await shows(['👩‍💻|'])).toEqual(['👩‍💻|', '', '']);
    expect(await shows(['\x1b[1;9H👩‍💻|'])).toEqual(['        👩‍💻', '|', '']);
  });

  test('14: moving over text leaves it', async () => {
    expect(await shows(['stale text\r\x1b[6Cnew'])).toEqual(['stale newt', '', '']);
  });

  test('15: margins left set on the alternate screen do not hold on the normal one', async () => {
    const lines = await textOf(['a\r\n\x1b[?1049h\x1b[2;3r\x1b[?1049lb\r\nc\r\nd\r\ne'], {
      cols: 10,
      rows: 3,
      alt: 'none',
    });
    expect(lines).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('15: an alternate screen that comes after a resize scrolls within the size it has', () => {
    const screen = new Screen({ cols: 4, rows: 3 });
    screen.resize({ cols: 4, rows: 1 });
    screen.write(bytes('\x1b[?1049hone two'));
    expect(screen.rows().map((row) => row.text)).toEqual(['two']);
  });

  test('15: rows that leave a scrolling region below other rows are told', async () => {
    const lines = await textOf(['head\r\n\x1b[2;4r\x1b[2;1Ha\r\nb\r\nc\r\nd\x1bDe'], { cols: 10, rows: 4 });
    expect(lines).toEqual(['a', 'b', 'head', 'c', 'd', ' e']);
  });

  test('17: a program killed in a synchronized update leaves its text', async () => {
    expect(await textOf(['a\r\n\x1b[?2026hb'])).toEqual(['a', 'b']);
  });

  test('18: about to wrap, then a line feed, a return, or the alternate screen', async () => {
    const full = 'x'.repeat(10);
    expect(await shows([`${full}\r\ny`])).toEqual([full, 'y', '']);
    expect(await shows([`${full}\ry`])).toEqual([`y${'x'.repeat(9)}`, '', '']);
    expect(await shows([`${full}\x1b[?1049hz\x1b[?1049ly`])).toEqual([full, 'y', '']);
  });

  test('20: a reset, a title, an APC ended by BEL, a character set left on', async () => {
    expect(await shows(['a\x1bcb\x1bkt\x1b\\\x1b_x\x07c'])).toEqual(['bc', '', '']);
    expect(await textOf(['first\x1bcb'])).toEqual(['first', 'b']);
    expect(await shows(['\x1b(0q\x1bc q'])).toEqual([' q', '', '']);
  });

  test('after a reset a line feed keeps its column, whatever LNM was before', async () => {
    expect(await shows(['\x1b[20h\x1bcab\ncd'])).toEqual(['ab', '  cd', '']);
  });

  test('a heap of marks on one character is no more than a cell can hold', async () => {
    const [first] = await shows([`a${'\u0301'.repeat(3000)}`], { cols: 20, rows: 2 });
    expect(first?.length).toBeLessThan(2000);
  });

  test('rows of nothing but marks take no more memory than others', () => {
    const screen = new Screen({ cols: 80, rows: 24 });
    const marks = Buffer.from('\u0301'.repeat(32_768));
    screen.write(bytes('a'));
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 150; n++) screen.write(marks);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  test('a line without end is told in pieces', () => {
    const left: number[] = [];
    const screen = new Screen({ cols: 80, rows: 24 }, { observer: { scrolledOff: (rows) => left.push(rows.length) } });
    for (let n = 0; n < 50; n++) screen.write(Buffer.alloc(100_000, 'x'));
    expect(left.reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(62_000);
  });
});

test('a saved cursor is where it was when the screen has scrolled since and goes on from its state', () => {
  const whole = new Screen({ cols: 10, rows: 3 });
  whole.write(Buffer.from('one\r\ntwo\r\nthree\x1b[2;2H\x1b7\x1b[3;1H\r\nfour\r\nfive'));
  const resumed = Screen.resume(whole.save());
  for (const screen of [whole, resumed]) {
    screen.write(Buffer.from('\x1b8!'));
    expect(screen.rows().map(({ text }) => text)).toEqual(['three', 'f!ur', 'five']);
  }
});
