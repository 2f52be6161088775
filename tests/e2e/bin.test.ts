import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTask } from '../fixtures/recorded-task.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

test('the built command answers, with its exit code', async () => {
  expect(await runOrch(['--version'])).toMatchObject({ code: 0, stderr: '' });
  expect(await runOrch(['nonsense'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^orch: unknown command/) as string,
  });
});

test('a recording of any bytes comes through a pipe whole', async () => {
  using agent = temporaryFolder();
  const log = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 256));
  writeTask(agent.path, { log });
  const { code, stdout } = await runOrch(['logs', '-o', 'raw', '--dir', agent.path]);
  expect(code).toBe(0);
  expect(stdout.equals(log)).toBe(true);
});

test('a pipe that is closed early, as head does, ends it quietly with 0', async () => {
  using agent = temporaryFolder();
  writeTask(agent.path, { log: 'line\n'.repeat(500_000) });
  const script = '{ "$0" "$1" logs --dir "$2" $3; echo "exit $?" >&2; } | head -n 1';
  for (const format of ['', '-oraw', '--no-ansi']) {
    const { stdout, stderr } = await runPiped('sh', ['-c', script, process.execPath, ORCH, agent.path, format]);
    expect([stdout.toString(), stderr]).toEqual(['line\n', 'exit 0\n']);
  }
});

test('a current folder that was removed is one clear line', async () => {
  using home = temporaryFolder();
  const script = 'mkdir "$2" && cd "$2" && rmdir "$2" && exec "$0" "$1" ls';
  const { code, stderr } = await runPiped('sh', ['-c', script, process.execPath, ORCH, join(home.path, 'gone')]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^orch: [^\n]+\n$/);
});
