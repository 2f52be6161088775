import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { taskFolders } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, recordScript } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Threads that an idle recorder may have beside those of a Node that does nothing. */
const MORE_THREADS = 4;

describe.skipIf(process.platform !== 'linux')('the recorder of a task that does nothing any more', () => {
  test('has few threads beside those of Node, and no library loaded that has nothing to do', async () => {
    using agent = temporaryFolder();
    await using bare = started(['-e', 'setInterval(() => undefined, 1e9)']);
    // It prints, is given the end of its input, for which its terminal's settings are read, and then sleeps.
    const script = 'echo printed; cat; echo input ended; sleep 1000';
    await using orch = started([ORCH, ...recordScript(agent.path, script, '-q')]);
    await eventually(() => logIn(agent.path).includes('input ended'), 'the end of the input');
    // One waits for the agent; the others have forced what was printed to the disk, and stay.
    await eventually(() => threads(orch.pid) >= threads(bare.pid) + 2, 'the threads of what has been done');
    expect(threads(orch.pid)).toBeLessThanOrEqual(threads(bare.pid) + MORE_THREADS);
    expect(readFileSync(`/proc/${orch.pid}/maps`, 'latin1')).not.toContain('koffi');
  });
});

function started(args: readonly string[]): { readonly pid: number } & AsyncDisposable {
  // What the tests were started with is not to be its own.
  const alone = 'for fd in /proc/self/fd/*; do fd=${fd##*/}; [ $fd -le 2 ] || eval "exec $fd>&-"; done; exec "$@"';
  const words = ['-c', alone, 'bash', process.execPath, ...args];
  const child = spawn('bash', words, { env: testEnvironment(), stdio: 'ignore' });
  const ended = once(child, 'exit');
  if (child.pid === undefined) throw new Error('not started');
  return {
    pid: child.pid,
    // What it still writes is not to meet a folder that is being removed.
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What was recorded so far in the only task; nothing while there is none. */
function logIn(agentDir: string): string {
  const [task] = existsSync(agentDir) ? taskFolders(agentDir) : [];
  const log = join(agentDir, task ?? '', 'backend.log');
  return task !== undefined && existsSync(log) ? readFileSync(log, 'latin1') : '';
}

function threads(pid: number): number {
  return readdirSync(join('/proc', `${pid}`, 'task')).length;
}
