import { describe, expect, test } from 'vitest';
import { manText } from '../../src/cli/man/man-text.js';

/** The text of a page that has these lines, without its last line end. */
function text(columns: number, ...lines: readonly string[]): readonly string[] {
  return manText(lines.map((line) => `${line}\n`).join(''), columns)
    .slice(0, -1)
    .split('\n');
}

describe('a page of the manual as plain text', () => {
  test('has headings at the margin, and paragraphs beneath them', () => {
    expect(
      text(80, '.TH ORCH 1', '.SH NAME', 'orch \\- runs agents', '.SH MORE', '.SS Files', 'a', '.PP', 'b'),
    ).toEqual(['NAME', '       orch - runs agents', '', 'MORE', '   Files', '       a', '', '       b']);
  });

  test('fills lines up to the last column and no further, and gives a longer word a line of its own', () => {
    expect(text(14, '.SH A', 'one two', 'three four', 'extraordinary x')).toEqual([
      'A',
      '       one two',
      '       three',
      '       four',
      '       extraordinary',
      '       x',
    ]);
  });

  test('counts wide characters as two columns', () => {
    expect(text(14, '.SH A', '日本 日本', '日 日')).toEqual(['A', '       日本', '       日本 日', '       日']);
  });

  test('leaves lines between nf and fi as they are', () => {
    expect(text(12, '.SH A', '.nf', 'as long as it is', 'b', '.fi', 'one', 'two')).toEqual([
      'A',
      '       as long as it is',
      '       b',
      '       one',
      '       two',
    ]);
  });

  test('puts a short tag in front of its text, and a long one above', () => {
    expect(text(20, '.SH A', '.TP', '\\fB-a\\fR', 'one two', '.TP', '--long', 'three')).toEqual([
      'A',
      '       -a     one',
      '              two',
      '',
      '       --long',
      '              three',
    ]);
  });

  test('indents what stands between RS and RE', () => {
    expect(text(40, '.SH A', 'out', '.RS 4', 'in', '.RE', 'out')).toEqual([
      'A',
      '       out',
      '           in',
      '       out',
    ]);
  });

  test('has the characters that escapes stand for', () => {
    expect(text(80, '.SH A', '\\&.x \\(rsn \\(aqq\\(aq \\(ha\\(ti\\(ga\\(dq \\[u2026] a\\-b \\fIi\\fR')).toEqual([
      'A',
      "       .x \\n 'q' ^~`\" … a-b i",
    ]);
  });
});
