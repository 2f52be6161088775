import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statusOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { type LiveProgram, startOrch } from '../fixtures/live-program.js';
import { recordScript, runOrch } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

function startWait(agentDir: string, ...args: readonly string[]): LiveProgram {
  const wait = startOrch(['wait', '--dir', agentDir, ...args]);
  wait.read();
  return wait;
}

/** A task of that name, which this process records. */
function task(agentDir: string, name: string): RunningTask {
  return new RunningTask(agentDir, { id: `task-1767322995-${name.length}${name.charCodeAt(0)}`, name });
}

describe('orch wait', () => {
  test.concurrent.each(['waiting', 'idle'])('--for %s ends when it is, and the task goes on', async (status) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'go');
    const script = `until [ -e ${file} ]; do sleep 0.02; done; echo '{"status":"${status}"}' >> "$ORCH_TASK_DIR/status.jsonl"; until [ -e ${file}.end ]; do sleep 0.02; done`;
    await using run = startOrch(recordScript(join(folder.path, 'a'), script, '-q', '--name', 'mine'));
    await eventually(() => statusOf(join(folder.path, 'a')) === 'running', 'a task');
    await using wait = startWait(join(folder.path, 'a'), 'mine', '--for', status);
    writeFileSync(file, '');
    expect(await wait.end()).toBe(0);
    expect(wait.stdout).toMatch(new RegExp(`^task-\\S+ ${status}\\n$`));
    expect(statusOf(join(folder.path, 'a'))).toBe('running');
    // Whatever a command says of itself, orch does not end it.
    writeFileSync(`${file}.end`, '');
    expect(await run.end()).toBe(0);
  });

  test.concurrent('ends when the last of several is done, and says of each how it ended, as it does', async () => {
    using folder = temporaryFolder();
    const [one, another] = [task(folder.path, 'one'), task(folder.path, 'another')];
    await using wait = startWait(folder.path, 'one', 'another');
    another.end();
    await wait.waitFor(`${another.folder.id} done`);
    expect(wait.stdout).not.toContain(one.folder.id);
    one.end();
    expect(await wait.end()).toBe(0);
    expect(wait.stdout).toMatch(new RegExp(`^${another.folder.id} done after .*\\n${one.folder.id} done after .*\\n$`));
  });

  test.concurrent('waits for the newest task where none is named', async () => {
    using folder = temporaryFolder();
    task(folder.path, 'a').end(3);
    const newest = task(folder.path, 'zz');
    await using wait = startWait(folder.path);
    newest.end();
    expect(await wait.end()).toBe(0);
  });

  test.concurrent.each<[string, readonly string[], number, string]>([
    ['failed', [], 3, 'failed 3'],
    ['is done', ['--for', 'idle'], 0, 'done'],
  ])('ends with 1 where a task %s instead', async (_, flags, code, said) => {
    using folder = temporaryFolder();
    const mine = task(folder.path, 'mine');
    await using wait = startWait(folder.path, ...flags);
    mine.end(code);
    expect(await wait.end()).toBe(1);
    expect(wait.stdout).toContain(`${mine.folder.id} ${said}`);
  });

  test.concurrent('ends with 1 where one of several failed, when the others have ended as well', async () => {
    using folder = temporaryFolder();
    const [one, another] = [task(folder.path, 'one'), task(folder.path, 'another')];
    await using wait = startWait(folder.path, 'one', 'another');
    one.end(1);
    await wait.waitFor('failed 1');
    another.end();
    expect(await wait.end()).toBe(1);
    expect(wait.stdout).toContain(`${another.folder.id} done`);
  });

  test.concurrent('ends with 124 after --timeout, and says what they are doing', async () => {
    using folder = temporaryFolder();
    task(folder.path, 'one').end();
    const { folder: running } = task(folder.path, 'another');
    const { code, stdout } = await runOrch(['wait', '--dir', folder.path, '--timeout', '200ms', 'one', 'another']);
    expect([code, stdout.toString()]).toEqual([124, expect.stringContaining(`${running.id} running`)]);
  });

  test.concurrent('Ctrl-C ends it with 130, and no task', async () => {
    using folder = temporaryFolder();
    task(folder.path, 'one').end();
    task(folder.path, 'another');
    await using wait = startWait(folder.path, 'one', 'another');
    // From then on it listens.
    await wait.waitFor('done');
    process.kill(wait.pid, 'SIGINT');
    expect(await wait.end()).toBe(130);
  });

  test.concurrent('ends with 3 where there is no such task, and waits for none', async () => {
    using folder = temporaryFolder();
    task(folder.path, 'one');
    const { code, stdout, stderr } = await runOrch(['wait', '--dir', folder.path, 'one', 'two']);
    expect([code, stdout.toString()]).toEqual([3, '']);
    expect(stderr).toMatch(/^orch: no task two — .*\n$/);
  });

  test.concurrent.each([1, 2])('says that a task was removed meanwhile, when it waits for %i', async (count) => {
    using folder = temporaryFolder();
    task(folder.path, 'first').end();
    const removed = task(folder.path, 'removed');
    task(folder.path, 'other');
    const names = count === 1 ? ['removed'] : ['removed', 'other'];
    await using wait = startWait(folder.path, 'first', ...names);
    await wait.waitFor('done');
    rmSync(removed.folder.path, { recursive: true });
    expect(await wait.end()).toBe(4);
  });
});

/** Of the only task; undefined while there is none. */
function statusOf(agentDir: string): string | undefined {
  try {
    return statusOfOnlyTask(agentDir);
  } catch {
    return undefined;
  }
}
