import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pasteBytes, placeOf, refusedCharacter } from '../../src/core/terminal/paste.js';

const BEGINS = '\x1b[200~';
const ENDS = '\x1b[201~';

/** Text, with what may break it among it. */
const pieces = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme' }) },
  { weight: 3, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\t', 'é', '🙂') },
  { weight: 1, arbitrary: fc.constantFrom(BEGINS, ENDS, '\x1b', '\x9b201~', '\x03', '\0', '\x7f', '\ud800') },
);
const texts = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));

test('what is accepted comes back from its bytes, is never cut by a mark, and holds no control character but tab and Enter', () => {
  fc.assert(
    fc.property(texts, fc.boolean(), (text, isBracketed) => {
      if (refusedCharacter(text) !== undefined) return;
      const typed = Buffer.from(pasteBytes(text, isBracketed)).toString();
      const inside = isBracketed ? typed.slice(BEGINS.length, -ENDS.length) : typed;
      if (isBracketed) expect([typed.startsWith(BEGINS), typed.endsWith(ENDS)]).toEqual([true, true]);
      expect(inside).toBe(text.replaceAll('\r\n', '\r').replaceAll('\n', '\r'));
      expect(inside).not.toMatch(/[^\P{Cc}\t\r]/u);
    }),
  );
});

test('a text is refused just where it holds a control character or half a character, with the place of the first', () => {
  const isRefused = (unit: string): boolean => /^(?:[^\P{Cc}\t\n\r]|\p{Surrogate})$/u.test(unit);
  fc.assert(
    fc.property(texts, (text) => {
      const characters = Array.from(text);
      const at = characters.findIndex(isRefused);
      const index = at === -1 ? undefined : characters.slice(0, at).join('').length;
      expect(refusedCharacter(text)?.index).toBe(index);
    }),
  );
  for (const code of Array.from({ length: 0xa0 }, (_, at) => at).filter((code) => isRefused(String.fromCharCode(code))))
    expect(refusedCharacter(`é\n${String.fromCharCode(code)}x`)).toEqual({ code, index: 2 });
  expect(placeOf({ code: 0x1b, index: 12 })).toBe('U+001B at character 13');
});
