import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../src/backends/agent-stream/lines.js';
import { NdjsonReader } from '../../src/backends/agent-stream/ndjson.js';
import { cuts, pieces } from '../render/generators.js';

const read = (chunks: readonly Uint8Array[], maxLine?: number) => {
  const reader = new NdjsonReader(maxLine);
  return [...chunks.flatMap((chunk) => reader.push(Buffer.from(chunk))), ...reader.end()];
};

test('lines are the bytes between newlines, however they are cut, and the last one needs none', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '日') }), cuts, (text, lengths) => {
      const splitter = new LineSplitter(1000);
      const lines = pieces(Buffer.from(text), lengths).flatMap((chunk) => splitter.push(Buffer.from(chunk)));
      const all = [...lines, ...splitter.end()].map(({ bytes }) => bytes.toString());
      expect(all).toEqual(
        text
          .replace(/\n$/, '')
          .split('\n')
          .slice(0, text === '' ? 0 : undefined),
      );
    }),
  );
});

test('a line longer than the bound is counted and passed over', () => {
  const chunks = pieces(Buffer.from('{"a":1}\n{"a":"too long"}\n[2]'), [3]);
  expect(read(chunks, 7)).toEqual([
    { type: 'value', value: { a: 1 } },
    { type: 'too-long', bytes: 16 },
    { type: 'value', value: [2] },
  ]);
});

test('what is no JSON is told from what is no text, and blank lines are nothing', () => {
  expect(read([Buffer.from('\r\n\n  \nError: x\r\n'), Buffer.from([0xc3, 0x28, 0x0a])])).toEqual([
    { type: 'not-json', text: 'Error: x\r' },
    { type: 'not-utf8', bytes: 2 },
  ]);
});
