import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonString } from '../../src/core/text/json-string.js';

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '\x1b', '\r', '\n', '\x7f', '\u2028', '✓', '🚀'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
  maxLength: 60,
});

test('the bytes of a text are the JSON that JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const utf8 = Buffer.from(text);
      expect(jsonString(utf8, '[1, ', ']').toString()).toBe(`[1, ${JSON.stringify(utf8.toString())}]`);
    }),
  );
});
