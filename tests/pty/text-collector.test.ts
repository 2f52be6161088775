import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextCollector } from '../../src/pty/exec/text-collector.js';

/** Cuts `bytes` at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((to, index) => bytes.subarray(at[index], to));
}

describe('text made of chunks', () => {
  test('is the text, wherever the chunks were cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat()), (text, places) => {
        let heard = '';
        const collector = new TextCollector((piece) => (heard += piece));
        for (const chunk of cut(Buffer.from(text), places)) collector.push(chunk);
        expect(collector.end()).toBe(Buffer.from(text).toString());
        expect(heard).toBe(Buffer.from(text).toString());
        expect(collector.truncated).toBe(false);
      }),
    );
  });

  test('is that of the whole, for bytes that are no text too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.nat()), (bytes, places) => {
        const collector = new TextCollector();
        for (const chunk of cut(bytes, places)) collector.push(chunk);
        expect(collector.end()).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      }),
    );
  });

  test('the half of a character that is left over at the end is said to be damaged', () => {
    const collector = new TextCollector();
    collector.push(Uint8Array.of(0x6f, 0xc3));
    expect(collector.end()).toBe('o\ufffd');
  });
});
