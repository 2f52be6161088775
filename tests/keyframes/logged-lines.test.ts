import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areLinesIn, linesIn } from '../../src/keyframes/logged-lines.js';
import { condensed } from '../../src/render/redraw/line-state.js';

const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\v',
    '\x1b[1;38:5:3m',
    '\x1b[m',
    '\x1b[K',
    '\x1b[2J',
    '\x1b',
    '\x1b[3',
    '\u00a0',
    'é',
    '日本',
  ),
  fc.string({ maxLength: 5 }),
);
const output = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join('')));

test('lines that are found in the log are those that it gives, whatever the white space between', () => {
  fc.assert(
    fc.property(output, fc.nat(1000), fc.constantFrom('', ' ', '\t '), (bytes, offset, blanks) => {
      const { texts, ends } = linesIn(bytes, offset);
      const apart = texts.map((text) => Array.from(text).join(blanks));
      expect(areLinesIn(bytes, offset, { texts: apart, ends })).toBe(true);
    }),
  );
});

test('other lines are not found in the log', () => {
  fc.assert(
    fc.property(output, output, fc.nat(5), (bytes, others, moved) => {
      const { texts, ends } = linesIn(others, 0);
      const shifted = ends.map((end) => end + moved);
      const found = linesIn(bytes, 0);
      const isSame =
        found.texts.length === texts.length &&
        found.texts.every((text, at) => text === condensed(texts[at] ?? '') && found.ends[at] === shifted[at]);
      expect(areLinesIn(bytes, 0, { texts, ends: shifted })).toBe(isSame);
    }),
    {
      examples: [
        [Buffer.from('a b\n'), Buffer.from('a c\n'), 0],
        [Buffer.from('ab'), Buffer.from('abc'), 0],
        [Buffer.from('a\nb\n'), Buffer.from('a\n'), 0],
      ],
    },
  );
});
