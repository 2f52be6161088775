import { mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../fixtures/cli.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { LINES, writeWholeTask } from '../fixtures/whole-task.js';

/** An .agent folder, and what `ls` says of it. */
function lists() {
  const home = temporaryFolder();
  const agent = join(home.path, '.agent');
  mkdirSync(agent);
  const ls = async (...flags: readonly string[]) => (await runCli(['ls', ...flags], { cwd: home.path })).stdout;
  return {
    agent,
    cwd: home.path,
    table: () => ls(),
    numbers: async () =>
      (JSON.parse(await ls('--json')) as { missing?: number; removed?: number }[]).map(({ missing, removed }) => [
        missing,
        removed,
      ]),
    [Symbol.dispose]: () => {
      home[Symbol.dispose]();
    },
  };
}

describe('a list of tasks', () => {
  test('has no word of missing bytes where none are', async () => {
    using home = lists();
    writeWholeTask(home.agent);
    expect(await home.table()).not.toContain('MISSING');
    expect(await home.numbers()).toEqual([[0, 0]]);
  });

  test('tells of what could not be written', async () => {
    using home = lists();
    writeWholeTask(home.agent, { parts: [LINES, LINES], gapBytes: 1500 });
    expect(await home.table()).toMatch(/BYTES +MISSING .*\n.* 1\.5 kB /);
    expect(await home.numbers()).toEqual([[1500, 0]]);
  });

  test('tells of what was cut off since, and of a log that is gone', async () => {
    using home = lists();
    const cut = writeWholeTask(home.agent, { id: 'task-1767323045-1' });
    truncateSync(join(cut.path, 'backend.log'), LINES.length - 7);
    const gone = writeWholeTask(home.agent, { id: 'task-1767323045-2' });
    rmSync(join(gone.path, 'backend.log'));
    expect(await home.numbers()).toEqual([
      [LINES.length, 0],
      [7, 0],
    ]);
    const { code, stdout } = await runCli(['show', '1767323045-1'], { cwd: home.cwd });
    expect([code, stdout]).toEqual([4, expect.stringContaining('Missing     7 bytes (7 B)\n')]);
  });

  test('tells apart what was removed to make room, which is no damage', async () => {
    using home = lists();
    const { path } = writeWholeTask(home.agent, {
      parts: [LINES, LINES],
      gapBytes: 10,
      events: [{ type: 'trim', offset: 0, bytes: LINES.length + 10 }],
      manifest: { gaps: [] },
    });
    const [first = ''] = readdirSync(path).filter((name) => /^backend\.\d+\.log$/.test(name));
    rmSync(join(path, first));
    expect(await home.table()).toMatch(new RegExp(`MISSING .*\\n.* ${LINES.length + 10} B removed `));
    expect(await home.numbers()).toEqual([[0, LINES.length + 10]]);
  });

  test('says nothing of one that cannot be read', async () => {
    using home = lists();
    const { path } = writeTask(home.agent, { log: 'x' });
    rmSync(join(path, 'task.json'));
    expect(await home.numbers()).toEqual([[undefined, undefined]]);
  });
});

test('what a task cost is summed up over its iterations, in words and for programs', async () => {
  using home = lists();
  const end = { verdict: 'done', reason: 'x', durationMs: 5, exitCode: 0, signal: 0 } as const;
  writeTask(home.agent, {
    log: 'x',
    events: [
      { type: 'iteration.end', iteration: 1, offset: 0, ...end, cost: 0.1, tokens: { input: 500, output: 20 } },
      { type: 'iteration.end', iteration: 2, offset: 1, ...end, cost: 0.2, tokens: { input: 43, output: 1 } },
      { type: 'iteration.end', iteration: 3, offset: 1, ...end },
    ],
  });
  const show = async (...flags: readonly string[]) => (await runCli(['show', ...flags], { cwd: home.cwd })).stdout;
  expect(await show()).toContain('Cost        $0.3\nTokens      543 in, 21 out\n');
  const { cost, tokens } = JSON.parse(await show('--json')) as { cost: number; tokens: unknown };
  expect(cost).toBeCloseTo(0.3);
  expect(tokens).toEqual({ input: 543, output: 21 });
});
