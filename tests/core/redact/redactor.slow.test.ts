import { describe, expect, test } from 'vitest';
import { HELD_BYTES, Redactor } from '../../../src/core/redact/redactor.js';
import { all, redact } from './redacted.js';

describe('hostile output', () => {
  test('of a value begun ten million times takes no memory and little time', () => {
    const bytes = Buffer.from('hun'.repeat(3_500_000));
    expect(redact(bytes, all, [65_536]).equals(bytes)).toBe(true);
  });

  test.each([
    ['dots and dashes', 'eyJeyJ.eyJ.'.repeat(200_000)],
    ['prefixes within prefixes', 'sk-sk-ant-sk-proj-'.repeat(100_000)],
    ['keys run together', 'AKIA'.repeat(300_000)],
    ['a JSON web token without an end', `eyJ${'a'.repeat(2_000_000)}`],
  ])('of %s is linear in its length', (_, text) => {
    const bytes = Buffer.from(text);
    expect(redact(bytes, all, [65_536]).length).toBe(bytes.length);
  });

  test('of a string that never ends holds nothing back, within a value or not', () => {
    const redactor = new Redactor(all);
    redactor.feed(Buffer.from('hunter2\x1b]0;'));
    const piece = Buffer.alloc(256 * 1024, 'x');
    let length = 0;
    for (let n = 0; n < 100; n++) {
      length += redactor.feed(piece).length;
      expect(redactor.held).toBeLessThanOrEqual(HELD_BYTES + piece.length);
    }
    expect(length + redactor.held).toBe(100 * piece.length + 11);
  });
});
