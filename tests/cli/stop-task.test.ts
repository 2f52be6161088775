import { describe, expect, test, vi } from 'vitest';
import { stopTasks } from '../../src/cli/run/stop-task.js';
import { systemClock } from '../../src/core/clock.js';
import { listTasks } from '../../src/store/task/task-reader.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Stops two tasks that this process records; `kill` is asked instead of the system. */
async function stopTwo(kill: (signal: string | number | undefined, tasks: RunningTask[]) => true): Promise<string[]> {
  using folder = temporaryFolder();
  const tasks = [1, 2].map((at) => new RunningTask(folder.path, { id: `task-1-${at}` }));
  const said: string[] = [];
  const spy = vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    expect(pid).toBe(process.pid);
    return kill(signal, tasks);
  });
  try {
    const options = { clock: systemClock, killAfterMs: 60_000, signal: new AbortController().signal };
    await stopTasks(listTasks(folder.path), options, (text) => {
      said.push(text);
      return Promise.resolve();
    });
  } finally {
    spy.mockRestore();
  }
  return said.sort();
}

describe('tasks that are stopped together', () => {
  test('tell the one orch that records them once', async () => {
    const sent: unknown[] = [];
    const said = await stopTwo((signal, tasks) => {
      sent.push(signal);
      for (const task of tasks) task.end(1);
      return true;
    });
    expect(sent).toEqual(['SIGTERM']);
    expect(said).toEqual([expect.stringMatching(/^task-1-1 failed 1/), expect.stringMatching(/^task-1-2 failed 1/)]);
  });

  test('say whose process it is that they may not end', async () => {
    const refused = stopTwo(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    await expect(refused).rejects.toMatchObject({
      code: 'PROCESS_FOREIGN',
      exitCode: 1,
      message: `process ${process.pid} belongs to another user, and only that user may end it`,
    });
  });
});
