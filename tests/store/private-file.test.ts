import { closeSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openForAppend, replaceFile, writeNewFile } from '../../src/store/files/private-file.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('private files', () => {
  test('are for their owner alone, and appending goes to the end', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'log');
    for (const text of ['one', 'two']) {
      const fd = openForAppend(path);
      writeSync(fd, text);
      closeSync(fd);
    }
    expect(readFileSync(path, 'utf8')).toBe('onetwo');
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  test('are never opened, made or replaced through a symbolic link', () => {
    using folder = temporaryFolder();
    const [victim, link] = [join(folder.path, 'victim'), join(folder.path, 'link')];
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, link);
    expect(() => openForAppend(link)).toThrow(/ELOOP/);
    expect(() => {
      writeNewFile(link, 'new');
    }).toThrow(/EEXIST/);
    replaceFile(link, 'new');
    expect(lstatSync(link).isFile()).toBe(true);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
  });

  test('are not left half written, as on a full disk', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    function* pieces(): Iterable<string> {
      yield 'half';
      throw new Error('ENOSPC');
    }
    expect(() => {
      writeNewFile(path, pieces());
    }).toThrow('ENOSPC');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('are replaced as a whole, leaving nothing behind when that fails', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    replaceFile(path, 'old');
    replaceFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    // rename(2) cannot put a file in the place of a folder that is not empty.
    expect(() => {
      replaceFile(folder.path, 'text');
    }).toThrow();
    expect(readdirSync(folder.path)).toEqual(['file']);
  });
});
