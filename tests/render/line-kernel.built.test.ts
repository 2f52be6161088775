import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineKernel } from '../../src/render/kernel/line-kernel.js';
import { PlainKernel } from '../../src/render/kernel/plain-kernel.js';
import { WasmKernel } from '../../src/render/kernel/wasm-kernel.js';
import { runs } from '../fixtures/runs.js';
import { anyOutput, linesAmongOthers, linesForScreen, rewrittenLines } from './generators.js';

const plain = new PlainKernel();
const wasm = new WasmKernel();

/** Text and ends of all that was read, as the engine asks for it: what is not read comes first the next time. */
function readAll(kernel: LineKernel, bytes: Uint8Array, cols: number, length: number): readonly unknown[] {
  const results: unknown[] = [];
  let held: Uint8Array = new Uint8Array(0);
  for (let at = 0; at < bytes.length; ) {
    const some = Buffer.concat([held, bytes.subarray(at, at + length)]);
    at += length;
    kernel.input.set(some);
    const count = kernel.read(some.length, cols);
    const end = kernel.inputEnds[count - 1] ?? 0;
    const text = Buffer.from(kernel.output.slice(0, kernel.outputEnds[count - 1] ?? 0)).toString('latin1');
    const tables = [kernel.inputEnds, kernel.outputEnds, kernel.rowEnds, kernel.savings, kernel.blanks];
    results.push([
      count,
      kernel.stop,
      kernel.stop === 'ended' ? kernel.restart : 0,
      text,
      ...tables.map((ends) => Array.from(ends.subarray(0, count))),
    ]);
    // What it does not know is left out, byte by byte, so that it meets all that comes behind.
    held = some.subarray(Math.min(some.length, kernel.stop === 'unknown' ? end + 1 : end));
    if (held.length > 200_000) held = new Uint8Array(0);
  }
  return results;
}

describe('the kernel in WebAssembly', () => {
  const outputs = fc.oneof(
    fc.record({ size: fc.record({ cols: fc.integer({ min: 2, max: 60 }) }), output: anyOutput }),
    fc.record({ size: fc.record({ cols: fc.integer({ min: 2, max: 60 }) }), output: rewrittenLines }),
    linesForScreen,
    linesAmongOthers,
  );

  it('reads what the kernel in TypeScript reads, whatever it is given', () => {
    fc.assert(
      fc.property(outputs, fc.integer({ min: 1, max: 5000 }), ({ size: { cols }, output }, length) => {
        expect(readAll(wasm, output, cols, length)).toEqual(readAll(plain, output, cols, length));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('puts a CR in front of the same line feeds', () => {
    const feeds = fc.array(fc.constantFrom('\n', '\r', '\r\n', 'a line of text', 'x'), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(feeds, fc.constantFrom(0x0a, 0x0d, 0x78), (pieces, before) => {
        const bytes = Buffer.from(pieces.join(''));
        const [got, expected] = [wasm, plain].map((kernel) => {
          kernel.input.set(bytes);
          const length = kernel.expandLineFeeds(bytes.length, before);
          return Buffer.from(kernel.output.slice(0, length)).toString();
        });
        expect(got).toBe(expected);
        expect(got).toBe(
          `${before === 0x0d ? '\r' : ' '}${bytes.toString()}`.replaceAll(/(?<!\r)\n/g, '\r\n').slice(1),
        );
      }),
      { numRuns: runs(1000) },
    );
  });

  it('knows the width of each code point, and what is blank at the end of a line', () => {
    for (let code = 0x80; code < 0x110000; code++) {
      const text = Buffer.from(`ab${String.fromCodePoint(code >= 0xd800 && code < 0xe000 ? 0x20 : code)} \r\n`);
      const [got, expected] = [wasm, plain].map((kernel) => {
        kernel.input.set(text);
        const count = kernel.read(text.length, 3);
        if (count === 0) return [kernel.stop];
        return [kernel.rowEnds[0], Buffer.from(kernel.output.slice(0, kernel.outputEnds[0] ?? 0)).toString()];
      });
      if (got?.join() !== expected?.join()) expect([code, got]).toEqual([code, expected]);
    }
  });
});
