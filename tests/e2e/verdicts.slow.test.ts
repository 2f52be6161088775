import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { init, result } from '../fixtures/claude-lines.js';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

interface Agent {
  /** What it does, as a shell script. */
  readonly script: string;
  readonly backend?: string;
  readonly mode?: string;
  /** What orch.yml says of the backend `mine`, besides its command. */
  readonly says?: string;
  readonly prompt?: string;
  readonly flags?: readonly string[];
}

/** The command line that runs it below `folder`, and what that needs. */
function lineFor(folder: string, { script, backend = 'mine', mode, says = '', prompt = 'do it', flags = [] }: Agent) {
  const PATH = fakeAgents(folder, { claude: script, opencode: script, codex: script, mine: script });
  writeFileSync(join(folder, 'orch.yml'), `backends: { mine: { command: [mine, "{prompt}"], ${says} } }\n`);
  const chosen = ['-b', backend, ...(mode === undefined ? [] : ['--mode', mode])];
  return { args: ['run', '--dir', join(folder, 'a'), ...chosen, ...flags, '--', prompt], cwd: folder, env: { PATH } };
}

/** Runs it to its end: the exit code, and the verdict in the manifest. */
async function outcomeOf(folder: string, agent: Agent): Promise<{ code: number; verdict: unknown }> {
  const { args, ...where } = lineFor(folder, { ...agent, flags: ['-q', ...(agent.flags ?? [])] });
  const { code } = await runOrch(args, where);
  return { code, verdict: onlyTask(join(folder, 'a')).manifest.verdict };
}

const PRINT = { backend: 'claude', mode: 'print' } as const;
const STAYS = 'sleep 60';
/** Of codex, at each try. */
const NO_NETWORK = "echo 'ERROR: Reconnecting... waiting for network'";

describe('an agent that ends by itself', () => {
  const REFUSED = String.raw`printf '\033[93m\033[1m! \033[0mpermission requested: bash (x); auto-rejecting\r\nI go on.\r\n'`;

  test.concurrent.each<[string, Agent, number, Record<string, unknown>]>([
    ['exit 0', { ...PRINT, script: 'exit 0' }, 0, { result: 'done', reason: 'exit 0' }],
    ['exit 3', { ...PRINT, script: 'exit 3' }, 3, { result: 'failed', reason: 'exit 3' }],
    ['killed', { ...PRINT, script: 'kill -9 $$' }, 137, { result: 'failed', reason: 'ended by SIGKILL' }],
    [
      'claude that was interrupted, and ends with 0',
      { ...PRINT, script: String.raw`printf '\033[?25hExecution error'` },
      1,
      { result: 'failed', reason: 'it said: Execution error' },
    ],
    [
      'codex that waits for a network for ever',
      { backend: 'codex', script: `${NO_NETWORK}; ${NO_NETWORK}; ${NO_NETWORK}; ${STAYS}` },
      1,
      { result: 'failed', reason: 'it said: ERROR: Reconnecting... waiting for network' },
    ],
    [
      'whose interface, slow to take the terminal, has Ctrl-D for a key that ends it',
      {
        backend: 'codex',
        mode: 'tui',
        script: String.raw`#!/usr/bin/env node
setTimeout(() => {
  process.stdin.setRawMode(true);
  process.stdin.on('data', (keys) => process.exit(keys.includes(4) ? 9 : 0));
  setTimeout(() => process.exit(0), 1000);
}, 1000);`,
      },
      0,
      { result: 'done', reason: 'exit 0' },
    ],
    [
      'codex whose network comes back',
      { backend: 'codex', script: `${NO_NETWORK}; ${NO_NETWORK}; echo fine; ${NO_NETWORK}; echo fine` },
      0,
      { result: 'done' },
    ],
    [
      'that reports to its terminal that a turn is over, and has another',
      { script: String.raw`printf '\033]7501;state=working\a\033]7501;state=done\a'; sleep 3; exit 4` },
      4,
      { result: 'failed', reason: 'exit 4' },
    ],
    [
      'that reports to its terminal that it failed, and ends with 0',
      { script: String.raw`printf '\033]7501;state=error:msg=bm8ga2V5\a'; exit 0` },
      1,
      { result: 'failed', reason: 'no key' },
    ],
    [
      'claude that was refused a tool, whose name its hook gets',
      {
        ...PRINT,
        script: `echo '{"tool_name":"Bash","tool_input":{}}' | sh -c "$(node -e '
          const settings = JSON.parse(process.argv[process.argv.indexOf("--settings") + 1]);
          console.log(settings.hooks.PermissionRequest[0].hooks[0].command)' -- "$@")"; echo Done.`,
      },
      1,
      { result: 'failed', reason: 'permission denied: Bash' },
    ],
    [
      'claude that speaks of an execution error',
      { ...PRINT, script: 'echo "The log says: Execution error"; echo "Execution error is a bad name"' },
      0,
      { result: 'done' },
    ],
    [
      'opencode that was refused something, and ends with 0',
      { backend: 'opencode', mode: 'run', script: REFUSED },
      1,
      { result: 'failed', reason: 'it said: ! permission requested: bash (x); auto-rejecting' },
    ],
    ['an exit code that means done', { script: 'exit 5', says: 'exitCodes: { 5: done }' }, 0, { result: 'done' }],
    [
      'an exit code that means that there is more to do',
      { script: 'exit 3', says: 'exitCodes: { 3: unfinished }' },
      5,
      { result: 'unfinished', reason: 'exit 3' },
    ],
    [
      'an exit code that means that it took too long',
      { script: 'exit 4', says: 'exitCodes: { 4: timeout }' },
      124,
      { result: 'timeout', reason: 'exit 4' },
    ],
    [
      'an exit code 0 that means failed',
      { script: 'exit 0', says: 'exitCodes: { 0: failed }' },
      1,
      { result: 'failed' },
    ],
    [
      'an exit code 130 that means something else than Ctrl-C',
      { script: 'exit 130', says: 'exitCodes: { 130: unfinished }' },
      5,
      { result: 'unfinished', reason: 'exit 130' },
    ],
    [
      'an exit code that is not in the list',
      { script: 'exit 3', says: 'exitCodes: { 4: done }' },
      3,
      { result: 'failed', reason: 'exit 3' },
    ],
    [
      'a line that means failed',
      { script: 'echo "ERROR: no disk"; exit 0', says: 'failed: ["^ERROR: "]' },
      1,
      { result: 'failed', reason: 'it said: ERROR: no disk' },
    ],
    [
      'a line that means failed, and an exit code that does',
      { script: 'echo "ERROR: no disk"; exit 7', says: 'failed: ["^ERROR: "]' },
      7,
      { result: 'failed', reason: 'it said: ERROR: no disk' },
    ],
    [
      'a line that means failed, in the prompt that it repeats',
      { script: 'printf "> %s\\n" "$1"', prompt: 'say "ERROR: x" when it is', says: 'failed: ["ERROR: x"]' },
      0,
      { result: 'done' },
    ],
    [
      'a line that means failed, drawn over before anybody could read it',
      { script: String.raw`printf 'ERROR: none\r\033[Kfine\n'`, says: 'failed: ["^ERROR: "]' },
      0,
      { result: 'done' },
    ],
    [
      'a question that nobody answers',
      {
        script: 'echo "Go on? [y/N]"; read -r answer; echo "no answer: $answer"; exit 0',
        says: 'waiting: ["\\\\[y/N\\\\]$"]',
      },
      0,
      { result: 'done' },
    ],
  ])('%s', async (_, agent, code, verdict) => {
    using folder = temporaryFolder();
    expect(await outcomeOf(folder.path, agent)).toEqual({ code, verdict: expect.objectContaining(verdict) as unknown });
  });

  test.concurrent('what it said by which it failed is noted with its place in the recording', async () => {
    using folder = temporaryFolder();
    await outcomeOf(folder.path, { backend: 'opencode', mode: 'run', script: REFUSED });
    const { manifest, log, events } = onlyTask(join(folder.path, 'a'));
    const { offset } = manifest.verdict as { offset: number };
    expect(log.subarray(0, offset).toString()).toMatch(/auto-rejecting\s*$/);
    expect(log.subarray(offset).toString()).toMatch(/^\s*I go on\./);
    expect(events.find(({ type }) => type === 'iteration.end')).toMatchObject({ verdict: 'failed', exitCode: 0 });
  });
});

describe('a signal to orch is an end for which nobody can claim success', () => {
  const OBEYS = "trap 'exit 0' INT TERM; echo ready; while :; do sleep 0.05; done";
  const CLAUDE = 'trap \'printf "Execution error"; exit 0\' INT; echo ready; while :; do sleep 0.05; done';

  test.concurrent.each<[NodeJS.Signals, string, Agent, number]>([
    ['SIGINT', 'an agent that then ends with 0', { script: OBEYS }, 130],
    ['SIGTERM', 'an agent that then ends with 0', { script: OBEYS }, 143],
    ['SIGINT', 'an agent whose 0 means done', { script: OBEYS, says: 'exitCodes: { 0: done }' }, 130],
    ['SIGINT', 'claude', { ...PRINT, script: CLAUDE }, 130],
  ])('%s: %s', async (signal, _, agent, code) => {
    using folder = temporaryFolder();
    const { args, ...where } = lineFor(folder.path, { ...agent, flags: ['-o', 'clean'] });
    await using orch = openOrch(args, where);
    await orch.waitFor('ready');
    orch.kill(signal);
    expect(await orch.end()).toEqual({ code });
    expect(onlyTask(join(folder.path, 'a')).manifest).toMatchObject({
      status: 'failed',
      verdict: { result: 'failed', reason: `interrupted by ${signal}`, iterations: 1 },
    });
  });
});

describe('an agent that says that it is done, and goes on running', () => {
  const DONE = 'done: ["^All is done now$"]';
  const isDone = { result: 'done', reason: 'its turn is over', iterations: 1 };
  const signals = (folder: string): readonly unknown[] =>
    onlyTask(join(folder, 'a')).events.filter(({ type }) => type === 'signal');

  test.concurrent('is typed what makes it leave', async () => {
    using folder = temporaryFolder();
    const agent = {
      script: 'stty -icanon; echo All is done now; read -r line; echo "got $line"; exit 7',
      says: `${DONE}, leave: quit`,
    };
    expect(await outcomeOf(folder.path, agent)).toEqual({ code: 0, verdict: isDone });
    expect(onlyTask(join(folder.path, 'a')).log.toString()).toMatch(/got quit\r\n$/);
    expect(signals(folder.path)).toEqual([]);
  });

  test.concurrent('gets SIGTERM where nothing does', async () => {
    using folder = temporaryFolder();
    const agent = { script: `echo All is done now; ${STAYS}`, says: DONE };
    expect(await outcomeOf(folder.path, agent)).toEqual({ code: 0, verdict: isDone });
    expect(signals(folder.path)).toMatchObject([{ signal: 'SIGTERM' }]);
    expect(onlyTask(join(folder.path, 'a')).manifest).toMatchObject({ status: 'done', exit: { signal: 15 } });
  });

  test.concurrent.each([
    ['coloured', 20, String.raw`printf '\033[1mAll\033[0m is \033[32;7mdone\033[0m now\n'`],
    ['drawn piecemeal, out of order', 20, String.raw`printf '\033[5;8Hdone now\033[5;1HAll is '`],
    ['drawn word by word', 20, String.raw`for word in All ' is' ' done' ' now'; do printf "$word"; sleep 0.01; done`],
    ['placed with the cursor instead of blanks', 20, String.raw`printf 'All\033[5Gis\033[8Gdone\033[13Gnow\n'`],
    ['on the alternate screen', 20, String.raw`printf '\033[?1049h\033[3;1HAll is done now'`],
    ['wrapped', 9, 'echo All is done now'],
    ['with more below it', 20, String.raw`printf 'All is done now\n\n> \n? for shortcuts\n'`],
  ])('is understood, %s', async (_, columns, script) => {
    using folder = temporaryFolder();
    const agent = { script: `${script}; ${STAYS}`, says: DONE, flags: ['--size', `${columns}x9`] };
    expect(await outcomeOf(folder.path, agent)).toEqual({ code: 0, verdict: isDone });
  });

  test.concurrent("leaves by its keys, as opencode's interface does, although its input was the prompt", async () => {
    using folder = temporaryFolder();
    const drawn = String.raw`printf '\033[2J\033[3;1H\033[36m▣\033[0m Build · Model default · 6.5s'`;
    const script = `stty -icanon < /dev/tty; ${drawn}; read -r line < /dev/tty; echo "got $line"`;
    expect(await outcomeOf(folder.path, { backend: 'opencode', mode: 'tui', script })).toEqual({
      code: 0,
      verdict: isDone,
    });
    expect(onlyTask(join(folder.path, 'a')).log.toString()).toMatch(/got \/exit\r\n$/);
  });

  test.concurrent.each([
    ['does not say so by repeating its prompt', 'echo "$1"', 'All is done now'],
    ['does not say so by repeating its prompt behind a sign', 'printf "\\n> %s\\n" "$1"', 'All is done now'],
    ['does not say so by repeating a line of its prompt', 'printf "> %s\\n" "$1"', 'At the end say\nAll is done now'],
    [
      'does not say so by repeating a prompt that it breaks into lines',
      'printf "> When nothing is left,\\n  All is done now\\n  and you stop.\\n"',
      'When nothing is left, All is done now and you stop.',
    ],
    ['does not say so in the middle of a line', 'echo "not All is done now"', 'do it'],
    ['does not say so for the blink of an eye', String.raw`printf 'All is done now\r\033[Kno\n'`, 'do it'],
  ])('%s', async (_, script, prompt) => {
    using folder = temporaryFolder();
    // Long enough for a sign to be seen and to have held.
    const agent = { script: `${script}; ${STAYS}`, says: `${DONE}, idleTimeout: 3s`, prompt };
    const verdict = { result: 'timeout', reason: 'it printed nothing for too long', iterations: 1 };
    expect(await outcomeOf(folder.path, agent)).toEqual({ code: 124, verdict });
  });

  test.concurrent('has not done it where it said before that it failed', async () => {
    using folder = temporaryFolder();
    const says = `${DONE}, failed: ["^ERROR: "]`;
    const agent = { script: `echo ERROR: no disk; echo All is done now; ${STAYS}`, says };
    expect(await outcomeOf(folder.path, agent)).toMatchObject({
      code: 1,
      verdict: { result: 'failed', reason: 'it said: ERROR: no disk' },
    });
  });
});

test.concurrent('an agent that dies at its start is shown as its screen was last', async () => {
  using folder = temporaryFolder();
  const script = String.raw`printf '\033[?1049h\033[2;3HLoading\033[2;3H\033[31mNo API key\033[0m\r\nSet MY_KEY.'; exit 1`;
  const { args, ...where } = lineFor(folder.path, { ...PRINT, script, flags: ['-q'] });
  const { code, stdout, stderr } = await runOrch(args, where);
  expect([code, stdout.toString()]).toEqual([1, '']);
  expect(stderr).toBe('orch: the agent ended at its start; its last screen:\n    No API key\n  Set MY_KEY.\n');
});

test.concurrent('what a run cost, as claude says, is noted with how it ended', async () => {
  using folder = temporaryFolder();
  const usage = { input_tokens: 3, cache_creation_input_tokens: 40, cache_read_input_tokens: 500, output_tokens: 6000 };
  const said = result({ total_cost_usd: 0.0123, usage });
  const script = `printf '%s\\n' '${(init() + said).trimEnd().replaceAll('\n', "' '")}'`;
  expect(await outcomeOf(folder.path, { backend: 'claude', mode: 'stream', script })).toMatchObject({ code: 0 });
  const end = onlyTask(join(folder.path, 'a')).events.find(({ type }) => type === 'iteration.end');
  expect(end).toMatchObject({ verdict: 'done', cost: 0.0123, tokens: { input: 543, output: 6000 } });
});

test.concurrent('so is claude in its stream, which says that it failed before it has said anything', async () => {
  using folder = temporaryFolder();
  const agent = { backend: 'claude', mode: 'stream', script: 'echo No API key >&2; exit 1', flags: ['-q'] };
  const { args, ...where } = lineFor(folder.path, agent);
  const { code, stderr } = await runOrch(args, where);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^orch: the agent ended at its start; .*\n.*No API key/)]);
});

test.concurrent('one that dies and takes its log with it is told of all the same', async () => {
  using folder = temporaryFolder();
  const { args, ...where } = lineFor(folder.path, { ...PRINT, script: 'echo x; rm -r "$ORCH_TASK_DIR"; exit 1' });
  const { code, stderr } = await runOrch(args, where);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^orch: failed \(exit 1\) after /m)]);
});
