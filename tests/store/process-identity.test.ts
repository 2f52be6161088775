import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSameProcess, isStopped, processStart } from '../../src/store/layout/process-identity.js';

describe('telling processes apart', () => {
  test('a process keeps its identity, and another one has another', async () => {
    const start = processStart(process.pid);
    expect(start).toMatch(/./);
    expect(processStart(process.pid)).toBe(start);
    expect(isSameProcess(process.pid, start ?? '')).toBe(true);
    expect(isSameProcess(process.pid, 'another boot:1')).toBe(false);
    await using child = sleeper('sleeper');
    expect(processStart(child.pid)).not.toBe(start);
  });

  test('a process that has ended is none, and neither is an identity nobody could note', async () => {
    const child = sleeper('sleeper');
    const start = processStart(child.pid) ?? '';
    await child[Symbol.asyncDispose]();
    expect(processStart(child.pid)).toBeUndefined();
    expect(isSameProcess(child.pid, start)).toBe(false);
    expect(isSameProcess(child.pid, '')).toBe(false);
  });

  test.skipIf(!existsSync('/proc'))('a zombie does not live', async () => {
    // The shell starts a child, then becomes a program that never waits for it; only then does the child end.
    const child = 'while ! grep -q sleep /proc/$$/comm; do :; done';
    await using parent = sleeper('parent', `(${child}) & echo $!; exec sleep 60`);
    const zombie = Number(await parent.firstLine);
    await expect.poll(() => processStart(zombie)).toBeUndefined();
    expect(existsSync(`/proc/${zombie}`)).toBe(true);
  });

  test('a stopped process is seen as stopped, until it goes on', async () => {
    await using child = sleeper('sleeper');
    expect(isStopped(child.pid)).toBe(false);
    process.kill(child.pid, 'SIGSTOP');
    await expect.poll(() => isStopped(child.pid)).toBe(true);
    process.kill(child.pid, 'SIGCONT');
    await expect.poll(() => isStopped(child.pid)).toBe(false);
  });

  test.skipIf(!existsSync('/proc'))('a name with blanks and parentheses misleads nobody', async () => {
    await using child = sleeper('odd) S (name', 'printf "odd) R 1 2 (x" > /proc/$$/comm; echo named; read forever');
    await child.firstLine;
    expect(isSameProcess(child.pid, processStart(child.pid) ?? '')).toBe(true);
    expect(processStart(child.pid)).toMatch(/^[0-9a-f-]{36}:\d+$/);
  });
});

/** A child that does nothing until the end of its scope. */
function sleeper(name: string, script = 'exec sleep 60') {
  const child = spawn('sh', ['-c', script, name], { stdio: ['pipe', 'pipe', 'ignore'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} did not start`);
  const firstLine = once(child.stdout, 'data').then(
    ([bytes]) => String(bytes).trim(),
    () => '',
  );
  return {
    pid,
    firstLine,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
