import fc from 'fast-check';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const pick = (...texts: readonly string[]): fc.Arbitrary<Uint8Array> => fc.constantFrom(...texts.map(bytesOf));

/** ESC and a letter, or the C1 control that means the same. */
const introducer = (letter: string): fc.Arbitrary<string> =>
  fc.constantFrom(`\x1b${letter}`, `\x1b${letter}`, String.fromCharCode(letter.charCodeAt(0) + 0x40));

const parameters = fc
  .array(fc.constantFrom('', '0', '1', '31', '38;5;200', '4:3', '2026', '99999'), { maxLength: 3 })
  .map((params) => params.join(';'));

const csi = fc
  .tuple(
    introducer('['),
    fc.constantFrom('', '', '?', '>', '<', '='),
    parameters,
    fc.constantFrom('', '', '', ' ', '!', '$', '\x07', '\n', '\x7f', '1?'),
    fc.constantFrom('m', 'm', 'K', 'H', 'A', 'h', 'l', 'n', 'u', 'c', '~', '@'),
  )
  .map((parts) => bytesOf(parts.join('')));

const payload = fc.constantFrom(
  ...[
    '',
    '0;title',
    '8;;https://example.org/a',
    '7501;?',
    '7501;state=done',
    '11;?',
    '52;c;aGk=',
    'q#0;2;0;0;0~-',
    '1$r0m',
  ],
  ...['\x9b31m', 'a\x07b', '\u2733 [ü]', '\u00a0', '\xc2\xc2', 'x'.repeat(70), '\n', '\x1b'],
);

const string = fc
  .tuple(
    fc.constantFrom(']', ']', 'P', 'P', 'X', '^', '_').chain(introducer),
    payload,
    fc.constantFrom('\x1b\\', '\x07', '\x9c', '\x18', '\x1a', '\x1b', '\x1b[m', ''),
  )
  .map((parts) => bytesOf(parts.join('')));

const escape = pick(
  '\x1b7',
  '\x1b8',
  '\x1bM',
  '\x1bc',
  '\x1b(B',
  '\x1b)0',
  '\x1b%G',
  '\x1b#8',
  '\x1bktitle\x1b\\',
  '\x84',
  '\x85',
);
const control = pick('\n', '\r\n', '\r', '\t', '\b', '\x07', '\0', '\x0b', '\x0e', '\x0f', '\x18', '\x1a', '\x7f');
const text = pick(
  'a',
  'Hello, world',
  ' ',
  'm',
  '[31m',
  '\\',
  '日本',
  'é',
  '\u00a0',
  '«',
  '\u2733',
  '👩‍💻',
  '\u{10ffff}',
  '\u0300',
);
const broken = fc.oneof(
  pick(
    '\x1b',
    '\x1b[',
    '\x1b[3',
    '\x1b[?',
    '\x1b]',
    '\x1bP',
    '\x1b\x1b',
    '\x1b(',
    '\x1b \x1b',
    '\x1b[\x18m',
    '\x1b[3é1m',
    '\x1b[3\x9b1m',
  ),
  fc
    .constantFrom([0xc2], [0xc2, 0xc2], [0x9b], [0xe6], [0xff], [0xc2, 0x41], [0xf0, 0x9f])
    .map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ maxLength: 6 }),
);

/** Output dense with what a terminal reads: text, C0 and C1 controls, sequences and strings of every kind, whole and broken. */
export const escapeStream: fc.Arbitrary<Buffer> = fc
  .array(fc.oneof(text, control, csi, csi, string, escape, broken), { maxLength: 24 })
  .map((pieces) => Buffer.concat(pieces));

/** Lengths to cut a stream by. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.integer({ min: 1, max: 40 }), {
  minLength: 1,
  maxLength: 10,
});

/** `bytes` in pieces of `lengths`, over and over. */
export function cutBy(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}
