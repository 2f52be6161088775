import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  printable,
  printableJson,
  printableJsonLine,
  visible,
  withoutInvisible,
} from '../../src/core/text/printable.js';

const anything = fc.string({ unit: 'binary' });

test('a printable text is one line without control characters, and otherwise what it was', () => {
  expect(printable('a\nb\x1b[0m\x9bc\x7f — ü 日本 👩‍💻')).toBe('a\\nb\\x1b[0m\\x9bc\\x7f — ü 日本 👩‍💻');
  fc.assert(fc.property(anything, (text) => !/[\x00-\x1f\x7f-\x9f]/.test(printable(text))));
});

test('printable JSON means the same and holds no control character but line ends', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const json = printableJson({ text });
      expect(JSON.parse(json)).toEqual({ text });
      expect(json).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});

/** What turns text round, hides it, or parts lines where nobody sees it. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u;

test.each([
  ['an override of the direction', 'a\u202ecba', 'a\\u202ecba'],
  ['an isolate', '\u2067a\u2069', '\\u2067a\\u2069'],
  ['a mark', 'a\u200f\u061c', 'a\\u200f\\u061c'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['a tag', 'a\u{e0041}', 'a\\u{e0041}'],
  ['half a character', 'a\ud800', 'a\\ud800'],
])('%s is shown by its number', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('letters of all scripts, and emoji that are joined, stay what they are', () => {
  for (const text of ['שלום', 'سلام\u200cدنیا', 'क्‍ष', '👩‍💻', '1️⃣', 'é']) {
    expect([printable(text), visible(text)]).toEqual([text, text]);
  }
});

test('nothing that is shown to people or written as JSON has what is unseen in it', () => {
  const text = fc
    .array(fc.oneof(anything, fc.constantFrom('\u202e', '\u2066', '\u200f', '\u{e0001}', '\ufeff')))
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, (given) => {
      for (const shown of [printable(given), visible(given), withoutInvisible(given)])
        expect(shown).not.toMatch(UNSEEN);
      for (const json of [printableJson({ given }), printableJsonLine({ given })]) {
        expect(json).not.toMatch(UNSEEN);
        expect(JSON.parse(json)).toEqual({ given });
      }
    }),
  );
});
