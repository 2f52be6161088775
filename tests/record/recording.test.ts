import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errors } from '../../src/core/errors.js';
import { DEFAULT_LIMITS } from '../../src/core/log-limits.js';
import { Loop } from '../../src/record/run/loop.js';
import { Recording } from '../../src/record/run/recording.js';
import { FakePty } from '../fixtures/fake-pty.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

test('an agent that cannot be started again has failed, and what it printed is kept', async () => {
  using folder = temporaryFolder();
  const clock = new ManualClock();
  const first = new FakePty();
  const ptys = [first];
  const behaviour = {};
  using recording = new Recording(
    {
      agentDir: folder.path,
      backend: 'mine',
      mode: 'run',
      options: [],
      resumes: undefined,
      invocation: { file: 'mine', args: [] },
      file: '/bin/mine',
      cwd: '/',
      env: {},
      size: { cols: 80, rows: 24 },
      settings: {
        ending: { lingerMs: 0, killAfterMs: 1000 },
        timeouts: { iterationMs: undefined, idleMs: undefined },
        log: { onError: 'continue', limits: DEFAULT_LIMITS, sync: 'never' },
      },
      loop: new Loop({ until: 'DONE', maxIterations: 5, stopAfterFailures: 3, delayMs: 0, prompt: 'x', behaviour }),
      behaviour,
      prompt: 'x',
      recorder: { pid: process.pid, version: '1' },
    },
    {
      spawn: () => {
        const pty = ptys.shift();
        if (pty === undefined) throw errors.spawnFailed('/bin/mine', new Error('EAGAIN: no process left'));
        return pty;
      },
      clock,
      notify: () => undefined,
    },
  );
  first.print('so far\r\n');
  first.push();
  first.exit({ exitCode: 0, signal: 0 });
  // Time passes while it ends, as often as something waits for it.
  const passing = new AbortController();
  const ending = recording.ended.finally(() => {
    passing.abort();
  });
  while (!passing.signal.aborted) {
    clock.advance(5);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { verdict, bytes } = await ending;
  expect(verdict).toEqual({
    result: 'failed',
    reason: expect.stringMatching(/^it could not be started again: .*EAGAIN/) as string,
    iterations: 1,
  });
  expect(bytes).toBe(8);
  const manifest = JSON.parse(readFileSync(join(recording.task.path, 'task.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest).toMatchObject({ status: 'failed', bytes: 8 });
});
