import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../fixtures/runs.js';
import { cuts } from '../../render/generators.js';
import { joined, readBack, textBytes } from '../written.js';

interface TtyrecRecord {
  readonly seconds: number;
  readonly micros: number;
  readonly bytes: Uint8Array;
}

/** As ttyrec(1) writes it. */
function bytesOf({ seconds, micros, bytes }: TtyrecRecord): Buffer {
  const header = Buffer.alloc(12);
  for (const [at, value] of [seconds, micros, bytes.length].entries()) header.writeUInt32LE(value, at * 4);
  return Buffer.concat([header, bytes]);
}

const records = fc
  .tuple(
    // The lowest byte of the time is the first of the file, and may be what another format begins with.
    fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1e6 }), fc.constantFrom(...Buffer.from('{S\x1b').map((byte) => byte))),
    fc.array(fc.record({ pause: fc.integer({ min: 0, max: 1e9 }), bytes: textBytes }), { minLength: 1, maxLength: 8 }),
  )
  .map(([seconds, steps]) => {
    let micros = 0;
    return steps.map(({ pause, bytes }): TtyrecRecord => {
      micros += pause;
      return { seconds: seconds + Math.floor(micros / 1e6), micros: micros % 1e6, bytes };
    });
  });

test('a ttyrec is read as it was written, whenever it began', async () => {
  await fc.assert(
    fc.asyncProperty(records, cuts, async (recorded, lengths) => {
      const read = await readBack({ file: Buffer.concat(recorded.map(bytesOf)) }, lengths);
      const began = (recorded[0]?.seconds ?? 0) * 1000 + (recorded[0]?.micros ?? 0) / 1000;
      const chunks = recorded.map(({ seconds, micros, bytes }) => ({
        type: 'output' as const,
        ms: Math.round(seconds * 1000 + micros / 1000 - began),
        bytes,
      }));
      expect(read).toMatchObject({ format: 'ttyrec', started: began, damaged: 0, size: undefined });
      expect(read.chunks).toEqual(joined(chunks));
    }),
    { numRuns: runs(300) },
  );
});

test('a ttyrec that was cut anywhere gives what there is of it, and one damage', async () => {
  await fc.assert(
    fc.asyncProperty(records, cuts, fc.double({ min: 0, max: 1, noNaN: true }), async (recorded, lengths, share) => {
      const whole = Buffer.concat(recorded.map(bytesOf));
      const length = 12 + Math.floor(share * (whole.length - 13));
      const read = await readBack({ file: whole.subarray(0, length) }, lengths);
      const ends = recorded.map((_, at) => Buffer.concat(recorded.slice(0, at + 1).map(bytesOf)).length);
      expect([read.format, read.damaged]).toEqual(['ttyrec', ends.includes(length) ? 0 : 1]);
      const output = Buffer.concat(recorded.map(({ bytes }) => bytes));
      const got = Buffer.concat(read.chunks.flatMap((chunk) => (chunk.type === 'output' ? [chunk.bytes] : [])));
      expect(output.subarray(0, got.length)).toEqual(got);
    }),
    { numRuns: runs(200) },
  );
});
