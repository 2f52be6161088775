import { appendFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanEvents } from '../../src/store/events/event-scan.js';
import { scanIndex } from '../../src/store/times/index-scan.js';
import { repairIndex } from '../../src/store/times/repair-index.js';
import type { TaskFolder } from '../../src/store/layout/task-folder.js';
import { finishedManifest } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { writeWholeTask } from '../fixtures/whole-task.js';

const END = 171;

function indexOf({ path }: TaskFolder): readonly string[] {
  return readFileSync(join(path, 'backend.idx'), 'utf8').trimEnd().split('\n');
}

function setIndex({ path }: TaskFolder, lines: readonly string[], end = '\n'): void {
  writeFileSync(join(path, 'backend.idx'), lines.join('\n') + end);
}

function repair({ path }: TaskFolder): void {
  repairIndex(path, { manifest: finishedManifest(), index: scanIndex(path), events: scanEvents(path), end: END });
}

/** A task whose log was last written to when its index says so. */
function task(folder: string): TaskFolder {
  const made = writeWholeTask(folder);
  const modified = new Date(Date.parse('2026-01-02T03:04:05.678Z') + 8999);
  utimesSync(join(made.path, 'backend.log'), modified, modified);
  return made;
}

describe('a time index that is rebuilt', () => {
  test('keeps a whole one as it is', () => {
    using folder = temporaryFolder();
    const whole = task(folder.path);
    const before = indexOf(whole);
    repair(whole);
    expect(indexOf(whole)).toEqual(before);
  });

  test('leaves out what cannot be right, and keeps all else', () => {
    using folder = temporaryFolder();
    const damaged = task(folder.path);
    const [header = '', ...lines] = indexOf(damaged);
    const wrong = ['[1,"o",', '[600,"o",30]', '[100,"o",60]', '[9000,"o",4000]', '{}', 'x'.repeat(5000)];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...wrong), fc.integer({ min: 2, max: lines.length }))), (added) => {
        const mixed: string[] = [...lines];
        for (const [line, at] of added) mixed.splice(at, 0, line);
        setIndex(damaged, [header, ...mixed]);
        repair(damaged);
        expect(indexOf(damaged)).toEqual([header, ...lines]);
      }),
    );
  });

  test('has the resizes as they were noted, not as a damaged index has them', () => {
    using folder = temporaryFolder();
    const damaged = task(folder.path);
    const before = indexOf(damaged);
    setIndex(damaged, [...before.slice(0, 2), '[300,"r",40,200,60]', ...before.slice(3)]);
    repair(damaged);
    const found = indexOf(damaged).map((line) => JSON.parse(line) as unknown);
    const resizes = found.filter((line) => Array.isArray(line) && line[1] === 'r');
    expect(resizes).toEqual([[expect.any(Number), 'r', 40, 100, 30]]);
    const times = found.slice(1).map((line) => (line as number[])[0] ?? 0);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  test('keeps its own resizes where what was noted is damaged too', () => {
    using folder = temporaryFolder();
    const damaged = task(folder.path);
    const before = indexOf(damaged);
    appendFileSync(join(damaged.path, 'events.jsonl'), 'damaged\n');
    setIndex(damaged, [...before, 'damaged']);
    repair(damaged);
    expect(indexOf(damaged)).toEqual(before);
  });

  test('is made of events and the log where there is none, or none with a header', () => {
    using folder = temporaryFolder();
    const lost = task(folder.path);
    const [header = ''] = indexOf(lost);
    rmSync(join(lost.path, 'backend.idx'));
    repair(lost);
    const [made = '', ...lines] = indexOf(lost);
    expect(JSON.parse(made)).toEqual(JSON.parse(header));
    // The end of the task was noted a second after the resize.
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual([3000, 'o', END]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual([2000, 'r', 40, 100, 30]);
    expect(scanIndex(lost.path)).toMatchObject({ type: 'read', damaged: 0, isTorn: false, end: END });
  });
});
