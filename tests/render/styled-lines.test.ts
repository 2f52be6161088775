import fc from 'fast-check';
import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import { linesToAnsi, linesToText } from '../../src/render/pictures/print-lines.js';
import { type Line, Transcript, type TranscriptOptions } from '../../src/render/index.js';
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
