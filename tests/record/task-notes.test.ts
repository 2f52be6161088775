import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentEnvironment, workingFolder } from '../../src/record/run/agent-environment.js';
import { type Notice, TaskNotes } from '../../src/record/run/task-notes.js';
import { createTaskFolder } from '../../src/store/layout/task-folder.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const IDENTITY = {
  backend: 'command',
  mode: 'run',
  options: [],
  argv: ['make', 'test'],
  cwd: '/project',
  size: { cols: 80, rows: 24 },
  recorder: { pid: process.pid, version: '1.2.3' },
};
const RESULT = {
  status: { exitCode: 0, signal: 0 },
  bytes: 10,
  gaps: [],
  durationMs: 1500.4,
  digest: { sha256: 'abc', chain: 'def' },
  account: {},
  left: false,
  diedAtStart: false,
};

function noting(folder: string) {
  const clock = new ManualClock();
  const task = createTaskFolder(folder, clock);
  const notices: Notice[] = [];
  const notes = new TaskNotes(task, IDENTITY, clock, (notice) => notices.push(notice));
  const read = (file: string): string => readFileSync(join(task.path, file), 'utf8');
  return { clock, task, notices, notes, read };
}

describe('what is noted beside the bytes', () => {
  test('is there from the first moment, and at the end the manifest says how it ended', () => {
    using folder = temporaryFolder();
    const { notes, read, clock, notices } = noting(folder.path);
    expect(JSON.parse(read('task.json'))).toMatchObject({
      v: 1,
      status: 'running',
      pid: process.pid,
      orch: '1.2.3',
      bytes: 0,
    });
    notes.agentStarted(99, 0);
    clock.advance(1000);
    notes.output(10);
    notes.resized({ cols: 100, rows: 30 }, 10, { cause: 'terminal' });
    notes.ended(RESULT);
    expect(JSON.parse(read('task.json'))).toMatchObject({
      status: 'done',
      ended: '2026-01-02T03:04:06.678Z',
      bytes: 10,
      sha256: 'abc',
      chain: 'def',
    });
    const types = read('events.jsonl')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(['task.start', 'backend.start', 'resize', 'status', 'task.end']);
    expect(read('task.log')).toMatch(/^2026-01-02T03:04:05\.678Z INFO {2}started make test as process 99\n/);
    expect(notices).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test('the manifest comes last: who sees it finds the rest', () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    const task = createTaskFolder(folder.path, clock);
    // Both fail; of the two, the manifest says it all.
    for (const name of ['task.json', 'events.jsonl']) mkdirSync(join(task.path, name));
    const notices: Notice[] = [];
    expect(() => new TaskNotes(task, IDENTITY, clock, (notice) => notices.push(notice))).toThrow(/task\.json/);
    expect(notices).toEqual([]);
    expect(readFileSync(join(task.path, 'backend.idx'), 'utf8')).toMatch(/^\{"v":1,.*\}\n$/);
  });

  test('a log in trouble is said at once, in words', () => {
    using folder = temporaryFolder();
    const { notes, notices, read } = noting(folder.path);
    notes.logged({ type: 'gap.open', offset: 5, reason: 'ENOSPC: full' });
    notes.logged({ type: 'gap', offset: 5, bytes: 3, reason: 'ENOSPC: full' });
    notes.logged({ type: 'rotate', offset: 8, reason: 'ENOSPC: full' });
    expect(notices.map(({ level }) => level)).toEqual(['error', 'warn', 'info']);
    expect(notices[0]?.text).toContain('ENOSPC: full');
    expect(read('task.log').trim().split('\n')).toHaveLength(3);
    notes[Symbol.dispose]();
  });

  test('a folder that goes away is said, and throws nothing', () => {
    using folder = temporaryFolder();
    const { notes, notices, task } = noting(folder.path);
    rmSync(task.path, { recursive: true });
    notes.output(10);
    notes.ended(RESULT);
    expect(notices.map(({ text }) => text).join('\n')).toMatch(/task\.json cannot be written.*lost/);
  });
});

describe("the agent's environment", () => {
  const task = { id: 'task-1-1', path: '/a/task-1-1' };
  const size = { cols: 80, rows: 24 };

  test.each([
    [{}, { TERM: 'xterm-256color' }],
    [{ TERM: 'dumb' }, { TERM: 'xterm-256color' }],
    [{ TERM: '' }, { TERM: 'xterm-256color' }],
    [
      { TERM: 'vt100', COLUMNS: '80', LINES: '24' },
      { TERM: 'vt100', COLUMNS: '80', LINES: '24' },
    ],
    [{ TERM: 'vt100', COLUMNS: '81', LINES: 'many' }, { TERM: 'vt100' }],
    [
      { TERM: 'vt100', ORCH_TASK_ID: 'outer', TMUX: '/x' },
      { TERM: 'vt100', TMUX: '/x' },
    ],
  ])('%j becomes %j and the task', (user, expected) => {
    expect(agentEnvironment(user as Record<string, string>, task, size)).toEqual({
      ...expected,
      ORCH_TASK_ID: 'task-1-1',
      ORCH_TASK_DIR: '/a/task-1-1',
    });
  });

  test('its folder is called what the user calls it, where that is true', () => {
    using folder = temporaryFolder();
    const other = join(folder.path, 'other');
    mkdirSync(other);
    chmodSync(other, 0o700);
    expect(workingFolder(other, undefined)).toBe(other);
    expect(workingFolder(other, folder.path)).toBe(other);
    expect(workingFolder(other, join(other, '.'))).toBe(join(other, '.'));
    expect(workingFolder(other, 'other')).toBe(other);
    expect(workingFolder(other, '/no/such/folder')).toBe(other);
  });
});
