/** Terminal output as a property test wants it: made of pieces that matter, and shrinking to fewer of them. */
import fc from 'fast-check';

/** Text of every width, and what is no text. */
const words = fc.constantFrom(
  ...[
    'a',
    'word ',
    'two words ',
    'x'.repeat(30),
    '日本',
    '語',
    '🚀',
    '👩‍💻',
    'é',
    'e\u0301',
    '\u0301',
    '⠋',
    '│──',
    ' ',
    '      ',
  ],
);

const controls = fc.constantFrom('\n', '\r\n', '\r', '\b', '\t', '\v', '\x07', '\x0e', '\x0f', '\0', '\x7f');

const count = fc.oneof(fc.nat(5), fc.nat(90), fc.constantFrom(0, 9999, 10_000)).map(String);

const sequences = fc.oneof(
  fc
    .tuple(count, fc.constantFrom(...Array.from('@ABCDEFGHIJKLMPSTXZ`abdefgmru')))
    .map(([n, final]) => `\x1b[${n}${final}`),
  fc.tuple(count, count).map(([row, col]) => `\x1b[${row};${col}H`),
  fc.tuple(fc.nat(30), fc.nat(30)).map(([top, bottom]) => `\x1b[${top};${bottom}r`),
  fc.constantFrom(
    '\x1b[J',
    '\x1b[1J',
    '\x1b[2J',
    '\x1b[3J',
    '\x1b[H\x1b[J',
    '\x1b[2J\x1b[3J\x1b[H',
    '\x1b[K',
    '\x1b[1K',
    '\x1b[2K',
  ),
  fc.constantFrom(
    '\x1b7',
    '\x1b8',
    '\x1bD',
    '\x1bE',
    '\x1bM',
    '\x1bc',
    '\x1b#8',
    '\x1b(0',
    '\x1b(B',
    '\x1b[!p',
    '\x1b[s',
    '\x1b[u',
  ),
  fc
    .tuple(
      fc.constantFrom('4', '20', '?1', '?3', '?6', '?7', '?25', '?45', '?47', '?1047', '?1049', '?2026'),
      fc.constantFrom('h', 'l'),
    )
    .map(([mode, final]) => `\x1b[${mode}${final}`),
  fc.constantFrom(
    '\x1b]0;title\x07',
    '\x1b]8;;http://a.b\x1b\\',
    '\x1bktitle\x1b\\',
    '\x1bPq#0\x1b\\',
    '\x1b_apc\x07',
    '\x1b[c',
    '\x1b[6n',
    '\x1b[?u',
  ),
  fc.constantFrom('\u009b2J', '\u0085', '\u009d0;t\u009c', '\x1b[3', '\x1b]0;open', '\x1b[1\n2H', '\x1b[2\x18', '\x1b'),
);

const noise = fc.uint8Array({ maxLength: 6 });

/** Anything a terminal may be sent. */
export const anyOutput = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: words.map((text) => Buffer.from(text)) },
      { weight: 4, arbitrary: controls.map((text) => Buffer.from(text)) },
      { weight: 4, arbitrary: sequences.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: noise.map((bytes) => Buffer.from(bytes)) },
    ),
    { maxLength: 80, size: 'max' },
  )
  .map((pieces) => Buffer.concat(pieces));

/** Output of the kind that programs without a screen of their own write: lines, colours, bars, spinners, frames. */
export const plainOutput = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom('some words', 'x'.repeat(50), 'a\tb', '  indented', '日本語', 'naïve ✓ ⠋', '🚀'),
      },
      { weight: 6, arbitrary: fc.constantFrom('\n', '\r\n', '\r\n\r\n') },
      { weight: 3, arbitrary: fc.constantFrom('\x1b[31m', '\x1b[0m', '\x1b[1;38;5;4m', '\x1b[m') },
      { weight: 2, arbitrary: fc.constantFrom('\r', '\b', '\r\x1b[K', '\x1b[2K\r', '\x1b[K') },
      { weight: 2, arbitrary: fc.nat(6).map((rows) => `${'\x1b[2K\x1b[1A'.repeat(rows)}\x1b[2K\x1b[G`) },
      { weight: 1, arbitrary: fc.nat(12).map((n) => `\x1b[${n}C`) },
    ),
    { maxLength: 300, size: 'max' },
  )
  .map((pieces) => Buffer.from(pieces.join('')));

export const sizes = fc.record({ cols: fc.integer({ min: 2, max: 60 }), rows: fc.integer({ min: 1, max: 20 }) });

/** A screen, and lines for it as logs have them: in long runs, narrower than it, wider and as wide. */
export const linesForScreen = sizes.chain((size) =>
  fc.record({ size: fc.constant(size), output: several(runOfLines(size.cols)) }),
);

/** Lines that are written again and again before they end, as progress is shown; much of it wide, or cut in two. */
export const rewrittenLines = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom(
          'a',
          'some words',
          '日本語',
          '█▌',
          '✓ ',
          '⠋',
          '   ',
          'é',
          '🚀',
          '\u3000',
          '\u00a0',
          'x'.repeat(40),
        ),
      },
      {
        weight: 6,
        arbitrary: fc.constantFrom('\r', '\r\x1b[K', '\x1b[2K\r', '\x1b[2K', '\x1b[K', '\x1b[G', '\x1b[1G', '\r\r'),
      },
      { weight: 4, arbitrary: fc.constantFrom('\r\n', '\r\r\n', '\r\n\r\n', '\n', '\x1b[G\n') },
      { weight: 2, arbitrary: fc.constantFrom('\x1b[31m', '\x1b[0m', '\t', '\x1b[0K', '\0', '\x07', '\x7f') },
      { weight: 1, arbitrary: fc.constantFrom('\b', '\x1b[1K', '\x1b[2G', '\u0301', '\u200d', '\u0085', '\xff', '\v') },
    ),
    { maxLength: 200, size: 'max' },
  )
  .map((pieces) => Buffer.from(pieces.join('')));

/** A screen, and such lines for it, over and over. */
export const rewrittenForScreen = fc.record({
  size: sizes,
  output: fc
    .tuple(fc.array(fc.oneof({ weight: 6, arbitrary: rewrittenLines }, plainOutput), { minLength: 1 }), fc.nat(40))
    .map(([outputs, times]) => Buffer.concat(Array.from({ length: times + 1 }, () => outputs).flat())),
});

/** The same with anything in between. */
export const linesAmongOthers = sizes.chain((size) => {
  const some = fc.oneof(
    { weight: 8, arbitrary: runOfLines(size.cols) },
    { weight: 1, arbitrary: plainOutput },
    { weight: 1, arbitrary: anyOutput },
  );
  return fc.record({ size: fc.constant(size), output: several(some) });
});

function several(output: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.array(output, { minLength: 1, maxLength: 8 }).map((parts) => Buffer.concat(parts));
}

function runOfLines(cols: number): fc.Arbitrary<Uint8Array> {
  const text = fc.oneof(fc.nat(8), fc.nat(2 * cols), fc.integer({ min: cols - 1, max: cols + 1 }));
  const piece = fc.oneof(
    { weight: 8, arbitrary: text.map((length) => PRINTABLE.slice(0, length)) },
    { weight: 3, arbitrary: fc.constantFrom('\x1b[31m', '\x1b[0m', '\x1b[1;38:5:4m', '\x1b[m', '\x1b[K') },
    { weight: 2, arbitrary: fc.constantFrom('\t', '\t\t', '  ') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\x1b[1K', '\x1b[?25l', '\x07', '\x7f', '\b', '\r', 'é', '日本', '\x1b[0;1'),
    },
  );
  const end = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('\r\n', '\r\n', '\r\r\n') },
    { weight: 1, arbitrary: fc.constantFrom('\n', '\x1b[m\r\x1b[m\n', '\r', '\v') },
  );
  const line = fc.tuple(fc.array(piece, { maxLength: 5 }), end).map(([pieces, ending]) => pieces.join('') + ending);
  const common = fc.tuple(text, end).map(([length, ending]) => PRINTABLE.slice(-length) + ending);
  return fc
    .tuple(fc.array(fc.oneof(line, common), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 100 }))
    .map(([lines, times]) => Buffer.from(Array.from({ length: times }, (_, n) => `${n}${lines.join('')}`).join('')));
}

const PRINTABLE = Array.from({ length: 256 }, (_, n) => String.fromCharCode(0x20 + ((n * 7) % 95))).join('');

/**
 * Output like `plainOutput`, without what tmux does otherwise in the last column: going back, down or erasing where the next
 * character wraps, and a wide character that does not fit there after a return, where older text may stand.
 */
export const lineOutput = fc.oneof(
  linesOf(['some words', 'x'.repeat(50), '  indented', '日本語', 'naïve ✓ ⠋', '🚀'], ['\r\n', '\r\n\r\n']),
  linesOf(['some words', 'x'.repeat(50), '  indented', 'naïve ✓ ⠋'], ['\r\n', '\r\n\r\n', '\r']),
);

function linesOf(texts: readonly string[], ends: readonly string[]): fc.Arbitrary<Uint8Array> {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...texts) },
    { weight: 6, arbitrary: fc.constantFrom(...ends) },
    { weight: 3, arbitrary: fc.constantFrom('\x1b[31m', '\x1b[0m', '\x1b[1;38;5;4m', '\x1b[m') },
    { weight: 2, arbitrary: fc.constantFrom('\r\x1b[K', '\r\x1b[2K') },
    { weight: 2, arbitrary: fc.nat(6).map((rows) => `\r${'\x1b[2K\x1b[1A'.repeat(rows)}\x1b[2K\x1b[G`) },
  );
  return fc.array(piece, { minLength: 1, maxLength: 200, size: 'max' }).map((pieces) => Buffer.from(pieces.join('')));
}

export const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

/** `bytes` in pieces of the lengths in `lengths`, over and over. */
export function pieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    out.push(bytes.subarray(at, at + length));
    at += length;
  }
  return out;
}
