import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeScanner, type EscapeToken } from '../../src/core/terminal/escape-sequences.js';
import { runs } from '../fixtures/runs.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

describe('sequences', () => {
  test('a CSI comes with its prefix, parameters, intermediates and final', () => {
    expect(scan('ab\x1b[?25;;4 hcd')).toEqual([
      {
        type: 'csi',
        prefix: '?',
        params: [25, 0, 4],
        rawParams: '25;;4',
        intermediates: ' ',
        final: 'h',
        start: 2,
        end: 12,
      },
    ]);
  });

  test('a CSI without parameters has none, and sub-parameters stay in the raw text', () => {
    expect(scan('\x1b[m\x1b[4:3;38:2::1:2:3m')).toMatchObject([
      { params: [], rawParams: '' },
      { params: [4, 38], rawParams: '4:3;38:2::1:2:3' },
    ]);
  });

  test('a parameter beyond 2^31 - 1 is that', () => {
    expect(scan('\x1b[2147483648m')).toMatchObject([{ params: [2147483647] }]);
  });

  test('an escape sequence comes with its intermediates', () => {
    expect(scan('\x1b(B\x1b7')).toEqual([
      { type: 'esc', intermediates: '(', final: 'B', start: 0, end: 3 },
      { type: 'esc', intermediates: '', final: '7', start: 3, end: 5 },
    ]);
  });

  test.each([
    ['\x1b]0;a\x07', 'osc', 'bel'],
    ['\x1b]0;a\x1b\\', 'osc', 'st'],
    ['\x1b]0;a\u009c', 'osc', 'st'],
    ['\u009d0;a\u009c', 'osc', 'st'],
    ['\x1b_0;a\x1b\\', 'apc', 'st'],
    ['\x1b_0;a\x07', 'apc', 'bel'],
    ['\x1b^0;a\x1b\\', 'pm', 'st'],
    ['\x1bX0;a\x1b\\', 'sos', 'st'],
    ['\x1bk0;a\x1b\\', 'title', 'st'],
  ])('%j is one string', (input, type, terminator) => {
    const [token, ...rest] = scan(input);
    expect(rest).toEqual([]);
    expect(token).toMatchObject({ type, terminator, payloadBytes: 3, start: 0, end: encoder.encode(input).length });
    expect(token && 'payload' in token ? decoder.decode(token.payload) : '').toBe('0;a');
  });

  test('a DCS has a header and a payload, which a BEL does not end', () => {
    const [token] = scan('\x1bP1$qa\x07m\x1b\\');
    expect(token).toMatchObject({ type: 'dcs', params: [1], intermediates: '$', final: 'q', payloadBytes: 3 });
  });

  test('a C1 control is U+0080 to U+009F and stands for its two-byte equivalent', () => {
    expect(scan('a\u009b2J\u0085')).toMatchObject([
      { type: 'csi', params: [2], final: 'J', start: 1, end: 5 },
      { type: 'esc', final: 'E', start: 5, end: 7 },
    ]);
  });

  test('the second bytes of characters and stray high bytes are no C1', () => {
    expect(scan('✳ é · ü')).toEqual([]);
    expect(scan(Uint8Array.of(0x9b, 0x41, 0xe2, 0x9b))).toEqual([]);
    expect(scan('\x1b]0;✳ \u00a0 x\x07')).toMatchObject([{ type: 'osc', payloadBytes: 10 }]);
  });

  test('CAN, SUB and ESC break a sequence off', () => {
    expect(scan('\x1b[3\x18\x1b[3\x1a\x1b[3\x1b[m')).toMatchObject([
      { type: 'ignored', start: 0, end: 4 },
      { type: 'ignored', start: 4, end: 8 },
      { type: 'ignored', start: 8, end: 11 },
      { type: 'csi', start: 11, end: 14 },
    ]);
  });

  test('a string broken off by another sequence is ignored, and the other is read', () => {
    expect(scan('\x1b]0;t\x1b[2J')).toMatchObject([
      { type: 'ignored', start: 0, end: 5 },
      { type: 'csi', final: 'J', start: 5, end: 9 },
    ]);
  });

  test('a control inside a CSI acts before it', () => {
    expect(scan('\x1b[1\n2H')).toMatchObject([
      { type: 'control', code: 10, start: 3, end: 4 },
      { type: 'csi', params: [12], final: 'H', start: 0, end: 6 },
    ]);
  });

  test('a CSI whose bytes are out of order is ignored as a whole', () => {
    expect(scan('\x1b[1?h\x1b[ 1h')).toEqual([
      { type: 'ignored', start: 0, end: 5 },
      { type: 'ignored', start: 5, end: 10 },
    ]);
  });

  test('a character inside a CSI ends it and is read as text', () => {
    expect(scan('\x1b[1é', { text: true })).toMatchObject([
      { type: 'ignored', start: 0, end: 3 },
      { type: 'text', start: 3 },
    ]);
  });
});

describe('bounds', () => {
  test('a payload is kept up to its cap and counted beyond it', () => {
    const [token] = scan(`\x1b]52;c;${'x'.repeat(10_000)}\x07`);
    expect(token).toMatchObject({ type: 'osc', payloadBytes: 10_005 });
    expect(token && 'payload' in token ? token.payload.length : 0).toBe(4096);
  });

  test('a CSI longer than any real one is ignored', () => {
    expect(scan(`\x1b[${'1;'.repeat(1000)}m`)).toEqual([{ type: 'ignored', start: 0, end: 2003 }]);
  });

  test('the search for sequences stays linear in a chunk full of them', { timeout: 10_000 }, () => {
    const scanner = new EscapeScanner();
    const chunk = encoder.encode('\x1b[mé'.repeat(100_000));
    expect(scanner.push(chunk).length).toBe(100_000);
  });
});

describe('streaming', () => {
  test('inGround is false inside a sequence and after half a C1 control', () => {
    const scanner = new EscapeScanner();
    expect(scanner.inGround).toBe(true);
    scanner.push(Uint8Array.of(0x61, 0xc2));
    expect(scanner.inGround).toBe(false);
    scanner.push(encoder.encode('\x1b['));
    expect(scanner.inGround).toBe(false);
    scanner.push(encoder.encode('m'));
    expect(scanner.inGround).toBe(true);
  });

  test('what is open at the end is reported', () => {
    const scanner = new EscapeScanner({ text: true });
    scanner.push(encoder.encode('a\x1b]0;'));
    expect(scanner.end()).toEqual([{ type: 'ignored', start: 1, end: 5 }]);
    const text = new EscapeScanner({ text: true });
    text.push(Uint8Array.of(0xc2));
    expect(text.end()).toEqual([{ type: 'text', bytes: Uint8Array.of(0xc2), start: 0, end: 1 }]);
  });

  test('any split gives the same sequences and the same text', () => {
    fc.assert(
      fc.property(hostileBytes, fc.array(fc.nat(40), { maxLength: 30 }), (bytes, cuts) => {
        const options = { text: true, payloadBytes: 4 };
        expect(joinText(scanPieces(split(bytes, cuts), options))).toEqual(joinText(scanPieces([bytes], options)));
      }),
      { numRuns: runs(2000) },
    );
  });

  test('every byte belongs to exactly one token', () => {
    fc.assert(
      fc.property(hostileBytes, fc.array(fc.nat(40), { maxLength: 30 }), (bytes, cuts) => {
        let at = 0;
        for (const token of scanPieces(split(bytes, cuts), { text: true })) {
          if (token.type === 'control') continue;
          expect(token.start).toBe(at);
          at = token.end;
        }
        expect(at).toBe(bytes.length);
      }),
      { numRuns: runs(2000) },
    );
  });
});

/** Bytes made mostly of what begins, continues, ends or breaks a sequence. */
const hostileBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        0x1b,
        0x5b,
        0x5d,
        0x50,
        0x5f,
        0x5e,
        0x58,
        0x6b,
        0x5c,
        0x07,
        0x18,
        0x1a,
        0xc2,
        0x9b,
        0x9c,
        0x9d,
        0x3b,
        0x3a,
      ),
      fc.constantFrom(0x30, 0x31, 0x3f, 0x20, 0x24, 0x41, 0x6d, 0x0a, 0x0d, 0x7f, 0xe2, 0x9c, 0xb3, 0xc3, 0xa9),
      fc.nat(255),
    ),
    { maxLength: 60 },
  )
  .map((bytes) => Uint8Array.from(bytes));

function scan(
  input: string | Uint8Array,
  options?: ConstructorParameters<typeof EscapeScanner>[0],
): readonly EscapeToken[] {
  return new EscapeScanner(options).push(typeof input === 'string' ? encoder.encode(input) : input);
}

function scanPieces(
  pieces: readonly Uint8Array[],
  options: ConstructorParameters<typeof EscapeScanner>[0],
): EscapeToken[] {
  const scanner = new EscapeScanner(options);
  return [...pieces.flatMap((piece) => scanner.push(piece)), ...scanner.end()];
}

function split(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

function joinText(tokens: readonly EscapeToken[]): EscapeToken[] {
  const joined: EscapeToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (token.type === 'text' && last?.type === 'text') {
      joined[joined.length - 1] = { ...last, bytes: Uint8Array.of(...last.bytes, ...token.bytes), end: token.end };
    } else joined.push(token.type === 'text' ? { ...token, bytes: Uint8Array.from(token.bytes) } : token);
  }
  return joined;
}
