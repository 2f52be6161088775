import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const ENDS = [
  { script: 'exit 0', code: 0, status: 'done', exit: { code: 0, signal: 0 } },
  { script: 'exit 42', code: 42, status: 'failed', exit: { code: 42, signal: 0 } },
  { script: 'kill -9 $$', code: 137, status: 'failed', exit: { code: 0, signal: 9 } },
  { script: 'kill -TERM $$', code: 143, status: 'failed', exit: { code: 0, signal: 15 } },
];

describe('how the agent ends is how orch ends', () => {
  test.each(ENDS)('in a pipe: $script gives $code', async ({ script, code, status, exit }) => {
    using folder = temporaryFolder();
    const run = await runOrch(['run', '--dir', folder.path, '--', 'sh', '-c', script]);
    expect(run.code).toBe(code);
    expect(onlyTask(folder.path).manifest).toMatchObject({ status, exit });
  });

  test.each(ENDS)('in a terminal: $script gives $code', async ({ script, code, status, exit }) => {
    using folder = temporaryFolder();
    await using terminal = openOrch(['run', '--dir', folder.path, '--', 'sh', '-c', script]);
    expect(await terminal.end()).toEqual({ code });
    expect(onlyTask(folder.path).manifest).toMatchObject({ status, exit });
  });

  test('a command that cannot be executed gives 126, and no task', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'notes.txt');
    writeFileSync(file, 'no program\n', { mode: 0o644 });
    const run = await runOrch(['run', '--dir', join(folder.path, 'recordings'), '--', file]);
    expect(run.code).toBe(126);
    expect(run.stderr).toMatch(/^orch: .*notes\.txt cannot be executed.*chmod \+x.*\n$/);
    expect(existsSync(join(folder.path, 'recordings'))).toBe(false);
  });

  test('two runs in the same second are two tasks', async () => {
    using folder = temporaryFolder();
    const runs = Array.from({ length: 4 }, () => runOrch(['run', '-q', '--dir', folder.path, '--', 'true']));
    for (const { code } of await Promise.all(runs)) expect(code).toBe(0);
    expect(taskFolders(folder.path)).toHaveLength(4);
  });
});
