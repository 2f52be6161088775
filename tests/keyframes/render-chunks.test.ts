import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RenderChunk } from '../../src/render/model/line.js';
import type { LogChunk } from '../../src/store/log/segment-cursor.js';
import { reportMissing, type MissingRange } from '../../src/view/lines/missing-range.js';
import { renderChunks } from '../../src/keyframes/render-chunks.js';

test('each resize comes exactly at its byte, whatever the chunks', async () => {
  const cases = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 6 }),
    offsets: fc.array(fc.nat(80)).map((offsets) => offsets.sort((a, b) => a - b)),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ sizes, offsets }) => {
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const resizes = offsets.map((offset, at) => ({ ms: at, offset, size: { cols: at + 1, rows: 24 } }));
      let position = 0;
      const seen: { offset: number; cols: number }[] = [];
      for await (const chunk of renderChunks(logChunks(sizes), resizes)) {
        if (chunk instanceof Uint8Array) {
          for (const byte of chunk) expect(byte).toBe(position++ % 256);
        } else if (chunk.type === 'resize') seen.push({ offset: position, cols: chunk.cols });
      }
      expect(position).toBe(total);
      expect(seen).toEqual(
        resizes.filter(({ offset }) => offset <= total).map(({ offset, size }) => ({ offset, cols: size.cols })),
      );
    }),
  );
});

test('a resize inside a missing range comes in front of the first byte behind it', async () => {
  const seen: RenderChunk[] = [];
  const resizes = [{ ms: 0, offset: 10, size: { cols: 90, rows: 30 } }];
  for await (const chunk of renderChunks(chunksAt([0, 3], [20, 2]), resizes)) seen.push(chunk);
  expect(seen).toEqual([
    Uint8Array.of(0, 1, 2),
    { type: 'missing', bytes: 17 },
    { type: 'resize', cols: 90, rows: 30 },
    Uint8Array.of(20, 21),
  ]);
});

test('a resize recorded behind the last byte comes at the end, one behind what is read does not', async () => {
  const seen: RenderChunk[] = [];
  const resizes = [
    { ms: 0, offset: 3, size: { cols: 90, rows: 30 } },
    { ms: 1, offset: 4, size: { cols: 100, rows: 40 } },
  ];
  for await (const chunk of renderChunks(chunksAt([0, 3]), resizes)) seen.push(chunk);
  expect(seen).toEqual([Uint8Array.of(0, 1, 2), { type: 'resize', cols: 90, rows: 30 }]);
});

test('one behind the last byte is made once, whether reading ends there or goes on there', async () => {
  const resizes = [{ ms: 0, offset: 3, size: { cols: 90, rows: 30 } }];
  const made = async (chunks: AsyncIterable<LogChunk>, options: object): Promise<readonly RenderChunk[]> => {
    const seen: RenderChunk[] = [];
    for await (const chunk of renderChunks(chunks, resizes, options)) seen.push(chunk);
    return seen;
  };
  const resize = { type: 'resize', cols: 90, rows: 30 };
  expect(await made(chunksAt([0, 3]), { to: 3 })).toEqual([Uint8Array.of(0, 1, 2)]);
  expect(await made(chunksAt([0, 3]), { to: 4 })).toEqual([Uint8Array.of(0, 1, 2), resize]);
  expect(await made(chunksAt([3, 1]), { from: 3, known: 2 })).toEqual([resize, Uint8Array.of(3)]);
  expect(await made(chunksAt([3, 1]), { from: 3, known: 3 })).toEqual([Uint8Array.of(3)]);
  expect(await made(chunksAt(), { from: 3, known: 2 })).toEqual([resize]);
});

test('missing ranges are found at the start, in between and at the end', async () => {
  const ranges: MissingRange[] = [];
  const passed: number[] = [];
  const found = reportMissing(chunksAt([5, 5], [10, 5], [20, 5]), { from: 0, end: 30, removedTo: () => 5 }, (range) =>
    ranges.push(range),
  );
  for await (const { offset } of found) passed.push(offset);
  expect(passed).toEqual([5, 10, 20]);
  expect(ranges).toEqual([
    { offset: 0, bytes: 5, removed: true },
    { offset: 15, bytes: 5, removed: false },
    { offset: 25, bytes: 5, removed: false },
  ]);
});

/** Chunks of these sizes, one behind the other; each byte tells its offset. */
function logChunks(sizes: readonly number[]): AsyncGenerator<LogChunk> {
  let offset = 0;
  return chunksAt(...sizes.map((size): [number, number] => [(offset += size) - size, size]));
}

async function* chunksAt(...ranges: [offset: number, size: number][]): AsyncGenerator<LogChunk> {
  for (const [offset, size] of ranges) {
    await Promise.resolve();
    yield { offset, bytes: Uint8Array.from({ length: size }, (_, at) => (offset + at) % 256) };
  }
}
