import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Key, KeyReader } from '../../../src/view/replay/input/keys.js';

const brief = (key: Key): string =>
  key.type === 'character' ? key.character : key.type === 'named' ? `<${key.name}>` : `paste(${key.text})`;

function keysOf(...reads: readonly (string | Uint8Array)[]): string {
  const reader = new KeyReader();
  return reads
    .flatMap((read) => reader.read(Buffer.from(read)))
    .map(brief)
    .join('');
}

describe('keys', () => {
  test.each([
    ['q', 'q'],
    [' .,[]+-09?/nN', ' .,[]+-09?/nN'],
    ['\x1b[D\x1b[C\x1b[A\x1b[B', '<left><right><up><down>'],
    ['\x1bOD\x1bOC', '<left><right>'],
    ['\x1b[1;2A\x1b[1;2B\x1b[1;2C\x1b[1;2D', '<shift-up><shift-down><shift-right><shift-left>'],
    ['\x1b[H\x1b[F\x1b[1~\x1b[4~', '<home><end><home><end>'],
    ['\x03\x1a\r\x7f', '<interrupt><suspend><enter><backspace>'],
    ['日本é', '日本é'],
    ['\x1b[200~quit q\x1b[201~n', 'paste(quit q)n'],
    ['\x1b[200~\x1b[D\x1b[201~', 'paste()'],
    ['\x1b[I\x1b[O\x1b[?62;22c\x1b]11;rgb:1/2/3\x07\x1bP1+r\x1b\\x', 'x'],
    ['\x1bq', ''],
    ['\x1b\x1b[F', '<escape><end>'],
    ['\x00\x01\x02\x04', ''],
    ['\x1b[200~never ended \x03q', 'never ended <interrupt>q'],
  ])('%j are %s', (bytes, keys) => {
    expect(keysOf(bytes)).toBe(keys);
  });

  test('are the same however they are cut', () => {
    const sequence = fc.constantFrom(
      '\x1b[D',
      '\x1b[1;2C',
      '\x1bOC',
      'q',
      '語',
      '\x1b[200~q\x1b[201~',
      '\r',
      '\x1b[?1;2c',
      '5',
    );
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 8 }), (planned, cuts) => {
        const bytes = Buffer.from(planned.join(''));
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        expect(keysOf(...at.slice(1).map((end, from) => bytes.subarray(at[from], end)))).toBe(keysOf(bytes));
      }),
    );
  });

  test('ESC is a key when nothing follows, and what was begun by junk is forgotten', () => {
    const reader = new KeyReader();
    expect(reader.read(Buffer.from('\x1b'))).toEqual([]);
    expect([reader.isOpen, reader.settle().map(brief), reader.isOpen]).toEqual([true, ['<escape>'], false]);
    reader.read(Buffer.from('\x1b]0;never ended'));
    reader.settle();
    expect(reader.read(Buffer.from('q')).map(brief)).toEqual(['q']);
  });

  test('ESC O, which is Alt and O too, takes nothing away that is no letter, or comes later', () => {
    const reader = new KeyReader();
    expect(reader.read(Buffer.from('\x1bO\x03\x1bO ')).map(brief)).toEqual(['<interrupt>', ' ']);
    expect(reader.read(Buffer.from('\x1bO'))).toEqual([]);
    expect([reader.isOpen, reader.settle(), reader.isOpen]).toEqual([true, [], false]);
    expect(reader.read(Buffer.from('A')).map(brief)).toEqual(['A']);
  });

  test('come out of any bytes, and Ctrl-C out of all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (junk) => {
        const reader = new KeyReader();
        reader.read(junk);
        reader.settle();
        expect(reader.read(Buffer.from('\x03')).map(brief).join('')).toContain('<interrupt>');
      }),
    );
  });
});
