import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTask } from '../../src/store/task/task-reader.js';
import { parsePlace, type Place, resolvePlace, type ResolvedPlace } from '../../src/view/places/place.js';
import { RecordedTask } from '../../src/view/lines/recorded-task.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const START = '2026-01-02T03:04:05.678Z';
/** Bytes 0, 5, 10, 20 came after 0.1, 0.2, 60 and 3700 seconds. */
const LOG = 'one\r\ntwo\r\nthree\r\nTWO\r\n';
const INDEX: readonly unknown[] = [
  { v: 1, start: START, size: { cols: 80, rows: 24 } },
  [100, 'o', 5],
  [200, 'o', 10],
  [60_000, 'o', 17],
  [3_700_000, 'o', 22],
];

async function spotOf(text: string, { loop = false, index = INDEX } = {}): Promise<ResolvedPlace> {
  using folder = temporaryFolder();
  const runs = [0, 10].map((offset, at) => ({ type: 'iteration.start' as const, iteration: at + 1, offset }));
  const task = writeTask(folder.path, {
    log: LOG,
    events: [{ type: 'task.start', argv: ['agent'], cols: 80, rows: 24 }, ...(loop ? runs : [])],
  });
  if (index.length > 0)
    writeFileSync(join(task.path, 'backend.idx'), index.map((line) => `${JSON.stringify(line)}\n`).join(''));
  using recording = new RecordedTask(readTask(task));
  return await resolvePlace(parsePlace(text) as Place, recording);
}

describe('a place in a recording', () => {
  test.each([
    ['0', 0, 0],
    ['0.15', 5, 150],
    ['1m', 17, 60_000],
    ['1m30s', 17, 90_000],
    ['1h1m40s', 22, 3_700_000],
    ['9h', 22, 3_700_000],
    ['1:00', 17, 60_000],
    ['1:01:40', 22, 3_700_000],
    ['0:59.999', 10, 59_999],
    ['2026-01-02T03:04:05.878Z', 10, 200],
    [`${Math.round(Date.parse(START) / 1000)}.9`, 10, 1222],
    ['@0', 0, 0],
    ['@7', 7, 200],
    ['@10', 10, 200],
    ['@99999', 99_999, 3_700_000],
    ['#1', 0, 0],
    ['#2', 10, 200],
  ])('%s is byte %i, reached after %i ms', async (text, offset, ms) => {
    expect(await spotOf(text, { loop: true })).toEqual({ offset, endOffset: offset, ms });
  });

  test.each([
    ['/t.o/', { offset: 5, endOffset: 10, ms: 100 }],
    ['/^TWO$/', { offset: 17, endOffset: 22, ms: 60_000 }],
    ['/^THREE/i', { offset: 10, endOffset: 17, ms: 200 }],
  ])('%s is the line that matches first', async (text, resolved) => {
    expect(await spotOf(text)).toMatchObject(resolved);
  });

  test.each([
    ['/four/', 'no line of this recording matches /four/'],
    ['#3', 'there is no iteration 3'],
  ])('that is not there is said: %s', async (text, message) => {
    await expect(spotOf(text, { loop: true })).rejects.toMatchObject({ code: 'BAD_ARGUMENT', message });
  });

  test('of a command that was run once is no iteration', async () => {
    await expect(spotOf('#1')).rejects.toMatchObject({ message: /was run once/ });
  });

  test.each([
    '',
    '@',
    '@1.5',
    '#',
    '#a',
    '-5',
    '5 s',
    'noon',
    '//',
    '/a',
    'a/',
    '1:5',
    '1:2:3',
    '9:99',
    '1:60:00',
    '2026-13-02',
  ])('%j is none', (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });

  test('whose pattern is not a regular expression is refused in a sentence', () => {
    expect(() => parsePlace('/(/')).toThrow(/^\/\(\/ is not a regular expression: /);
  });

  test('is written in one way or another and is the same', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(59), fc.nat(59), (hours, minutes, seconds) => {
        const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
        const two = (value: number): string => String(value).padStart(2, '0');
        for (const text of [
          `${hours}h${minutes}m${seconds}s`,
          `${hours}:${two(minutes)}:${two(seconds)}`,
          String(ms / 1000),
        ])
          expect(parsePlace(text)).toEqual({ type: 'elapsed', ms });
      }),
    );
  });

  test('of any text is a place or none, and its pattern is all that fails', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[@#\d.:TZsmhd+-]{1,30}$/)), (text) => {
        if (!text.startsWith('/')) parsePlace(text);
      }),
    );
  });
});
