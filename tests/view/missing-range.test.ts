import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missingRanges } from '../../src/view/lines/missing-range.js';

test('what is missing of a range is what no segment has', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(5), fc.nat(10)), { maxLength: 6 }),
      fc.nat(60),
      fc.nat(60),
      (planned, from, end) => {
        const there = new Set<number>();
        let at = 0;
        const segments = planned.map(([gap, bytes]) => {
          const start = at + gap;
          at = start + bytes;
          for (let byte = start; byte < at; byte++) there.add(byte);
          return { path: '', start, bytes, packedBytes: bytes, inode: 1, sealed: true, modified: 0 };
        });
        const missing = missingRanges(segments, { from, end, removedTo: 0 }).flatMap(({ offset, bytes }) =>
          Array.from({ length: bytes }, (_, index) => offset + index),
        );
        const wanted = Array.from({ length: Math.max(0, end - from) }, (_, index) => from + index);
        expect(missing).toEqual(wanted.filter((byte) => !there.has(byte)));
      },
    ),
  );
});
