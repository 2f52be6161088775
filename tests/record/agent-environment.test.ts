import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentEnvironment, workingFolder } from '../../src/record/run/agent-environment.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const task = { id: 'task-1-1', path: '/r/task-1-1' };
const size = { cols: 100, rows: 30 };
const OWN = { ORCH_TASK_ID: 'task-1-1', ORCH_TASK_DIR: '/r/task-1-1' };

describe('the environment of an agent', () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['has a TERM where there is none', {}, { TERM: 'xterm-256color' }],
    ['has a TERM where that is empty', { TERM: '' }, { TERM: 'xterm-256color' }],
    ['has a TERM where that can do nothing', { TERM: 'dumb' }, { TERM: 'xterm-256color' }],
    ['has the TERM that there is', { TERM: 'tmux' }, { TERM: 'tmux' }],
    [
      'keeps a size that is right',
      { TERM: 'x', COLUMNS: '100', LINES: '30' },
      { TERM: 'x', COLUMNS: '100', LINES: '30' },
    ],
    ['has no size that is wrong', { TERM: 'x', COLUMNS: '80', LINES: '30' }, { TERM: 'x', LINES: '30' }],
    ['has no size that is none', { TERM: 'x', COLUMNS: 'wide', LINES: '' }, { TERM: 'x' }],
    [
      'has its own task, not that around it',
      { TERM: 'x', ORCH_TASK_ID: 'outer', ORCH_TASK_DIR: '/outer' },
      { TERM: 'x' },
    ],
  ])('%s', (_, user, expected) => {
    expect(agentEnvironment(user, task, size)).toEqual({ ...expected, ...OWN });
  });

  test('says what is to be masked only where something is, and by its name', () => {
    const secrets = [{ name: 'MY_KEY', value: 'hunter2hunter3' }];
    const { ORCH_REDACT } = agentEnvironment({ TERM: 'x' }, task, size, { secrets, shapes: [] });
    expect(ORCH_REDACT).toContain('MY_KEY');
    expect(ORCH_REDACT).not.toContain('hunter2');
  });
});

describe('the working folder', () => {
  test('is called as the user calls it, where that is a name of it', () => {
    using folder = temporaryFolder();
    const [real, link] = [join(folder.path, 'real'), join(folder.path, 'link')];
    mkdirSync(real);
    symlinkSync('real', link);
    expect(workingFolder(real, link)).toBe(link);
    expect(workingFolder(real, folder.path)).toBe(real);
    expect(workingFolder(real, join(folder.path, 'gone'))).toBe(real);
    expect(workingFolder(real, '.')).toBe(real);
    expect(workingFolder(real, undefined)).toBe(real);
  });
});
