import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CursorFile } from '../../../src/view/streams/cursor-file.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

describe('the file of a cursor', () => {
  test('gives back every position that was saved in it, by task', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'cursor');
    const position = fc.record({ offset: fc.maxSafeNat(), noted: fc.integer({ min: 0, max: 4e12 }) });
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^task-\d{1,9}-\d$/), position, { noNullPrototype: true }),
        (positions) => {
          const written = new CursorFile(path);
          for (const [task, reached] of Object.entries(positions)) written.reached(task, reached);
          written.save();
          const read = new CursorFile(path);
          for (const [task, reached] of Object.entries(positions)) expect(read.of(task)).toEqual(reached);
        },
      ),
    );
  });

  test('keeps what was reached in other tasks', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'cursor');
    for (const task of ['task-1-1', 'task-1-2']) {
      const cursor = new CursorFile(path);
      cursor.reached(task, { offset: 7, noted: 0 });
      cursor.save();
    }
    const read = new CursorFile(path);
    expect([read.of('task-1-1'), read.of('task-1-2'), read.of('task-1-3')]).toEqual([
      { offset: 7, noted: 0 },
      { offset: 7, noted: 0 },
      undefined,
    ]);
  });

  test('is not written where nothing new was reached, nor made where nothing was', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'cursor');
    const cursor = new CursorFile(path);
    cursor.save();
    expect(existsSync(path)).toBe(false);
    cursor.reached('task-1-1', { offset: 1, noted: 0 });
    cursor.save();
    const { ino } = statSync(path);
    cursor.reached('task-1-1', { offset: 1, noted: 0 });
    cursor.save();
    expect(statSync(path).ino).toBe(ino);
    cursor.reached('task-1-1', { offset: 2, noted: 0 });
    cursor.save();
    expect(readFileSync(path, 'utf8')).toContain('"offset": 2');
    expect(statSync(path).ino).not.toBe(ino);
  });

  const position = (offset: unknown, noted: unknown = '2026-01-02T03:04:05.678Z'): string =>
    JSON.stringify({ v: 1, tasks: { 'task-1-1': { offset, noted } } });

  test.each([
    ['nothing', ''],
    ['another text', 'notes\n'],
    ['another version', '{"v":2,"tasks":{}}'],
    ['a negative offset', position(-1)],
    ['an offset that is no whole number', position(1.5)],
    ['an offset that is text', position('1')],
    ['an offset beyond what is exact', position(2 ** 53)],
    ['a time that is none', position(1, 'soon')],
    ['a time that is missing', position(1, null)],
    ['a task without a position', '{"v":1,"tasks":{"task-1-1":null}}'],
  ])('that holds %s is refused, and left as it is', (_, text) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'cursor');
    writeFileSync(path, text);
    expect(() => new CursorFile(path)).toThrow('was not written by this orch');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('that cannot be read or written is said by its name', () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'folder'));
    expect(() => new CursorFile(join(folder.path, 'folder'))).toThrow(/--cursor .*folder cannot be read: EISDIR/);
    const cursor = new CursorFile(join(folder.path, 'absent', 'cursor'));
    cursor.reached('task-1-1', { offset: 1, noted: 0 });
    expect(() => {
      cursor.save();
    }).toThrow(/--cursor .*cursor cannot be written: ENOENT/);
  });
});
