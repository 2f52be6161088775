import { appendFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KnownFiles } from '../../src/store/files/known-files.js';
import { sealedLogName } from '../../src/store/log/segment-names.js';
import { lastWritten, listSegments, recordedEnd } from '../../src/store/log/segments.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const rotate = (offset: number): string =>
  `${JSON.stringify({ v: 1, ts: '2026-01-01T00:00:00.000Z', task: 't', type: 'rotate', offset, reason: 'size' })}\n`;

describe('the segments of a recording', () => {
  test('are listed anew after each change, however often they are asked for', () => {
    using folder = temporaryFolder();
    const log = join(folder.path, 'backend.log');
    const events = join(folder.path, 'events.jsonl');
    expect(listSegments(folder.path)).toEqual([]);
    writeFileSync(log, 'first');
    expect(recordedEnd(folder.path)).toBe(5);
    renameSync(log, join(folder.path, sealedLogName(0)));
    writeFileSync(log, 'second');
    writeFileSync(events, rotate(5));
    expect(listSegments(folder.path).map(({ start, bytes }) => [start, bytes])).toEqual([
      [0, 5],
      [5, 6],
    ]);
    appendFileSync(events, rotate(100));
    expect(listSegments(folder.path).map(({ start }) => start)).toEqual([0, 100]);
    rmSync(events);
    expect(recordedEnd(folder.path)).toBe(11);
    rmSync(join(folder.path, sealedLogName(0)));
    expect(listSegments(folder.path).map(({ start }) => start)).toEqual([0]);
  });

  test('say when the recording last grew, also while backend.log is being sealed', () => {
    using folder = temporaryFolder();
    const log = join(folder.path, 'backend.log');
    expect(lastWritten(folder.path)).toBeUndefined();
    writeFileSync(log, 'first');
    utimesSync(log, 1000, 1000);
    expect(lastWritten(folder.path)).toBe(1_000_000);
    renameSync(log, join(folder.path, sealedLogName(0)));
    expect(lastWritten(folder.path)).toBe(1_000_000);
  });
});

describe('what is known of files', () => {
  test('is read once until the file changes, and of the files asked for last alone', () => {
    using folder = temporaryFolder();
    const known = new KnownFiles<string>(2);
    const reads: string[] = [];
    const ask = (name: string): void => {
      const path = join(folder.path, name);
      known.get(path, statSync(path), () => (reads.push(name), name));
    };
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder.path, name), name);
    for (const name of ['a', 'a', 'b', 'a', 'c', 'a', 'b']) ask(name);
    expect(reads.join('')).toBe('abcb');
    appendFileSync(join(folder.path, 'b'), '!');
    ask('b');
    ask('b');
    expect(reads.join('')).toBe('abcbb');
  });

  test('is not kept where nothing could be read', () => {
    using folder = temporaryFolder();
    const known = new KnownFiles<number>(2);
    const stats = statSync(folder.path);
    expect(known.get('x', stats, () => undefined)).toBeUndefined();
    expect(known.get('x', stats, () => 1)).toBe(1);
    expect(known.get('x', stats, () => 2)).toBe(1);
  });
});
