import { chmodSync, mkdirSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createTaskFolder, listTaskIds } from '../../src/store/layout/task-folder.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const PROGRAM = fileURLToPath(new URL('../fixtures/create-tasks.ts', import.meta.url));

describe('making the folder of a task', () => {
  test('names it after the second and a number in it', () => {
    using agent = temporaryFolder();
    const clock = new ManualClock('2026-01-02T03:04:05.999Z');
    const first = createTaskFolder(agent.path, clock);
    expect(first).toEqual({ id: 'task-1767323045-1', path: join(agent.path, 'task-1767323045-1') });
    expect(statSync(first.path).mode & 0o777).toBe(0o700);
    expect(createTaskFolder(agent.path, clock).id).toBe('task-1767323045-2');
    clock.advance(1);
    expect(createTaskFolder(agent.path, clock).id).toBe('task-1767323046-1');
  });

  test('takes no name that anything has, be it a file or a dangling link', () => {
    using agent = temporaryFolder();
    writeFileSync(join(agent.path, 'task-1767323045-1'), '');
    symlinkSync('nowhere', join(agent.path, 'task-1767323045-2'));
    expect(createTaskFolder(agent.path, new ManualClock()).id).toBe('task-1767323045-3');
  });

  test('gives the newest the highest number of its second, whatever was removed before', () => {
    using agent = temporaryFolder();
    const clock = new ManualClock();
    const make = (): string => createTaskFolder(agent.path, clock).id;
    const [first, second] = [make(), make()];
    rmdirSync(join(agent.path, first));
    const third = make();
    expect(listTaskIds(agent.path)).toEqual([second, third]);
    expect(third).toBe('task-1767323045-3');
  });

  test('passes over a number behind which there is none', () => {
    using agent = temporaryFolder();
    mkdirSync(join(agent.path, 'task-1767323045-999999999999999'));
    expect(createTaskFolder(agent.path, new ManualClock()).id).toBe('task-1767323045-1');
  });

  test.skipIf(process.getuid?.() === 0)('needs no right to list the folder', () => {
    using agent = temporaryFolder();
    chmodSync(agent.path, 0o300);
    const { id } = createTaskFolder(agent.path, new ManualClock());
    chmodSync(agent.path, 0o700);
    expect(listTaskIds(agent.path)).toEqual([id]);
  });

  test('a hundred made at once by five processes all have names of their own', async () => {
    using agent = temporaryFolder();
    const runs = Array.from({ length: 5 }, () =>
      runPiped(process.execPath, ['--import', 'tsx', PROGRAM, agent.path, '20']),
    );
    const ids = (await Promise.all(runs)).flatMap(({ stdout }) => stdout.toString().trim().split('\n'));
    expect(new Set(ids).size).toBe(100);
    expect([...ids].sort()).toEqual(listTaskIds(agent.path).sort());
  });

  test('says so when the .agent folder has gone', () => {
    using agent = temporaryFolder();
    const gone = join(agent.path, 'gone');
    expect(() => createTaskFolder(gone, new ManualClock())).toThrow(
      expect.objectContaining({ code: 'AGENT_DIR_UNWRITABLE' }),
    );
  });
});

describe('listing tasks', () => {
  test('the newest comes last, by number and not by letter', () => {
    using agent = temporaryFolder();
    const ids = ['task-999-1', 'task-1000-2', 'task-1000-9', 'task-1000-10', 'task-1001-1'];
    for (const id of [...ids].reverse()) mkdirSync(join(agent.path, id));
    expect(listTaskIds(agent.path)).toEqual(ids);
  });

  test('whatever else lies there is no task', () => {
    using agent = temporaryFolder();
    mkdirSync(join(agent.path, 'task-1-1'));
    mkdirSync(join(agent.path, 'task-1-1.old'));
    mkdirSync(join(agent.path, 'tasks'));
    writeFileSync(join(agent.path, 'task-2-1'), '');
    symlinkSync('task-1-1', join(agent.path, 'task-3-1'));
    expect(listTaskIds(agent.path)).toEqual(['task-1-1']);
  });

  test('a folder that is not there has none', () => {
    using agent = temporaryFolder();
    expect(listTaskIds(join(agent.path, 'absent'))).toEqual([]);
  });
});
