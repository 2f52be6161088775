import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Starts `orch run` around a shell script. */
function startRun(agentDir: string, script: string) {
  const args = [ORCH, 'run', '-q', '--dir', agentDir, '--', 'sh', '-c', script];
  const child = spawn(process.execPath, args, { env: testEnvironment(), stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  return { kill: () => child.kill('SIGKILL'), ended, [Symbol.dispose]: () => child.kill('SIGKILL') };
}

/** The bytes of the only task's log so far; 0 while there is none. */
function recordedSoFar(agentDir: string): number {
  try {
    return statSync(join(agentDir, taskFolders(agentDir)[0] ?? '', 'backend.log')).size;
  } catch {
    return 0;
  }
}

/** Prints in bursts, for ever. */
const FLOOD = 'while :; do seq 1 300; sleep 0.005; done';
const KILLS = 20;

const failing = (stdout: Buffer): readonly string[] => stdout.toString().match(/^FAIL .*/gm) ?? [];

describe('orch verify of what orch recorded', () => {
  test.each([
    ['a few lines', ['sh', '-c', 'echo one; stty cols 100; echo two']],
    ['nothing', ['true']],
    ['a failure', ['sh', '-c', 'exit 3']],
    ['a flood', ['seq', '1', '500000']],
    ['secrets, masked', ['sh', '-c', 'echo sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789']],
  ])('%s is whole', async (what, command) => {
    using folder = temporaryFolder();
    const flags = what.startsWith('secrets') ? ['--redact'] : [];
    await runOrch(['run', '-q', ...flags, '--dir', folder.path, '--', ...command]);
    const { code, stdout, stderr } = await runOrch(['verify', '--dir', folder.path]);
    expect([code, stderr, failing(stdout)]).toEqual([0, '', []]);
    expect(stdout.toString()).toMatch(/^ok {3}sha256: [0-9a-f]{64}$/m);
  });

  test('an agent that is run again and again is whole, all of it', async () => {
    using folder = temporaryFolder();
    const flags = ['-q', '--dir', folder.path, '--max-iterations', '3', '--until', 'NEVER'];
    await runOrch(['run', ...flags, '-b', 'demo', '--speed', '0']);
    const { code, stdout } = await runOrch(['verify', '--dir', folder.path]);
    expect([code, failing(stdout)]).toEqual([0, []]);
    expect(stdout.toString()).toContain('iterations: 3\n');
  });

  test('a log that was removed meanwhile is a gap, and all else agrees', async () => {
    using folder = temporaryFolder();
    const script = 'echo before; rm "$ORCH_TASK_DIR/backend.log"; sleep 1; echo after';
    await runOrch(['run', '-q', '--dir', folder.path, '--', 'sh', '-c', script]);
    const { code, stdout } = await runOrch(['verify', '--dir', folder.path]);
    expect([code, failing(stdout)]).toEqual([4, [expect.stringMatching(/^FAIL gaps: 8 bytes from 0 on: /)]]);
  });

  test('a task that runs is told from one that was lost', async () => {
    using folder = temporaryFolder();
    using run = startRun(folder.path, FLOOD);
    await eventually(() => recordedSoFar(folder.path) > 100_000, 'some output');
    const whileRunning = await runOrch(['verify', '--dir', folder.path]);
    expect([whileRunning.code, failing(whileRunning.stdout)]).toEqual([0, []]);
    expect(whileRunning.stdout.toString()).toContain('note manifest: the task still runs');
    run.kill();
    await run.ended;
    const lost = await runOrch(['verify', '--dir', folder.path]);
    expect([lost.code, failing(lost.stdout)]).toEqual([0, []]);
    expect(lost.stdout.toString()).toContain('(lost)');
  });

  test('killed wherever it may be, a task can be mended, and what was recorded is left as it is', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      using folder = temporaryFolder();
      using run = startRun(folder.path, FLOOD);
      await eventually(() => recordedSoFar(folder.path) > kill * 5000, 'some output');
      run.kill();
      await run.ended;
      const path = (name: string): string => join(folder.path, taskFolders(folder.path)[0] ?? '', name);
      const before = ['backend.log', 'events.jsonl'].map((name) => readFileSync(path(name)));
      const { code, stdout } = await runOrch(['verify', '--repair', '--dir', folder.path]);
      expect([code, failing(stdout)]).toEqual([0, []]);
      expect(['backend.log', 'events.jsonl'].map((name) => readFileSync(path(name)))).toEqual(before);
      expect(onlyTask(folder.path).manifest).toMatchObject({ status: 'failed', bytes: before[0]?.length });
      appendFileSync(path('backend.log'), 'x');
      expect((await runOrch(['verify', '-q', '--dir', folder.path])).code).toBe(4);
    }
  });
});
