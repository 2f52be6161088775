import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FastPass } from '../../../src/core/redact/fast-pass.js';
import { Literals } from '../../../src/core/redact/literals.js';
import { runs } from '../../fixtures/runs.js';

const literals = new Literals(
  ['secret', 'sécret', '-\u00a9-'].map((text) => ({ bytes: Buffer.from(text), means: { value: text } })),
);
/** Bytes that mean something to it, and one that does not. */
const bytes = fc.array(fc.constantFrom(...Buffer.from('secr-;m[\x1b\x07 \x7f\u00a9é'), 0x85, 0x81, 0xc2, 0x40), {
  maxLength: 40,
});

describe('what is passed over', () => {
  test('goes forward, whatever the bytes: who asks again from there comes to the end', () => {
    fc.assert(
      fc.property(bytes, fc.nat(40), fc.boolean(), (list, start, sequences) => {
        const from = Math.min(start, list.length - 1);
        const to = new FastPass(literals).pass(Buffer.from(list), from, sequences);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(list.length);
      }),
      { numRuns: runs(3000) },
    );
  });

  test('a C1 byte at the beginning that nothing led is text', () => {
    expect(new FastPass(literals).pass(Buffer.from([0x7f, 0x81, 0x10, 0x28]), 0, true)).toBe(4);
  });
});
