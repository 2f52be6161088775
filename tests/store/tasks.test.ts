import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processStart } from '../../src/store/layout/process-identity.js';
import { resolveTask } from '../../src/store/task/resolve-task.js';
import { listTasks, readTask } from '../../src/store/task/task-reader.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const running = { status: 'running', pid: process.pid, pidStart: processStart(process.pid) ?? '' } as const;

describe('the status of a task', () => {
  test('is running while its recorder lives, and then the log tells how much there is', () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'hello', manifest: { ...running, bytes: 0 } });
    expect(readTask(folder)).toMatchObject({ type: 'task', status: 'running', bytes: 5 });
  });

  test.each([
    ['no process has its pid', { ...running, pid: 4_000_000 }],
    ['its pid is another process now', { ...running, pidStart: 'another boot:1' }],
  ])('is lost when %s', (_, manifest) => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'hello', manifest: { ...manifest, bytes: 0 } });
    expect(readTask(folder)).toMatchObject({ type: 'task', status: 'lost', bytes: 5 });
  });

  test.each(['done', 'failed'] as const)('is %s when the recorder said so, whoever has its pid now', (status) => {
    using agent = temporaryFolder();
    expect(readTask(writeTask(agent.path, { manifest: { ...running, status } }))).toMatchObject({ status });
  });
});

describe('a list of tasks', () => {
  test('goes on past folders that cannot be read, and says what each lacks', () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-3-1' });
    writeTask(agent.path, { id: 'task-4-1' });
    rmSync(join(agent.path, 'task-4-1', 'task.json'));
    mkdirSync(join(agent.path, 'task-2-1'));
    writeFileSync(join(agent.path, 'task-2-1', 'task.json'), '{"v":7}');
    const entries = listTasks(agent.path);
    expect(entries.map(({ folder, type }) => [folder.id, type])).toEqual([
      ['task-2-1', 'unreadable'],
      ['task-3-1', 'task'],
      ['task-4-1', 'unreadable'],
    ]);
    expect(entries[0]).toMatchObject({ problem: { message: expect.stringContaining('version 7') as string } });
  });
});

describe('naming a task', () => {
  test('an id, the beginning of one, a name and latest all find it', () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-1000-1', manifest: { name: 'nightly' } });
    writeTask(agent.path, { id: 'task-2000-1' });
    for (const text of ['task-1000-1', 'task-1', '1', '1000-1', 'nightly']) {
      expect(resolveTask(agent.path, text).id).toBe('task-1000-1');
    }
    expect(resolveTask(agent.path, 'latest')).toEqual({ id: 'task-2000-1', path: join(agent.path, 'task-2000-1') });
  });

  test('a whole id is never ambiguous, though it begins another', () => {
    using agent = temporaryFolder();
    for (const id of ['task-1000-1', 'task-1000-10']) writeTask(agent.path, { id });
    expect(resolveTask(agent.path, 'task-1000-1').id).toBe('task-1000-1');
  });

  test('what would be the beginning of an id is no name, though one was given before that was refused', () => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-2000-1', manifest: { name: '1' } });
    writeTask(agent.path, { id: 'task-1000-1' });
    expect(resolveTask(agent.path, '1').id).toBe('task-1000-1');
  });

  test('what fits several is refused with the candidates, the newest first', () => {
    using agent = temporaryFolder();
    for (let n = 1; n <= 7; n++) writeTask(agent.path, { id: `task-1000-${n}`, manifest: { name: 'nightly' } });
    const ambiguous = { code: 'TASK_AMBIGUOUS', exitCode: 2 };
    for (const text of ['1000', 'nightly']) {
      expect(() => resolveTask(agent.path, text)).toThrow(expect.objectContaining(ambiguous));
      expect(() => resolveTask(agent.path, text)).toThrow(/task-1000-7, task-1000-6, .*, … 2 more$/);
    }
  });

  test.each(['absent', '', 'task-9'])("'%s' is no task, and the newest are offered", (text) => {
    using agent = temporaryFolder();
    writeTask(agent.path, { id: 'task-1000-1' });
    expect(() => resolveTask(agent.path, text)).toThrow(
      expect.objectContaining({
        code: 'NO_SUCH_TASK',
        exitCode: 3,
        fix: expect.stringContaining('task-1000-1') as string,
      }),
    );
  });

  test('where nothing is recorded not even latest is a task', () => {
    using agent = temporaryFolder();
    expect(() => resolveTask(agent.path, 'latest')).toThrow(/nothing is recorded here yet/);
  });

  test('a task whose manifest is damaged is still found by its id', () => {
    using agent = temporaryFolder();
    mkdirSync(join(agent.path, 'task-1000-1'));
    expect(resolveTask(agent.path, 'task-1000').id).toBe('task-1000-1');
  });
});
