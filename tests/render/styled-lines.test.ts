import fc from 'fast-check';
import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import { linesToAnsi, linesToText } from '../../src/render/pictures/print-lines.js';
import { frameToAnsi, type Line, Screen, Transcript, type TranscriptOptions } from '../../src/render/index.js';
import { runsOf } from '../../src/render/model/runs-later.js';
import { anyOutput, plainOutput, sizes } from './generators.js';

type Size = { readonly cols: number; readonly rows: number };

function lines(output: string | Uint8Array, size: Size, options: TranscriptOptions): readonly Line[] {
  const transcript = new Transcript(size, options);
  return [...transcript.push(Buffer.from(output)), ...transcript.end()];
}

describe('lines in their colours', () => {
  test('are the lines without them, but for the colours', () => {
    fc.assert(
      fc.property(fc.oneof(anyOutput, plainOutput), sizes, fc.constantFrom('final', 'diff'), (output, size, alt) => {
        const plain = lines(output, size, { alt });
        const styled = lines(output, size, { alt, styles: true });
        expect(stripAnsi(linesToAnsi(styled))).toBe(linesToText(plain));
        expect(styled.map(({ offset, endOffset }) => [offset, endOffset])).toEqual(
          plain.map(({ offset, endOffset }) => [offset, endOffset]),
        );
      }),
    );
  });

  test('keep them across a wrap, with the blanks in between, without those at the end', () => {
    const output = '\x1b[31mred\x1b[0m \x1b[1mbold \x1b[0m   \r\n\x1b[44m12345678\x1b[32m90\x1b[0m  \r\n';
    expect(linesToAnsi(lines(output, { cols: 8, rows: 4 }, { styles: true }))).toBe(
      '\x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m\n\x1b[44m12345678\x1b[0m\x1b[32;44m90\x1b[0m\n',
    );
  });

  test('keep them in what a full-screen program left', () => {
    const output = '\x1b[?1049h\x1b[H\x1b[7m title \x1b[0m\r\n\x1b[32mok\x1b[0m\x1b[?1049l';
    expect(linesToAnsi(lines(output, { cols: 20, rows: 4 }, { styles: true }))).toBe(
      '--- full-screen program ---\n\x1b[7m title\x1b[0m\n\x1b[32mok\x1b[0m\n--- end of full-screen program ---\n',
    );
  });
});

describe('the colours of a row that a line feed brought', () => {
  const size = { cols: 24, rows: 5 };
  const blue = ['\x1b[44m', '', 'in blue', '\tblue, too'];
  const plain = ['\x1b[m', '\x1b[K', 'plain', 'in\ttwo'];
  const orders = [
    [...blue, ...plain],
    [...plain, ...blue],
    ['\x1b[44mfirst', 'second\x1b[m', 'third'],
    ['a\x1b[44m', 'b\x1b[m', '\x1b[42m', '\x1b[m'],
  ];

  test.each(orders.map((lines) => [lines]))('are the same where many lines are read at once: %j', (some) => {
    const lines = some.map((text) => `${text}\r\n`).join('');
    const output = Buffer.from(`start\r\n${lines.repeat(Math.ceil(50_000 / lines.length))}`);
    const [quick, slow] = [true, false].map((fastPath) => new Screen(size, { styles: true, fastPath }));
    const [later, now] = [{ savable: true }, { styles: true }].map((options) => new Transcript(size, options));
    for (let at = 0; at < output.length; at += 12_001) {
      const bytes = output.subarray(at, at + 12_001);
      for (const reader of [quick, slow, later, now]) reader?.feed(bytes);
      expect(quick && frameToAnsi(quick.frame())).toBe(slow && frameToAnsi(slow.frame()));
      const waiting = [later, now].map((transcript) => transcript?.live().waiting.map((line) => runsOf(line)));
      expect(waiting[0]).toHaveLength(25);
      expect(waiting[0]).toEqual(waiting[1]);
    }
  });
});
