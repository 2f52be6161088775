import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusesOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, type TestTerminal } from '../fixtures/terminal.js';

/** What orch.yml says of the backend `mine`: one that shows a question. */
const ASKS = String.raw`backends: { mine: { command: [mine], waiting: ['^Go on\? \[y/N\]$'] } }`;
/** Until the test makes the file `go`. */
const WAITS = 'until [ -e go ]; do sleep 0.02; done';
const told = (...lines: readonly string[]): string =>
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >> "$ORCH_TASK_DIR/status.jsonl"`;

/** An agent that orch runs below `folder`. */
function start(folder: string, script: string, backend: readonly string[]): TestTerminal {
  const PATH = fakeAgents(folder, { claude: script, mine: script });
  writeFileSync(join(folder, 'orch.yml'), ASKS);
  return openOrch(['run', '--dir', join(folder, 'a'), '-o', 'clean', ...backend], { cwd: folder, env: { PATH } });
}

async function hasStatus(folder: string, status: string): Promise<void> {
  await eventually(() => statusesOfOnlyTask(join(folder, 'a')).at(-1) === status, `the status ${status}`);
}

/** What `orch ls` and `orch show` say of the only task; fails where they do not say the same. */
async function shown(folder: string): Promise<Record<string, unknown>> {
  const json = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await runOrch([...args, '--json', '--dir', join(folder, 'a')])).stdout.toString());
  const [listed] = (await json('ls')) as readonly Record<string, unknown>[];
  // The second look may find more bytes.
  expect(await json('show')).toEqual({ ...listed, bytes: expect.any(Number) as unknown });
  return listed ?? {};
}

const MINE = ['-b', 'mine'] as const;

describe('what an agent is doing', () => {
  test.concurrent.each<[string, string, readonly string[], string]>([
    ['by a hook', told('{"status":"waiting"}'), MINE, 'waiting hook'],
    ['by its stream', `echo '{"type":"system"}'`, ['-b', 'claude', '--mode', 'stream', 'do it'], 'working stream'],
    ['by a report of any command', String.raw`printf '\033]7501;state=blocked\a'`, ['--', 'mine'], 'waiting osc'],
    ['by its screen', String.raw`printf '\033[3;9H[y/N]\033[3;1HGo on? '`, MINE, 'waiting screen'],
    ['by what it prints', `(${WAITS.replace('do', 'do echo .;')})`, MINE, 'working quiet'],
  ])('is known %s', async (_, script, backend, status) => {
    using folder = temporaryFolder();
    const result = '{"type":"result","subtype":"success","is_error":false}';
    await using orch = start(
      folder.path,
      `${script}; ${WAITS}; ${told('{"status":"idle"}')}; echo '${result}'`,
      backend,
    );
    await hasStatus(folder.path, status);
    const [word, source] = status.split(' ');
    const activity = { status: word, source, since: expect.stringMatching(/^\d{4}-.*Z$/) as unknown };
    expect(await shown(folder.path)).toMatchObject({ status: word, running: true, activity });
    writeFileSync(join(folder.path, 'go'), '');
    expect(await orch.end()).toEqual({ code: 0 });
    const end = { status: 'done', running: false, activity: { status: 'done', source: 'exit' } };
    expect(await shown(folder.path)).toMatchObject(end);
    expect(statusesOfOnlyTask(join(folder.path, 'a')).at(-1)).toBe('done exit');
  });

  test.concurrent('counts when it has held for a second; what is no status is passed over', async () => {
    using folder = temporaryFolder();
    const script = [
      told('{"status":"working"}'),
      WAITS,
      told('nonsense', '{"status":"waiting"}', '{"status":"sleeping"}', '[]', '{"status":"working"}', '{"status":7}'),
      told('{"status":"failed"}', '{"status":"idle"}'),
      'sleep 60',
    ].join('\n');
    await using orch = start(folder.path, script, MINE);
    await hasStatus(folder.path, 'working hook');
    writeFileSync(join(folder.path, 'go'), '');
    // Its turn is over by what it says: it gets SIGTERM.
    await orch.end();
    expect(statusesOfOnlyTask(join(folder.path, 'a'))).toEqual(['working hook', 'idle hook', 'done exit']);
  });

  test.concurrent('is over with its end, however it ends', async () => {
    using folder = temporaryFolder();
    await using orch = start(folder.path, `${told('{"status":"waiting"}')}; ${WAITS}; exit 3`, MINE);
    await hasStatus(folder.path, 'waiting hook');
    writeFileSync(join(folder.path, 'go'), '');
    expect(await orch.end()).toEqual({ code: 3 });
    expect(await shown(folder.path)).toMatchObject({
      status: 'failed',
      activity: { status: 'failed', source: 'exit' },
    });
  });

  test.concurrent('nobody knows when orch was killed', async () => {
    using folder = temporaryFolder();
    await using orch = start(folder.path, `${told('{"status":"waiting"}')}; sleep 60`, MINE);
    await hasStatus(folder.path, 'waiting hook');
    orch.kill('SIGKILL');
    await orch.end();
    expect(await shown(folder.path)).toMatchObject({ status: 'lost', running: false });
    const wait = await runOrch(['wait', '--for', 'waiting', '--dir', join(folder.path, 'a')]);
    expect([wait.code, wait.stdout.toString()]).toEqual([1, expect.stringMatching(/^task-\S+ lost\n$/)]);
  });
});

test.concurrent('a question that was answered does not stand in the way of success, although it can still be read', async () => {
  using folder = temporaryFolder();
  const script = 'echo \'Go on? [y/N]\'; read -r answer; echo "going on: $answer"; exit 0';
  const PATH = fakeAgents(folder.path, { mine: script });
  writeFileSync(join(folder.path, 'orch.yml'), ASKS);
  const args = ['run', '--dir', join(folder.path, 'a'), ...MINE];
  await using orch = openOrch(args, { cwd: folder.path, env: { PATH } });
  await hasStatus(folder.path, 'waiting screen');
  await orch.type('y\r');
  expect(await orch.end()).toEqual({ code: 0 });
  expect(existsSync(join(folder.path, 'a'))).toBe(true);
  expect(onlyTask(join(folder.path, 'a')).manifest.verdict).toMatchObject({ result: 'done', reason: 'exit 0' });
});
