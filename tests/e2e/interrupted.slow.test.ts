import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { fakeAgents, NATIVE_CLAUDE } from '../fixtures/fake-agents.js';
import { recordScript } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const OBEYS = "trap 'echo bye; exit 0' INT TERM HUP QUIT; echo ready; while :; do sleep 0.05; done";
const NUMBERS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;

describe('a command that ends with 0 when orch is sent a signal has failed, and orch ends with 128 and its number', () => {
  test.concurrent.each([
    ['SIGINT', []],
    ['SIGTERM', []],
    ['SIGHUP', ['--on-hangup', 'end']],
    ['SIGQUIT', []],
    ['SIGINT', ['--iteration-timeout', '60s']],
    ['SIGTERM', ['--until', 'NEVER', '--max-iterations', '3']],
    ['SIGTERM', ['-o', 'clean']],
    ['SIGINT', ['--linger', '1']],
  ] as const)('%s, with %j', async (signal, flags) => {
    using folder = temporaryFolder();
    await using orch = openOrch(recordScript(folder.path, OBEYS, ...flags));
    await orch.waitFor('ready');
    orch.kill(signal);
    await orch.waitFor(new RegExp(`orch: failed .interrupted by ${signal}`));
    expect(await orch.end()).toEqual({ code: NUMBERS[signal] });
    expect(onlyTask(folder.path).manifest).toMatchObject({
      status: 'failed',
      exit: { code: 0, signal: 0 },
      verdict: { result: 'failed', reason: `interrupted by ${signal}`, iterations: 1 },
    });
  });

  test.concurrent('but keeps its own exit code where that is another', async () => {
    using folder = temporaryFolder();
    const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done';
    await using orch = openOrch(recordScript(folder.path, script));
    await orch.waitFor('ready');
    orch.kill('SIGTERM');
    expect(await orch.end()).toEqual({ code: 9 });
    expect(onlyTask(folder.path).manifest.verdict).toMatchObject({ reason: 'interrupted by SIGTERM' });
  });
});

describe('Ctrl-C typed to a command is the command’s, with and without a loop', () => {
  test.concurrent.each([[], ['--iteration-timeout', '60s']])('with %s', async (...flags) => {
    using folder = temporaryFolder();
    await using orch = openOrch(recordScript(folder.path, OBEYS, ...flags));
    await orch.waitFor('ready');
    await orch.type('\x03');
    expect(await orch.end()).toEqual({ code: 0 });
    expect(onlyTask(folder.path).manifest.status).toBe('done');
  });

  test.concurrent('and ends a loop that has not heard its word, also where the command ends with 0', async () => {
    using folder = temporaryFolder();
    await using orch = openOrch(recordScript(folder.path, OBEYS, '--until', 'NEVER'));
    await orch.waitFor('ready');
    await orch.type('\x03');
    expect(await orch.end()).toEqual({ code: 130 });
    expect(onlyTask(folder.path).manifest.verdict).toEqual({
      result: 'failed',
      reason: 'interrupted',
      iterations: 1,
    });
  });
});

/**
 * An interface in which an agent answers, line by line, until it is interrupted or has said it all (of its second prompt it has
 * three lines to say); then it stands at its prompt, below the line that ends every turn. What is typed there is its next prompt, but `/exit`, and Ctrl-C leaves.
 */
const INTERFACE = String.raw`#!/usr/bin/env node
const { ReadStream } = require('node:tty');
const { openSync } = require('node:fs');
const keys = new ReadStream(openSync('/dev/tty', 'r'));
keys.setRawMode(true);
const say = (text) => process.stdout.write(text);
const lines = Number(process.env.FAKE_LINES);
let said = 0;
let answering;
let turns = 0;
let typed = '';
const over = () => { clearInterval(answering); answering = undefined; say(process.env.FAKE_DONE + '\r\n> '); };
const answer = () => {
  said = 0;
  const all = ++turns === 1 ? lines : 3;
  answering = setInterval(() => { say('line ' + ++said + '\r\n'); if (said === all) over(); }, 5);
};
const interrupted = () => (process.env.FAKE_SILENT === undefined ? over() : process.exit(0));
keys.on('data', (bytes) => {
  for (const key of bytes.toString().match(/\x1b\[99;5u|[^]/g)) {
    const isInterrupt = key === '\x03' || key === '\x1b[99;5u' || key === '\x1b';
    if (isInterrupt && answering !== undefined) interrupted();
    else if (isInterrupt && key !== '\x1b') process.exit(0);
    else if (key !== '\r') typed += key;
    else if (typed === '/exit') process.exit(0);
    else { say('> ' + typed + '\r\n'); typed = ''; answer(); }
  }
});
answer();
`;

interface Person {
  readonly lines?: number;
  readonly silent?: boolean;
  readonly backend?: string;
}

const DONE_LINE = { opencode: '▣ Build · Model default · 4.9s', mine: 'All is done now' } as const;

/** An agent in its interface, before which somebody sits. */
function sitBefore(folder: string, { lines = 1e9, silent = false, backend = 'opencode' }: Person = {}) {
  const PATH = fakeAgents(folder, { opencode: INTERFACE, mine: INTERFACE });
  writeFileSync(
    join(folder, 'orch.yml'),
    'backends: { mine: { command: [mine, "{prompt}"], done: ["^All is done now$"], leave: /exit } }\n',
  );
  const mode = backend === 'opencode' ? ['--mode', 'tui'] : [];
  const FAKE_DONE = backend === 'opencode' ? DONE_LINE.opencode : DONE_LINE.mine;
  const env = { PATH, FAKE_LINES: `${lines}`, FAKE_DONE, ...(silent ? { FAKE_SILENT: '1' } : {}) };
  return openOrch(['run', '--dir', join(folder, 'a'), '-b', backend, ...mode, '--', 'do it'], { cwd: folder, env });
}

const INTERRUPTED = { result: 'failed', reason: 'interrupted', iterations: 1 };

describe.each(['opencode', 'mine'])('the interface of %s', (backend) => {
  test.concurrent.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-C as the keyboard protocol of kitty has it', '\x1b[99;5u'],
  ])('that is left in the middle of an answer by %s is not done', async (_, key) => {
    using folder = temporaryFolder();
    await using agent = sitBefore(folder.path, { backend });
    await agent.waitFor('line 9\r');
    await agent.type(key);
    await agent.waitFor(/\n> /);
    await agent.type(key);
    expect(await agent.end()).toEqual({ code: 130 });
    expect(onlyTask(join(folder.path, 'a')).manifest).toMatchObject({ status: 'failed', verdict: INTERRUPTED });
  });

  test.concurrent('that ends at once by Ctrl-C in the middle of an answer is not done', async () => {
    using folder = temporaryFolder();
    await using agent = sitBefore(folder.path, { backend, silent: true });
    await agent.waitFor('line 9\r');
    await agent.type('\x03');
    expect(await agent.end()).toEqual({ code: 130 });
    expect(onlyTask(join(folder.path, 'a')).manifest.verdict).toEqual(INTERRUPTED);
  });

  test.concurrent('whose answer was interrupted by Escape, and which is left by its command, is not done', async () => {
    using folder = temporaryFolder();
    await using agent = sitBefore(folder.path, { backend });
    await agent.waitFor('line 9\r');
    await agent.type('\x1b');
    await agent.waitFor(/\n> /);
    await agent.type('/exit');
    await agent.type('\r');
    expect(await agent.end()).toEqual({ code: 130 });
    expect(onlyTask(join(folder.path, 'a')).manifest.verdict).toEqual(INTERRUPTED);
  });

  test.concurrent('that was asked again after an interruption, and answered, is done', async () => {
    using folder = temporaryFolder();
    await using agent = sitBefore(folder.path, { backend });
    await agent.waitFor('line 9\r');
    await agent.type('\x03');
    await agent.waitFor(/\n> /);
    await agent.type('shorter');
    await agent.type('\r');
    await agent.waitFor('line 3\r');
    await agent.waitFor(/\n> /);
    await agent.type('\x03');
    expect(await agent.end()).toEqual({ code: 0 });
    expect(onlyTask(join(folder.path, 'a')).manifest.verdict).toMatchObject({ result: 'done' });
  });

  test.concurrent('that is left by Ctrl-C when its answer is over is done', async () => {
    using folder = temporaryFolder();
    await using agent = sitBefore(folder.path, { backend, lines: 3 });
    await agent.waitFor(/\n> /);
    await agent.type('\x03');
    expect(await agent.end()).toEqual({ code: 0 });
    expect(onlyTask(join(folder.path, 'a')).manifest.verdict).toMatchObject({ result: 'done' });
  });
});

describe('an agent that prints its answer, and ends with 0 at Ctrl-C', () => {
  const PRINTS = "trap 'exit 0' INT; echo ready; while :; do sleep 0.05; done";

  test.concurrent.each([
    ['claude', 'print'],
    ['opencode', 'run'],
    ['codex', 'exec'],
    ['gemini', 'print'],
    ['copilot', 'print'],
    ['qwen', 'print'],
    ['pi', 'print'],
  ])('%s %s is not done', async (backend, mode) => {
    using folder = temporaryFolder();
    const PATH = fakeAgents(folder.path, { [backend]: PRINTS });
    const args = ['run', '--dir', join(folder.path, 'a'), '-b', backend, '--mode', mode, '--', 'do it'];
    await using agent = openOrch(args, { cwd: folder.path, env: { PATH } });
    await agent.waitFor('ready');
    await agent.type('\x03');
    expect(await agent.end()).toEqual({ code: 130 });
    expect(onlyTask(join(folder.path, 'a')).manifest).toMatchObject({ status: 'failed', verdict: INTERRUPTED });
  });
});

describe("claude's own interface", () => {
  const WORKS = { state: 'working', print: 'thinking\r\n' };

  /** It does what `steps` say, and Ctrl-C is typed when it works. */
  async function interrupted(folder: string, steps: readonly object[]) {
    const PATH = fakeAgents(folder, { claude: NATIVE_CLAUDE });
    const args = ['run', '--dir', join(folder, 'a'), '-b', 'claude', '--mode', 'native', '--', 'do it'];
    const env = { PATH, FAKE_FOLDER: folder, FAKE_STEPS: JSON.stringify([steps]) };
    await using claude = openOrch(args, { cwd: folder, env });
    await claude.waitFor('thinking');
    await claude.type('\x03');
    const { code } = await claude.end();
    return { code, verdict: onlyTask(join(folder, 'a')).manifest.verdict };
  }

  test.concurrent.each([
    ['that says that it is idle, and leaves', [WORKS, { typed: '\x03' }, { state: 'idle' }, { exit: 0 }]],
    ['that leaves without a word', [WORKS, { typed: '\x03' }, { exit: 0 }]],
    ['whose hook says that it is over', [WORKS, { typed: '\x03' }, { hook: 'Stop' }, { exit: 0 }]],
  ])('%s when Ctrl-C interrupts its answer, is not done', async (_, steps) => {
    using folder = temporaryFolder();
    expect(await interrupted(folder.path, steps)).toEqual({ code: 130, verdict: INTERRUPTED });
  });

  test.concurrent('that works again after Ctrl-C, and comes to an end, is done', async () => {
    using folder = temporaryFolder();
    const steps = [WORKS, { typed: '\x03' }, { state: 'idle' }, WORKS, { state: 'done' }, { exit: 0 }];
    expect(await interrupted(folder.path, steps)).toMatchObject({ code: 0, verdict: { result: 'done' } });
  });
});
