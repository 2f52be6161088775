import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OwnAnswers } from '../../src/pty/input/own-answers.js';

function passedOn(...reads: readonly string[]): readonly string[] {
  const answers = new OwnAnswers();
  return reads.map((read) => Buffer.from(answers.remove(Buffer.from(read, 'latin1'))).toString('latin1'));
}

describe('what a terminal says of itself about reports', () => {
  test.each([
    ['\x1b]7501;?1\x1b\\', ''],
    ['\x1b]7501;?\x07', ''],
    ['\x1b[?62c\x1b]7501;?1\x1b\\x', '\x1b[?62cx'],
    ['\x1b]7501;?\x07\x1b]7501;?\x07', ''],
  ])('is not passed on: %j', (read, expected) => {
    expect(passedOn(read)).toEqual([expected]);
  });

  test.each(['\x1b', '\x1b]', 'a\x1b', '\x1b]11;rgb:0000/0000/0000\x1b\\', '\x1b[200~7501;?\x1b[201~', '日'])(
    'is all that is not: %j is passed on at once',
    (read) => {
      const text = Buffer.from(read).toString('latin1');
      expect(passedOn(text)).toEqual([text]);
    },
  );

  test('is found wherever the reads cut it, behind what a key might be, and nothing else is lost or out of order', () => {
    const piece = fc.constantFrom('\x1b]7501;?1\x1b\\', 'key', '\x1b[A', '\x1b]75', '\x1b]11;?\x07', '\r');
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat()), (pieces, cuts) => {
        const text = pieces.join('');
        const isKey = (at: number): boolean => text[at - 1] === '\x1b' || text.slice(at - 2, at) === '\x1b]';
        const places = cuts.map((cut) => cut % (text.length + 1)).filter((at) => !isKey(at));
        const bounds = [0, ...places, text.length].sort((a, b) => a - b);
        const reads = bounds.slice(1).map((to, at) => text.slice(bounds[at], to));
        // What is held at the end comes with the next key.
        const got = passedOn(...reads, '.').join('');
        expect(got).toBe(`${text.replaceAll('\x1b]7501;?1\x1b\\', '')}.`);
      }),
    );
  });

  test('that never ends is passed on in the end', () => {
    const long = `\x1b]7501;?${'1'.repeat(100)}`;
    expect(passedOn(long)).toEqual([long]);
    expect(passedOn('\x1b]7501;?', '1'.repeat(100))).toEqual(['', long]);
  });
});
