import fc from 'fast-check';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES, DamagedBlock, packBlock, PackedSegment } from '../../src/store/log/packed-segment.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Packed in blocks of so many bytes. */
function pack(bytes: Uint8Array, blockBytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += blockBytes)
    blocks.push(packBlock(bytes.subarray(at, at + blockBytes), bytes.length));
  return Buffer.concat(blocks);
}

function withPacked<T>(packed: Uint8Array, use: (fd: number) => T): T {
  using folder = temporaryFolder();
  const path = join(folder.path, 'packed');
  writeFileSync(path, packed);
  const fd = openSync(path, 'r');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** All that can be read, with what is damaged left out: the bytes by their positions. */
function readAll(segment: PackedSegment, bufferBytes: number): (number | undefined)[] {
  const found: (number | undefined)[] = [];
  const buffer = Buffer.alloc(bufferBytes);
  for (;;) {
    try {
      const count = segment.read(buffer, found.length);
      if (count === 0) return found;
      found.push(...buffer.subarray(0, count));
    } catch (error) {
      if (!(error instanceof DamagedBlock)) throw error;
      expect(error.until).toBeGreaterThan(found.length);
      while (found.length < error.until) found.push(undefined);
    }
  }
}

const some = fc.uint8Array({ minLength: 1, maxLength: 3000 });

describe('a packed segment', () => {
  test('is what was packed: for gzip, and from any position', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 700 }), fc.nat(), (bytes, blockBytes, at) => {
        const packed = pack(bytes, blockBytes);
        expect(gunzipSync(packed).equals(bytes)).toBe(true);
        withPacked(packed, (fd) => {
          const segment = new PackedSegment(fd);
          expect(segment.bytes).toBe(bytes.length);
          const from = at % bytes.length;
          const buffer = Buffer.alloc(500);
          const count = segment.read(buffer, from);
          expect(count).toBeGreaterThan(0);
          expect(buffer.subarray(0, count).equals(bytes.subarray(from, from + count))).toBe(true);
          expect(Buffer.from(readAll(segment, 97) as number[]).equals(bytes)).toBe(true);
          expect(segment.read(buffer, bytes.length)).toBe(0);
        });
      }),
      { numRuns: runs(200) },
    );
  });

  test('whatever happens to the file, gives the right bytes or says that they are damaged', () => {
    const damage = fc.oneof(
      fc.record({ type: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
      fc.record({ type: fc.constant('cut' as const), at: fc.nat() }),
      fc.record({ type: fc.constant('fill' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 400 }) }),
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 50, max: 700 }), damage, (bytes, blockBytes, what) => {
        let packed = pack(bytes, blockBytes);
        const at = what.at % packed.length;
        if (what.type === 'flip') packed[at] = (packed[at] ?? 0) ^ (1 << what.bit);
        else if (what.type === 'cut') packed = packed.subarray(0, at);
        else packed.fill(0, at, Math.min(packed.length, at + what.count));
        withPacked(packed, (fd) => {
          let segment: PackedSegment;
          try {
            segment = new PackedSegment(fd);
          } catch (error) {
            expect(error).toBeInstanceOf(DamagedBlock);
            return;
          }
          const found = readAll(segment, 97);
          expect(found).toHaveLength(bytes.length);
          for (const [place, byte] of found.entries()) if (byte !== undefined) expect(byte).toBe(bytes[place]);
        });
      }),
      { numRuns: runs(500) },
    );
  });

  test('unpacks one block for a little of it', () => {
    const bytes = Buffer.alloc(20 * BLOCK_BYTES, 'many lines of one agent\r\n');
    withPacked(pack(bytes, BLOCK_BYTES), (fd) => {
      const segment = new PackedSegment(fd);
      const buffer = Buffer.alloc(10 * BLOCK_BYTES);
      expect(segment.read(buffer, 19 * BLOCK_BYTES - 7)).toBe(7);
      expect(segment.read(buffer, 19 * BLOCK_BYTES)).toBe(BLOCK_BYTES);
    });
  });
});
