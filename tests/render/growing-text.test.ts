import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EmittedLines } from '../../src/render/redraw/emitted-lines.js';
import { GrowingText } from '../../src/render/transcript/growing-text.js';

describe('text that is kept together', () => {
  test('is all that was appended, in its order, however long the parts are', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.nat(40_000).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(part, fc.array(part, { maxLength: 12 }), (begun, parts) => {
        const text = new GrowingText(begun);
        for (const some of parts) text.append(some);
        const whole = begun + parts.join('');
        expect(text.toString()).toBe(whole);
        expect(text).toHaveLength(whole.length);
      }),
    );
  });

  test('gives each emitted line back, however many were emitted at once', () => {
    const line = fc.record({ text: fc.string({ unit: 'grapheme' }), endOffset: fc.nat() });
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 5 }), { maxLength: 8 }), (batches) => {
        const emitted = new EmittedLines();
        const oneByOne = new EmittedLines();
        for (const batch of batches) {
          const lines = batch.map((some) => ({ ...some, offset: 0, final: true }));
          emitted.add(lines);
          for (const single of lines) oneByOne.add([single]);
        }
        const { length } = batches.flat();
        expect(emitted).toHaveLength(length);
        expect(emitted.save()).toEqual(oneByOne.save());
        expect(emitted.save().ends).toEqual(batches.flat().map(({ endOffset }) => endOffset));
      }),
    );
  });
});
