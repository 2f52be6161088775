import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { programs } from '../fixtures/programs.js';
import { runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const LIBRARY = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Runs a program that has `Agent` and `print`; what it printed, each as JSON. */
async function library(folder: string, script: string, env: Readonly<Record<string, string>> = {}): Promise<unknown[]> {
  const begin = `import { Agent } from ${JSON.stringify(LIBRARY)}; const print = (it) => console.log(JSON.stringify(it));`;
  const args = ['--input-type=module', '-e', `${begin}\n${script}`];
  const { stdout, stderr } = await runPiped(process.execPath, args, { cwd: folder, env });
  expect(stderr).toBe('');
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

test('an agent gives what a person would have read, and where the recording is, in ORCH_DIR as orch run', async () => {
  using folder = temporaryFolder();
  const PATH = programs(folder.path, ['gemini'], String.raw`printf 'wait\r\033[Kdone\n'`);
  const script = `const { task, ...rest } = await new Agent('gemini').execute('do it'); print({ ...rest, where: (await import('node:fs')).existsSync('kept/' + task) });`;
  const [result] = await library(folder.path, script, { PATH, ORCH_DIR: join(folder.path, 'kept') });
  expect(result).toEqual({ output: 'done\n', exitCode: 0, reason: 'exit 0', where: true });
});

test('an agent that is called off as soon as it is asked ends', async () => {
  using folder = temporaryFolder();
  const PATH = programs(folder.path, ['gemini'], 'exec sleep 1000');
  const script = `const off = new AbortController();
const running = new Agent('gemini').execute('do it', { signal: off.signal });
off.abort();
const { exitCode, reason } = await running;
print({ exitCode, reason });`;
  expect(await library(folder.path, script, { PATH })).toEqual([{ exitCode: 143, reason: 'interrupted by SIGTERM' }]);
});
