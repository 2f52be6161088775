import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesFrame, readBytesFrame, readClientWord, readHostWord } from '../../src/host/messages.js';

test('bytes and their offset come back from a frame, wherever it lies in memory', () => {
  const offsets = fc.maxSafeNat();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), offsets, fc.nat(9), (bytes, offset, shift) => {
      const frame = bytesFrame({ offset, bytes });
      const memory = new Uint8Array(frame.length + shift);
      memory.set(frame, shift);
      const read = readBytesFrame(memory.subarray(shift));
      expect([read?.offset, Buffer.from(read?.bytes ?? [])]).toEqual([offset, Buffer.from(bytes)]);
    }),
  );
});

test.each([
  '',
  'no JSON',
  '[]',
  '{}',
  '{"type":"other"}',
  '{"type":"size","offset":-1}',
  '{"type":"write","how":"now"}',
])('the frame %j is no word', (frame) => {
  expect([readHostWord(frame), readClientWord(frame)]).toEqual([undefined, undefined]);
});

test('a frame that is too short, or whose offset no recording reaches, holds no bytes', () => {
  expect(readBytesFrame(new Uint8Array(7))).toBeUndefined();
  expect(readBytesFrame(new Uint8Array(8).fill(255))).toBeUndefined();
});

test('a hello is read in every version of the protocol', () => {
  expect(readHostWord('{"type":"hello","protocol":99,"orch":"9.0.0","more":[]}')).toMatchObject({ protocol: 99 });
});
