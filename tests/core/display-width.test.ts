import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemeWidth } from '../../src/core/terminal/cell-width.js';
import { displayWidth, truncate } from '../../src/core/terminal/display-width.js';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Letters, signs and scripts of every kind, with marks, joiners and modifiers. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'é',
        'e\u0301',
        '·',
        '─',
        '●',
        '⎿',
        '✳\ufe0f',
        '日',
        '、',
        '〰',
        '\u303d\ufe0f',
        '한',
        '\u1112\u1161',
        'ｗ',
      ),
      fc.constantFrom(
        '👩‍💻',
        '👍🏽',
        '🇩🇪',
        '🇩',
        '\u200d',
        '\ufe0f',
        '\u0903',
        '\u0915\u0903',
        '\u2028',
        '\u00ad',
        'ก\u0e33',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join('').replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ''));

describe('the width of a line', () => {
  test('is that of its characters, each with all that is drawn in its place', () => {
    fc.assert(
      fc.property(text, (line) => {
        const widths = [...segmenter.segment(line)].map(({ segment }) => graphemeWidth(segment));
        expect(displayWidth(line)).toBe(widths.reduce<number>((sum, width) => sum + width, 0));
      }),
      { numRuns: 2000 },
    );
  });

  test('is never more than where it is cut, and a line that fits is left as it is', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (line, columns) => {
        const cut = truncate(line, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(line) <= columns) expect(cut).toBe(line);
      }),
    );
  });

  test('does not count colours and links', () => {
    expect(displayWidth('\x1b[31m日本\x1b[0m \x1b]8;;https://example.org\x07a\x1b]8;;\x07')).toBe(6);
  });
});
