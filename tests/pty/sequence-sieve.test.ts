import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeScanner, type EscapeToken } from '../../src/core/terminal/escape-sequences.js';
import { QueryFinder } from '../../src/pty/terminal/query-finder.js';
import { SequenceSieve } from '../../src/pty/terminal/sequence-sieve.js';
import { TerminalModes } from '../../src/pty/terminal/terminal-modes.js';
import { queryIn } from '../../src/pty/terminal/terminal-queries.js';

/** What an agent may print, dense with sequences, whole and broken. */
const output = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b[c',
        '\x1b[>c',
        '\x1b[6n',
        '\x1b[?6n',
        '\x1b[?2026$p',
        '\x1b[?2026h',
        '\x1b[?u',
        '\x1b[>1u',
        '\x1b]11;?\x07',
        '\x1b]10;?\x1b\\',
        '\x1b]4;0;?;1;?\x07',
        '\x1b]7501;?\x07',
        '\x1b]99;i=a:p=?;\x1b\\',
        '\x1b_Gi=1,a=q;AAAA\x1b\\',
        '\x1bP+q4d73\x1b\\',
        '\x1bPq#0\x1b\\',
        '\x1b[?996n',
        '\x1b]8;;http://a\x1b\\',
        '\x1b[31m',
        '\x1b[2;3H',
        '\x1b[K',
        '\x1bc',
        '\x9b6n',
        '\x9d11;?\x9c',
        '\x1b7',
        '\x1b',
        '\x1b[',
        '\x1b[?',
        '\x1b]1',
        '\x1b[3\x07c',
        '\x18',
        'text of some length that is longer than what is looked at nearby\r\n',
        '你好',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.from(pieces.join('')));

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });

function inChunks(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length] ?? 1;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

describe('a sieve', () => {
  const wanted = (token: EscapeToken): boolean =>
    (token.type === 'csi' && 'cnu'.includes(token.final)) ||
    (token.type === 'esc' && token.final === 'c' && token.intermediates === '') ||
    (token.type === 'osc' && token.payload[0] === 0x31);

  test('finds the sequences that a scanner of every byte finds, where that finds them, however the output is cut', () => {
    fc.assert(
      fc.property(output, cuts, (bytes, lengths) => {
        const expected = new EscapeScanner().push(bytes).filter(wanted);
        const sieve = new SequenceSieve({ csi: 'cnu', osc: '1', esc: 'c' });
        const found = inChunks(bytes, lengths).flatMap((chunk) => sieve.push(chunk).filter(wanted));
        expect(found).toEqual(expected);
      }),
    );
  });

  test('passes over megabytes of what it does not want, and of text, and counts them', () => {
    const sieve = new SequenceSieve({ csi: 'c', osc: '1', esc: 'c' });
    const drawn = Buffer.from('\x1b[1;2H\x1b[31mhello\x1b[0m world\x1b[K\n'.repeat(50_000));
    expect(sieve.push(drawn)).toEqual([]);
    expect(sieve.push(Buffer.from('\x1b[c'))).toMatchObject([{ start: drawn.length, end: drawn.length + 3 }]);
  });
});

describe('queries', () => {
  test('are found with the modes in force where they stand, however the output is cut', () => {
    fc.assert(
      fc.property(output, cuts, (bytes, lengths) => {
        const modes = new TerminalModes();
        const expected = new EscapeScanner().push(bytes).flatMap((token) => {
          const query = queryIn(token, modes);
          modes.apply(token);
          return query === undefined ? [] : [{ query, end: token.end }];
        });
        const finder = new QueryFinder();
        expect(inChunks(bytes, lengths).flatMap((chunk) => finder.find(chunk))).toEqual(expected);
      }),
    );
  });
});
