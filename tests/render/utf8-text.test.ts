import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceEnd, type Utf8Piece, Utf8Text } from '../../src/render/model/utf8-text.js';
import { runs } from '../fixtures/runs.js';
import { cuts, pieces } from './generators.js';

/** Bytes that begin, continue, end and break characters. */
const almostText = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x61, 0x0a, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff),
      fc.integer({ min: 0, max: 255 }),
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((codes) => Uint8Array.from(codes));

function readAll(bytes: Uint8Array, lengths: readonly number[]): readonly Utf8Piece[] {
  const utf8 = new Utf8Text();
  return [...pieces(bytes, lengths).map((piece) => utf8.push(piece)), utf8.flush()];
}

test('however it is cut, bytes become the text that a decoder makes of them as a whole', () => {
  fc.assert(
    fc.property(almostText, cuts, (bytes, lengths) => {
      const read = readAll(bytes, lengths);
      const expected = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      expect(Buffer.concat(read.map(({ text }) => text)).toString()).toBe(expected);
      expect(Buffer.concat(read.map(({ source }) => source))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: runs(2000) },
  );
});

test('each character knows the bytes it came from', () => {
  fc.assert(
    fc.property(almostText, (bytes) => {
      for (const { text, source } of readAll(bytes, [bytes.length])) {
        let at = 0;
        for (const character of Buffer.from(text).toString()) {
          const end = sourceEnd(source, at, character);
          expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(source.subarray(at, end))).toBe(character);
          at = end;
        }
        expect(at).toBe(source.length);
      }
    }),
    { numRuns: runs(2000) },
  );
});
