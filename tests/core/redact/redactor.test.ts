import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeScanner } from '../../../src/core/terminal/escape-sequences.js';
import { HELD_BYTES, Redactor, type RedactorOptions } from '../../../src/core/redact/redactor.js';
import { runs } from '../../fixtures/runs.js';
import { all, redact, secrets, values } from './redacted.js';

const redactText = (text: string, options?: RedactorOptions): string => redact(Buffer.from(text), options).toString();

/** The text that a terminal is given, without blanks. */
function textOf(bytes: Uint8Array): string {
  const scanner = new EscapeScanner({ text: true });
  const pieces = [...scanner.push(bytes), ...scanner.end()].flatMap((token) =>
    token.type === 'text' ? [token.bytes] : [],
  );
  return stripped(Buffer.concat(pieces));
}

const stripped = (bytes: Uint8Array): string =>
  Buffer.from(bytes.filter((byte) => byte > 32 && byte !== 127)).toString('latin1');
const wanted = secrets.map(({ value }) => stripped(Buffer.from(value)));

const sequence = fc.constantFrom(
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[12;40H',
  '\x1b[K',
  '\x1b(B',
  '\x1b7',
  '\x1b]0;title\x07',
  '\x1b]8;;https://a.b/c\x1b\\',
  '\x1bP1$r0m\x1b\\',
  '\x1b[?2026h',
  '\r\n',
  '\n    ',
  '\x07',
  '\x1b[3\x18',
  '\u009b1m',
);
const noise = fc.oneof(
  sequence,
  fc.string({
    unit: fc.constantFrom('a', 'b', 'h', 'u', 'n', 't', 'e', 'r', '2', ' ', 'c', 'p', '£', '\n'),
    maxLength: 6,
  }),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom('\x1b', '\x1b[', '\x1b]', '\x1b]2;', 'hunter2', 'hunter2hunter', 'correct horse', 'aabaab'),
);
/** A value with sequences and line breaks anywhere in it. */
const spelled = fc
  .tuple(fc.constantFrom(...secrets), fc.array(fc.tuple(fc.nat(), sequence), { maxLength: 5 }))
  .map(([{ value }, breaks]) => {
    const characters = Array.from(value);
    for (const [at, text] of breaks) characters.splice(at % characters.length, 0, text);
    return characters.join('');
  });
const output = fc
  .array(fc.oneof({ weight: 3, arbitrary: noise }, { weight: 1, arbitrary: spelled }), { maxLength: 20 })
  .map((pieces) => Buffer.from(pieces.join('')));
const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe('a redactor', () => {
  test('leaves no value in the text or in the bytes, changes no length and no sequence, however the output is cut', () => {
    fc.assert(
      fc.property(output, cuts, (bytes, lengths) => {
        const whole = redact(bytes, values);
        expect(redact(bytes, values, lengths)).toEqual(whole);
        expect(whole.length).toBe(bytes.length);
        const text = textOf(whole);
        for (const value of wanted) expect(text).not.toContain(value);
        const kinds = (of: Uint8Array): unknown[] =>
          new EscapeScanner({ text: true }).push(of).map(({ type, start, end }) => [type, start, end]);
        expect(kinds(whole)).toEqual(kinds(bytes));
        const before = textOf(bytes) + stripped(bytes);
        if (!wanted.some((value) => before.includes(value))) expect(whole).toEqual(bytes);
        // Looked for in a loop: an assertion a byte would take most of the time.
        const other = whole.findIndex((byte, at) => byte !== bytes[at] && byte !== 0x2a);
        expect(other === -1 ? undefined : { at: other, byte: whole[other] }).toBeUndefined();
      }),
      { numRuns: runs(3000) },
    );
  });

  test('masks every character of a value, and nothing else', () => {
    fc.assert(
      fc.property(spelled, cuts, (text, lengths) => {
        const bytes = Buffer.from(`<${text}>`);
        const masked = textOf(redact(bytes, values, lengths));
        expect(masked).toMatch(/^<\*+>$/);
      }),
    );
  });

  test('gives text without values as it is, the same bytes, uncopied', () => {
    const redactor = new Redactor(all);
    const bytes = Buffer.from('Nothing in here is 1 of them.\r\n');
    expect(redactor.feed(bytes).buffer).toBe(bytes.buffer);
    expect(redactor.held).toBe(0);
  });

  test.each([
    ['JSON', '{"a":"line one\\"\\nline two"}', '{"a":"****\u0020*****\u0020***"}'],
    ['a title', '\x1b]0;hunter2hunter3\x07', '\x1b]0;**************\x07'],
    ['a link that never ends', '\x1b]8;;https://hunter2hunter3/x', '\x1b]8;;https://**************/x'],
    ['a sequence that swallows its beginning', '\x1bhunter2hunter3', '\x1bh*************'],
    ['a URL', '?p=p%C3%A4ssw%C3%B6rd-%C2%A3100&', '?p=****************************&'],
    ['Base64', Buffer.from('user:hunter2hunter3').toString('base64'), 'dXNlcj************'],
  ])('finds a value in %s', (name, text, expected) => {
    const masked = redactText(text, values);
    if (name === 'JSON') expect(masked).toMatch(/^\{"a":"\*{4} \*{7} \*{3}|^\{"a":"[* ]+"\}$/);
    else if (name === 'Base64') expect(masked).toMatch(/^dXNlc.?.?\*{15,}.{0,4}$/);
    else expect(masked).toBe(expected);
  });
});

describe('what is held back', () => {
  test('is a possible beginning, which the rest of the value may follow after it was let go', () => {
    const redactor = new Redactor(values);
    expect(String(redactor.feed(Buffer.from('now: hun')))).toBe('now: ');
    expect(redactor.held).toBe(3);
    expect(String(redactor.release())).toBe('hun');
    expect(String(redactor.feed(Buffer.from('ter2hun')))).toBe('');
    expect(String(redactor.release())).toBe('');
    expect(String(redactor.feed(Buffer.from('ter3!')))).toBe('***********!');
  });

  test('is masked where it is likely to be a value and cannot wait', () => {
    const redactor = new Redactor(values);
    redactor.feed(Buffer.from('hunter'));
    expect(String(redactor.flush())).toBe('******');
    expect(String(redactor.feed(Buffer.from('2hunter3 hunter')))).toBe('******** ');
    expect(String(redactor.end())).toBe('hunter');
  });

  test('is never more than its bound, and a longer value is masked as it passes', () => {
    const value = Array.from({ length: 20_000 }, (_, n) => `${n}-`).join('');
    const redactor = new Redactor({ secrets: [{ name: 'LONG_KEY', value }], shapes: [] });
    let out = '';
    for (let at = 0; at < value.length; at += 1000) {
      out += String(redactor.feed(Buffer.from(value.slice(at, at + 1000))));
      expect(redactor.held).toBeLessThan(HELD_BYTES + 2048);
    }
    expect(out + String(redactor.end())).toBe('*'.repeat(value.length));
  });
});
