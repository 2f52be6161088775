import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Screen } from '../../src/render/screen/screen.js';
import { Transcript } from '../../src/render/transcript/transcript.js';
import { runs } from '../fixtures/runs.js';
import { hasTmux, ResizedTmux, tmuxLines } from './tmux.js';

const SIZE = { cols: 12, rows: 10 };

/** What goes down over the second row of a line that the terminal wrapped. */
const DOWN = {
  'a line feed': '\n',
  'a carriage return and a line feed': '\r\n',
  'a vertical tab': '\v',
  'a form feed': '\f',
  IND: '\x1bD',
  NEL: '\x1bE',
  'a cursor movement': '\x1b[B',
  CNL: '\x1b[E',
};

const LONG = { narrow: 'abcdefghijklmnopqrst', wide: '一二三四五六七八', 'of both widths': 'abcdefghijk日本語x' };

describe.each(Object.entries(LONG))('a wrapped line, %s,', (_, text) => {
  test.each(Object.entries(DOWN))('stays whole when %s goes over its second row', (_, down) => {
    const output = `${text}\r\nnext\r\n\x1b[3A\r${down}${down}\r\nend`;
    for (const lines of readings(output))
      expect(lines).toEqual([text, 'next', '', 'end'].filter((line) => line !== ''));
  });

  test('stays whole when a bar below it goes up and down', () => {
    const output = `${text}\r\n${'\n\rbar\x1b[A'.repeat(3)}\x1b[2A\r\n\n\n\nend`;
    for (const lines of readings(output)) expect(lines[0]).toBe(text);
  });

  test('is parted when its first row is written again up to its end, and the cursor goes on elsewhere', () => {
    for (const down of ['\r\n', '\n\r', '\x1bE', '\x1bD\r', '\r\x1b[B']) {
      const output = `${text}\x1b[A\r${'#'.repeat(12)}${down}\x1b[Kmore`;
      for (const lines of readings(output)) expect(lines).toEqual(['#'.repeat(12), 'more']);
    }
  });

  test('is parted by a line feed when its first row ends earlier', () => {
    const output = `${text}\x1b[A\rshort\x1b[K\r\nother`;
    for (const lines of readings(output)) expect([lines[0], lines[1]?.slice(0, 5)]).toEqual(['short', 'other']);
  });
});

test('a line is wrapped into the row below again where text goes on', () => {
  const text = 'abcdefghijklmnopqrst';
  for (const lines of readings(`${text}\x1b[A\r${text}\r\nnext`)) expect(lines).toEqual([text, 'next']);
});

test.skipIf(!hasTmux)('tmux has the same lines when the cursor goes over wrapped rows', { timeout: 120_000 }, () => {
  const line = fc.constantFrom('short', 'abcdefghijklmnopqrstu', '一二三四五六七八九', 'x'.repeat(40));
  const over = fc.tuple(
    fc.integer({ min: 1, max: 8 }),
    fc.constantFrom(...Object.values(DOWN)),
    fc.integer({ min: 1, max: 8 }),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.array(over, { maxLength: 4 }), (texts, moves) => {
      const passes = moves.map(([up, down, times]) => `\x1b[${up}A\r${down.repeat(times)}`).join('');
      const output = `${texts.join('\r\n')}\r\n${passes}\x1b[99B\r\nend`;
      const size = { cols: 13, rows: 40 };
      const transcript = new Transcript(size);
      const lines = [...transcript.push(Buffer.from(output)), ...transcript.end()].map(({ text }) => text);
      expect(lines).toEqual(tmuxLines(Buffer.from(output), size));
    }),
    { numRuns: runs(15) },
  );
});

test.skipIf(!hasTmux)(
  'tmux has the same lines when all above the cursor is erased below lines that scrolled off',
  { timeout: 120_000 },
  () => {
    using tmux = new ResizedTmux();
    const size = { cols: 12, rows: 5 };
    const history = ['a line that wraps', 'short', '='.repeat(30), '二つの行にわたる', 'another one that wraps'];
    const ends = { 'at the end of a row': 12, 'about to wrap': 13 };
    for (const [where, col] of Object.entries(ends)) {
      for (const row of [1, 2, 4]) {
        const erase = `\x1b[${row};1H${col === 13 ? '-'.repeat(12) : `\x1b[${row};${col}H`}\x1b[1J`;
        // With what scrolls right in front of it, and with what is read by other ways.
        for (const scrolls of ['\r\n'.repeat(3), '\x1b[5;1H\x1bD\x1bD\x1bD', `\x1b[5;1H${'é'.repeat(40)}`]) {
          const output = `${history.join('\r\n')}${scrolls}${erase}\x1b[5;1H\r\nend`;
          const transcript = new Transcript(size);
          const lines = [...transcript.push(Buffer.from(output)), ...transcript.end()].map(({ text }) => text);
          expect({ where, row, lines }).toEqual({ where, row, lines: tmux.run(size, [output]) });
        }
      }
    }
  },
);

/** The lines as each reader has them: the fast path, the emulator alone, and a screen that skims lines. */
function readings(output: string): readonly (readonly string[])[] {
  const bytes = Buffer.from(output);
  const options = [{}, { fastPath: false }, { styles: true }];
  const screens = options.map((option) => {
    const screen = new Screen(SIZE, option);
    screen.write(bytes);
    const rows = screen.rows();
    const lines: string[] = [];
    for (const row of rows) {
      if (row.wrapped) lines.push(`${lines.pop() ?? ''}${row.text}`);
      else lines.push(row.text);
    }
    return lines.filter((line) => line !== '');
  });
  const transcript = new Transcript(SIZE);
  const lines = [...transcript.push(bytes), ...transcript.end()].map(({ text }) => text);
  return [...screens, lines.filter((line) => line !== '')];
}
