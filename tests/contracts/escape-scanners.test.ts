import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteKinds, ByteKind } from '../../src/core/redact/byte-kinds.js';
import { FastPass } from '../../src/core/redact/fast-pass.js';
import { Literals } from '../../src/core/redact/literals.js';
import { EscapeScanner, type EscapeToken } from '../../src/core/terminal/escape-sequences.js';
import { csiFinal, stringEnd } from '../../src/core/terminal/grammar.js';
import { SequenceSieve } from '../../src/pty/terminal/sequence-sieve.js';
import { OscReports } from '../../src/record/status/osc-reports.js';
import { WholeLines } from '../../src/render/emulator/whole-lines.js';
import { lineColours } from '../../src/render/fast-path/line-colours.js';
import { cutBy, cuts, escapeStream } from './escape-streams.js';

/**
 * Whoever reads a terminal's output by himself, for speed, must find text and sequences where the others do. `T` marks a byte of
 * text or a control that stands in it, `S` one of a sequence, from its first byte to its last.
 */
type Marks = string;

/** All that see every byte: the marks of a stream that comes in chunks. */
const EVERY_BYTE: Readonly<Record<string, (chunks: readonly Uint8Array[]) => Marks>> = {
  EscapeScanner: (chunks) => {
    const scanner = new EscapeScanner({ text: true });
    return marksOf([...chunks.flatMap((chunk) => scanner.push(chunk)), ...scanner.end()], chunks);
  },
  'SequenceSieve, of all that begins with ESC or C1': (chunks) => {
    const sieve = new SequenceSieve({ csi: anything(0x40, 0x7e) });
    // A sequence that never ends is none for those who wait for it.
    return marksOf([...chunks.flatMap((chunk) => sieve.push(chunk)), ...unfinished(chunks)], chunks);
  },
  ByteKinds: (chunks) => {
    const kinds = new ByteKinds();
    const bytes = Buffer.concat(chunks);
    let marks = '';
    for (const [at, byte] of bytes.entries()) {
      const wasInGround = kinds.inGround;
      const kind = kinds.next(byte);
      if (kind === ByteKind.lead) marks += kinds.leads(bytes[at + 1] ?? 0) ? 'S' : 'T';
      else if (kind === ByteKind.lineBreak || kind === ByteKind.control)
        marks += wasInGround || marks.endsWith('T') ? 'T' : 'S';
      else marks += kind === ByteKind.text || kind === ByteKind.breaker || kind === ByteKind.blank ? 'T' : 'S';
    }
    return marks;
  },
};

/** By hand, from the rules that EscapeScanner states, so that it is held to them as well. */
const CASES: readonly (readonly [what: string, output: string, marks: Marks])[] = [
  ['text', 'a b\r\nc', 'TTTTTT'],
  ['text beyond ASCII', '\u2733é日', 'TTTTTTTT'],
  ['CSI', 'a\x1b[31mb', 'TSSSSST'],
  ['CSI by C1', 'a\x9b31mb', 'TSSSSST'],
  ['CSI with a control in it', '\x1b[3\n1mb', 'SSSSSST'],
  ['CSI with DEL in it', '\x1b[3\x7f1mb', 'SSSSSST'],
  ['CSI whose parameters are malformed', '\x1b[1?2mb', 'SSSSSST'],
  ['CSI that CAN ends', '\x1b[3\x18b', 'SSSST'],
  ['CSI that another breaks off', '\x1b[3\x1b[1mb', 'SSSSSSST'],
  ['CSI that C1 breaks off', '\x1b[3\x9b1mb', 'SSSSSSST'],
  ['CSI that a character breaks off', '\x1b[3é1m', 'SSSTTTT'],
  ['OSC up to BEL', '\x1b]0;t\x07b', 'SSSSSST'],
  ['OSC up to ST', '\x1b]0;t\x1b\\b', 'SSSSSSST'],
  ['OSC up to ST by C1', '\x1b]0;t\x9cb', 'SSSSSSST'],
  ['OSC by C1', '\x9d0;t\x07b', 'SSSSSST'],
  ['OSC with C1 in its payload', '\x1b]0;\x9b31m\x07b', 'SSSSSSSSSST'],
  ['OSC that SUB ends', '\x1b]0;\x1ab', 'SSSSST'],
  ['OSC that ESC breaks off', '\x1b]0;\x1b7b', 'SSSSSST'],
  ['DCS with BEL in its payload', '\x1bPq\x07a\x1b\\b', 'SSSSSSST'],
  ['DCS by C1', '\x90q\x07a\x9cb', 'SSSSSSST'],
  ['APC, PM, SOS', '\x1b_a\x07\x1b^a\x07\x1bXa\x07b', 'SSSSSSSSSSSST'],
  ["screen's title", '\x1bka\x1b\\b', 'SSSSST'],
  ['ESC with intermediates', '\x1b(B\x1b%Gb', 'SSSSSST'],
  ['IND by C1', '\x84b', 'SST'],
  ['an ESC that breaks another off', '\x1b\x1b7b', 'SSST'],
  ['C2 that begins a character', '\u00a0b', 'TTT'],
];

describe.each(Object.entries(EVERY_BYTE))('%s', (_, marks) => {
  test.each(CASES)('sees where %s begins and ends, cut anywhere', (_what, output, expected) => {
    const bytes = Buffer.from(output);
    expect(marks([bytes])).toBe(expected);
    for (let at = 1; at < bytes.length; at++) expect(marks([bytes.subarray(0, at), bytes.subarray(at)])).toBe(expected);
  });

  test('sees in any output what the others see, cut anywhere', () => {
    fc.assert(
      fc.property(escapeStream, cuts, (bytes, lengths) => {
        const chunks = cutBy(bytes, lengths);
        expect(marks(chunks)).toBe(EVERY_BYTE['EscapeScanner']?.([bytes]));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a sieve', () => {
  const INTERESTS = [
    { csi: 'hlrqupgWt' },
    { csi: 'cnpqtuhl', osc: '1', esc: 'c' },
    { csi: 'm', osc: '8', esc: '' },
    { csi: '', osc: '7', esc: '' },
    { csi: '', osc: '', esc: 'P7(' },
  ] as const;

  test.each(INTERESTS)('for %j reports all of those, where they are, and nothing that is none', (interest) => {
    const { csi, osc, esc } = { osc: undefined, esc: undefined, ...interest };
    const wanted = (token: EscapeToken): boolean => {
      if (token.type === 'csi') return csi.includes(token.final);
      if (token.type === 'osc') return osc === undefined || osc.includes(String.fromCharCode(token.payload[0] ?? 0x20));
      if (token.type === 'esc') return esc?.includes((token.intermediates + token.final).slice(0, 1)) ?? true;
      return token.type === 'dcs' && (esc?.includes('P') ?? true);
    };
    fc.assert(
      fc.property(escapeStream, cuts, (bytes, lengths) => {
        const sieve = new SequenceSieve(interest);
        const found = cutBy(bytes, lengths).flatMap((chunk) => sieve.push(chunk));
        const all = new EscapeScanner().push(bytes);
        expect(found.filter(wanted)).toEqual(all.filter(wanted));
        const spans = new Set(all.map(({ type, start, end }) => `${type} ${start} ${end}`));
        expect(found.filter(({ type, start, end }) => !spans.has(`${type} ${start} ${end}`))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('that looks for reports reads those that a scanner of every byte sees', () => {
    fc.assert(
      fc.property(escapeStream, cuts, (bytes, lengths) => {
        const payloads = new EscapeScanner()
          .push(bytes)
          .flatMap((token) => (token.type === 'osc' ? [Buffer.from(token.payload).toString('latin1')] : []));
        const expected = payloads.flatMap((payload) =>
          payload === '7501;state=done' ? [{ type: 'state', status: 'idle' }] : [],
        );
        const reports = new OscReports();
        expect(cutBy(bytes, lengths).flatMap((chunk) => reports.push(chunk))).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('who passes over what is plain', () => {
  /** All the tokens of what was passed over, which ends between sequences. */
  const passed = (bytes: Uint8Array): readonly EscapeToken[] => {
    const scanner = new EscapeScanner({ text: true });
    const tokens = scanner.push(bytes);
    expect(scanner.inGround).toBe(true);
    return tokens;
  };

  test('for the redactor, passes over text and whole CSI sequences alone', () => {
    const pass = new FastPass(new Literals([{ bytes: Buffer.from('no such value'), means: { value: 'none' } }]));
    fc.assert(
      fc.property(escapeStream, fc.boolean(), (bytes, sequences) => {
        const end = pass.pass(bytes, 0, sequences);
        // A CSI sequence that means nothing is one, too.
        const isCsi = ({ type, start }: EscapeToken): boolean =>
          type === 'csi' || (type === 'ignored' && bytes[start + 1] === 0x5b);
        // What follows may show that what stands last is text: the first byte of a character without its second.
        const tokens = new EscapeScanner({ text: true }).push(bytes).filter(({ start }) => start < end);
        expect(tokens.filter((token) => token.type !== 'text' && !(sequences && isCsi(token)))).toEqual([]);
        expect(tokens.filter((token) => token.type !== 'text' && token.end > end)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  const plainLines = fc
    .array(
      fc.constantFrom(
        'text',
        ' ',
        '\t',
        '\x1b[31m',
        '\x1b[0m',
        '\x1b[m',
        '\x1b[K',
        '\x1b[38;5;2m',
        '\x1b[4:3m',
        '\r\n',
        'é',
        '\x9b1m',
        '\x1b[?25l',
        '\x1b[1\n',
      ),
      {
        maxLength: 30,
      },
    )
    .map((parts) => Buffer.from(`${parts.join('')}\r\n        `));

  test('for whole lines, takes text, colours and EL alone, and has the text of the lines', () => {
    fc.assert(
      fc.property(fc.oneof(plainLines, escapeStream), (bytes) => {
        const lines = new WholeLines(200);
        lines.open(bytes);
        const end = lines.read(0);
        const tokens = passed(bytes.subarray(0, end));
        expect(tokens.filter((token) => token.type !== 'text' && token.type !== 'csi')).toEqual([]);
        expect(tokens.filter((token) => token.type === 'csi' && !'mK'.includes(token.final))).toEqual([]);
        for (let line = 0, from = 0; line < lines.count; from = lines.inputEnd(line), line++) {
          const read = passed(bytes.subarray(from, lines.inputEnd(line)));
          const text = read.map((token) => (token.type === 'text' ? Buffer.from(token.bytes).toString() : '')).join('');
          // Tabs are blanks there, and what a carriage return went back over is overwritten.
          if (/^[ -~]*\r+\n$/.test(text)) expect(lines.text(line)).toBe(text.replace(/\r+\n$/, ''));
        }
        lines.close();
      }),
      { numRuns: 2000 },
    );
  });

  test('for the colours of whole lines, finds each since the last reset', () => {
    fc.assert(
      fc.property(plainLines, (bytes) => {
        const lines = new WholeLines(200);
        lines.open(bytes);
        const whole = bytes.subarray(0, lines.read(0));
        const found = lineColours(whole);
        const colours = passed(whole).flatMap((token) =>
          token.type === 'csi' && token.final === 'm' ? [`\x1b[${token.rawParams}m`] : [],
        );
        const reset = colours.findLastIndex((colour) => colour === '\x1b[0m' || colour === '\x1b[m');
        expect(found).toEqual(colours.slice(Math.max(0, reset)));
      }),
      { numRuns: 1000 },
    );
  });

  test('knows the end of every sequence it looks at as it is', () => {
    fc.assert(
      fc.property(escapeStream, (bytes) => {
        for (const token of new EscapeScanner().push(bytes)) {
          // A control in front of the kind is for the scanner.
          if (!isPlainBegin(bytes, token.start)) continue;
          // A C1 control is two bytes as well.
          const body = token.start + 2;
          if (token.type === 'csi') {
            const final = csiFinal(bytes, body);
            if (final !== -1) expect(final + 1).toBe(token.end);
          }
          if (token.type === 'osc' || token.type === 'apc' || token.type === 'pm' || token.type === 'sos') {
            expect(stringEnd(bytes, body, true)).toBe(token.end);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function isPlainBegin(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xc2 || (bytes[at + 1] ?? 0) >= 0x20;
}

function marksOf(tokens: readonly EscapeToken[], chunks: readonly Uint8Array[]): Marks {
  const marks = new Array<string>(chunks.reduce((sum, { length }) => sum + length, 0)).fill('T');
  for (const { type, start, end } of tokens) if (type !== 'text') marks.fill('S', start, end);
  return marks.join('');
}

function unfinished(chunks: readonly Uint8Array[]): readonly EscapeToken[] {
  const scanner = new EscapeScanner();
  for (const chunk of chunks) scanner.push(chunk);
  return scanner.end();
}

/** All the characters from one code to another. */
function anything(from: number, to: number): string {
  return String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, at) => from + at));
}
