import { describe, expect, test } from 'vitest';
import { errors } from '../../../src/core/errors.js';
import type { Manifest } from '../../../src/store/layout/manifest.js';
import { processStart } from '../../../src/store/layout/process-identity.js';
import { readTask, type TaskEntry } from '../../../src/store/task/task-reader.js';
import { plain } from '../../../src/view/print/colour.js';
import { type Column, tableLines } from '../../../src/view/tasks/table.js';
import { durationOf, endText, shownStatus, statusText } from '../../../src/view/tasks/task-status.js';
import { writeTask } from '../../fixtures/recorded-task.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

/** This process: it lives. */
const alive = { pid: process.pid, pidStart: processStart(process.pid) ?? '' };
const running = { ...alive, status: 'running' } as const;

/** A task whose manifest says this too; `without`: what it does not say. */
function taskOf(manifest: Partial<Manifest>, ...without: readonly (keyof Manifest)[]): TaskEntry {
  using folder = temporaryFolder();
  const entry = readTask(writeTask(folder.path, { manifest }));
  if (entry.type !== 'task') throw entry.problem;
  const said = Object.fromEntries(
    Object.entries(entry.manifest).filter(([key]) => !without.some((one) => one === key)),
  );
  return { ...entry, manifest: said as unknown as Manifest };
}

const unreadable: TaskEntry = {
  type: 'unreadable',
  folder: { id: 'task-1767323045-1', path: '/nowhere' },
  problem: errors.manifestUnreadable('/nowhere/task.json', 'why'),
};

describe('the status of a task', () => {
  test.each<[string, TaskEntry, string, string]>([
    ['done', taskOf({}), 'done', 'done'],
    ['failed by its code', taskOf({ status: 'failed', exit: { code: 42, signal: 0 } }), 'failed', 'failed 42'],
    ['failed by a signal', taskOf({ status: 'failed', exit: { code: 0, signal: 9 } }), 'failed', 'failed SIGKILL'],
    [
      'failed by an unknown signal',
      taskOf({ status: 'failed', exit: { code: 0, signal: 99 } }),
      'failed',
      'failed signal 99',
    ],
    ['failed with 0', taskOf({ status: 'failed', exit: { code: 0, signal: 0 } }), 'failed', 'failed'],
    ['failed unseen', taskOf({ status: 'failed' }, 'exit'), 'failed', 'failed'],
    ['running', taskOf(running), 'running', 'running'],
    [
      'what a running one does',
      taskOf({ ...running, activity: { status: 'waiting', source: 'hook', since: '2026-01-02T03:04:05.678Z' } }),
      'waiting',
      'waiting',
    ],
    ['lost', taskOf({ status: 'running' }), 'lost', 'lost'],
    [
      'lost, with an agent that lives',
      taskOf({ status: 'running', agent: alive }),
      'lost',
      `lost (process ${process.pid} lives)`,
    ],
    ['unreadable', unreadable, 'unreadable', 'unreadable'],
  ])('is %s', (_, entry, status, text) => {
    expect([shownStatus(entry), statusText(entry, plain)]).toEqual([status, text]);
  });

  test('is painted by what it means', () => {
    const meanings = [taskOf({}), taskOf({ status: 'failed' }), taskOf(running), taskOf({ status: 'running' })];
    expect(meanings.map((entry) => statusText(entry, (meaning) => meaning))).toEqual([
      'good',
      'bad',
      'active',
      'doubtful',
    ]);
  });
});

describe('how long a task has taken', () => {
  const started = Date.parse('2026-01-02T03:04:05.678Z');

  test.each<[string, TaskEntry, number | undefined]>([
    ['is what the monotonic clock of its recorder measured', taskOf({ durationMs: 7 }), 7],
    ['is what lies between its times, where that was not noted', taskOf({}, 'durationMs'), 10_000],
    ['is never negative', taskOf({ ended: '2026-01-02T03:00:00.000Z' }, 'durationMs'), 0],
    ['is, while it runs, by the monotonic clock', taskOf({ ...running, startedMonotonicMs: 400 }, 'ended'), 600],
    [
      'is by the wall clock where the other is of another machine',
      taskOf({ ...running, startedMonotonicMs: 1001 }, 'ended'),
      5000,
    ],
    ['is by the wall clock where the other was not noted', taskOf(running, 'ended'), 5000],
    ['is not known of one that was lost', taskOf({ status: 'running' }, 'ended'), undefined],
    ['is not known of one that cannot be read', unreadable, undefined],
  ])('%s', (_, entry, ms) => {
    expect(durationOf(entry, { now: started + 5000, monotonic: 1000 })).toBe(ms);
  });

  test('is not below nothing where the clock was set back', () => {
    expect(durationOf(taskOf(running, 'ended'), { now: started - 1, monotonic: 0 })).toBe(0);
  });

  test('is said of one that has ended, and of no other', () => {
    expect(endText(taskOf({}))).toBe('task-1767323045-1 done after 10s');
    expect(endText(taskOf(running, 'ended'))).toBe('task-1767323045-1 running');
    expect(endText(unreadable)).toBe('task-1767323045-1 unreadable');
  });
});

interface Row {
  readonly name: string;
  readonly note?: string;
  readonly text: string;
}

describe('a table', () => {
  const columns: readonly Column<Row>[] = [
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'NOTE', onlyIfUsed: true, cell: ({ note = '' }) => note },
    { title: 'TEXT', cell: ({ text }) => text },
  ];
  const rows: readonly Row[] = [
    { name: 'a', text: 'short' },
    { name: '日本', text: 'longer than the terminal' },
  ];

  test('has columns as wide as what is in them, counted in cells, and no blanks at the end', () => {
    expect(tableLines(rows, columns, { columns: undefined, paint: plain })).toEqual([
      'NAME   TEXT',
      'a      short',
      '日本   longer than the terminal',
    ]);
  });

  test('has a column that is there only if used as soon as one row uses it', () => {
    const noted = [...rows, { name: 'b', note: 'x', text: 't' }];
    expect(tableLines(noted, columns, { columns: undefined, paint: plain })).toEqual([
      'NAME   NOTE   TEXT',
      'a             short',
      '日本          longer than the terminal',
      'b      x      t',
    ]);
  });

  test('is cut where the terminal ends, and has its heading painted', () => {
    const lines = tableLines(rows, columns, { columns: 15, paint: (meaning, text) => `<${meaning} ${text}>` });
    expect(lines).toEqual(['<heading NAME   TEXT>', 'a      short', '日本   longer …']);
  });

  test('of nothing is a heading', () => {
    expect(tableLines([], columns, { columns: 80, paint: plain })).toEqual(['NAME   TEXT']);
  });
});
