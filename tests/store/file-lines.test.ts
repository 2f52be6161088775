import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileLines } from '../../src/store/files/file-lines.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('the lines of a file', () => {
  test('are those of its text, the last one whole or not, wherever reads end', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    const piece = fc.oneof(
      fc.constantFrom('\n', '\n\n', 'ü', '\r\n', 'x'.repeat(65_535)),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        writeFileSync(path, text);
        const wanted = text.split('\n');
        const last = wanted.pop() ?? '';
        const lines = [...fileLines(path, 10_000_000)];
        expect(lines.filter(({ isWhole }) => isWhole).map((line) => line.text)).toEqual(wanted);
        expect(lines.filter(({ isWhole }) => !isWhole).map((line) => line.text)).toEqual(last === '' ? [] : [last]);
      }),
    );
  });

  test('that are longer than wanted are cut, and those behind them are as they are', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    writeFileSync(path, `${'x'.repeat(1_000_000)}\nshort\n`);
    expect([...fileLines(path, 10)]).toEqual([
      { text: 'x'.repeat(10), isWhole: true },
      { text: 'short', isWhole: true },
    ]);
  });

  test('of what is no file, or is not there, are an error of the system', () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'folder'));
    expect(() => [...fileLines(join(folder.path, 'folder'), 10)]).toThrow('EISDIR');
    expect(() => [...fileLines(join(folder.path, 'absent'), 10)]).toThrow('ENOENT');
  });
});
