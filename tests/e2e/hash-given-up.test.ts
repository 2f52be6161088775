import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { ORCH, type PipedRun, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** More than is hashed without a thread. */
const SCRIPT = 'seq 1 300000; exit 7';
/** What a thread that hangs is given, ms. */
const PATIENCE_MS = 30_000;

/** Loaded before orch: `program` is the thread that hashes the log, and where it hangs, waiting as long as orch waits for it takes a moment. */
const preloaded = (program: string): string => `
const threads = require('node:worker_threads');
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(file, options) {
    const isKeeper = String(file).endsWith('segment-hasher-worker.js');
    super(isKeeper ? new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(program)})) : file, options);
  }
};
require('node:module').syncBuiltinESMExports();
const wait = globalThis.setTimeout;
globalThis.setTimeout = (run, ms, ...rest) => wait(run, ms === ${program === HANGS ? PATIENCE_MS : -1} ? 1 : ms, ...rest);
`;
const HANGS = 'for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)';
const ENDS = 'process.exit(0)';

function runWithoutHash(folder: string, program: string, ...flags: readonly string[]): Promise<PipedRun> {
  const preload = join(folder, 'without-hash.cjs');
  writeFileSync(preload, preloaded(program));
  const args = ['run', '-q', '--dir', join(folder, 'tasks'), ...flags, '--', 'sh', '-c', SCRIPT];
  return runPiped(process.execPath, ['--require', preload, ORCH, ...args]);
}

describe('a run whose log cannot be hashed at its end', () => {
  test.each([
    ['the thread hangs', HANGS, 'the thread that hashes it has made no progress for 30 s'],
    ['the thread is no more', ENDS, 'the thread that hashes the log ended early'],
  ])('ends as its agent did, and says so: %s', async (_, program, why) => {
    using folder = temporaryFolder();
    const { code, stderr } = await runWithoutHash(folder.path, program);
    expect(code).toBe(7);
    expect(stderr).toContain(`the recording has no hash: ${why}`);

    const { manifest, log, taskLog, folder: task } = onlyTask(join(folder.path, 'tasks'));
    expect(manifest).toMatchObject({ status: 'failed', exit: { code: 7 }, bytes: log.length, gaps: [] });
    expect(readFileSync(join(task, 'task.json'), 'utf8')).not.toMatch(/"(sha256|chain)"/);
    expect(taskLog).toContain(why);
    expect(log.toString().split('\r\n').slice(-2)).toEqual(['300000', '']);
  });

  test('can be read, and verify says that it cannot be proven, and nothing else against it', async () => {
    using folder = temporaryFolder();
    await runWithoutHash(folder.path, HANGS, '--segment-size', '64KiB');
    const orch = async (...args: readonly string[]) =>
      runOrch([...args, '--dir', join(folder.path, 'tasks')]).then(({ code, stdout }) => [code, stdout.toString()]);
    expect(await orch('logs', '-n', '1', '--backend')).toEqual([0, '300000\n']);
    const [, shown] = await orch('show');
    expect(shown).not.toContain('SHA-256');
    const [code, found] = await orch('verify');
    expect(code).toBe(4);
    expect(String(found).match(/^FAIL.*$/gm)).toEqual([expect.stringContaining('sha256: the manifest has none')]);
  });
});
