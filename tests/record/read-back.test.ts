import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RenderChunk } from '../../src/render/model/line.js';
import { type ReadableLog, readBack } from '../../src/record/status/read-back.js';

interface MissingRange {
  readonly start: number;
  readonly end: number;
}

/** A log of so many bytes, each what its offset makes it, that gives at most `most` at once and lacks what is in `holes`. */
function memoryLog(length: number, holes: readonly MissingRange[], most = Infinity): ReadableLog {
  return {
    offset: length,
    read(buffer, offset) {
      const missing = holes.find(({ start, end }) => offset >= start && offset < end);
      if (missing !== undefined) return { type: 'missing', until: missing.end };
      const next = Math.min(length, ...holes.map(({ start }) => start).filter((start) => start > offset));
      const count = Math.min(buffer.length, next - offset, most);
      for (let at = 0; at < count; at++) buffer[at] = (offset + at) % 251;
      return { type: 'bytes', count };
    },
  };
}

/** The chunks as a list of each byte, missing ones as -1, and of each size. */
const flat = (chunks: Iterable<RenderChunk>): (number | string)[] =>
  [...chunks].flatMap((chunk): (number | string)[] => {
    if (chunk instanceof Uint8Array) return [...chunk];
    return chunk.type === 'missing' ? Array.from({ length: chunk.bytes }, () => -1) : [`${chunk.cols}x${chunk.rows}`];
  });

test('what was recorded comes back byte for byte, with what is missing and the sizes where they were', () => {
  const places = fc.array(fc.nat({ max: 300 }), { maxLength: 6 }).map((all) => [...new Set(all)].sort((a, b) => a - b));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      places,
      places,
      fc.nat({ max: 300 }),
      fc.integer({ min: 1, max: 90 }),
      (length, edges, resized, start, most) => {
        const holes = edges.flatMap((edge, at) =>
          at % 2 === 0 ? [{ start: edge, end: edges[at + 1] ?? edge + 1 }] : [],
        );
        const from = Math.min(start, length);
        const resizes = resized
          .filter((offset) => offset >= from && offset <= length)
          .map((offset) => ({ offset, size: { cols: offset + 1, rows: 5 } }));
        const expected: (number | string)[] = [];
        for (let offset = from; offset <= length; offset++) {
          if (resizes.some((resize) => resize.offset === offset)) expected.push(`${offset + 1}x5`);
          if (offset === length) break;
          expected.push(holes.some((missing) => offset >= missing.start && offset < missing.end) ? -1 : offset % 251);
        }
        expect(flat(readBack(memoryLog(length, holes, most), from, resizes))).toEqual(expected);
      },
    ),
  );
});

test('chunks stay as they are when more is read', () => {
  const chunks = [...readBack(memoryLog(200_000, []), 0, [])];
  expect(chunks.length).toBeGreaterThan(2);
  const bytes = flat(chunks);
  expect(bytes.findIndex((byte, offset) => byte !== offset % 251)).toBe(-1);
  expect(bytes).toHaveLength(200_000);
});

test('what is written meanwhile is left for the next time', () => {
  let length = 10;
  const log = memoryLog(1000, []);
  const growing: ReadableLog = {
    get offset() {
      return length;
    },
    read: (buffer, offset) => log.read(buffer, offset),
  };
  const chunks = readBack(growing, 4, []);
  const first = chunks.next();
  length = 1000;
  expect([first.value, [...chunks]]).toEqual([Uint8Array.of(4, 5, 6, 7, 8, 9), []]);
});
