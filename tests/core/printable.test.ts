import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableJson } from '../../src/core/printable.js';

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
