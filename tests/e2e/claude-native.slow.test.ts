import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, type RecordedTask, statusesOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { fakeAgents, NATIVE_CLAUDE, type NativeStep, type TypedKeys } from '../fixtures/fake-agents.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, type TestTerminal } from '../fixtures/terminal.js';

/** claude in its own interface, run by orch in a terminal, and what a test wants to know of it. */
class NativeRun implements AsyncDisposable {
  readonly terminal: TestTerminal;
  readonly #folder = temporaryFolder();

  /** `runs`: what it does in each run. */
  constructor(
    runs: readonly (readonly NativeStep[])[],
    flags: readonly string[] = [],
    env: Record<string, string> = {},
    answers: Record<string, string> = {},
  ) {
    const { path } = this.#folder;
    const PATH = fakeAgents(path, { claude: NATIVE_CLAUDE });
    const args = ['run', '--dir', this.#own('a'), '-b', 'claude', '--mode', 'native', ...flags, '--', 'do it'];
    this.terminal = openOrch(args, {
      cwd: path,
      answers,
      env: { PATH, FAKE_FOLDER: path, FAKE_STEPS: JSON.stringify(runs), ...env },
    });
  }

  /** What was typed to it so far. */
  get keys(): readonly TypedKeys[] {
    const lines = existsSync(this.#own('keys')) ? readFileSync(this.#own('keys'), 'utf8').split('\n').slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line) as TypedKeys);
  }

  get typed(): string {
    return this.keys.map(({ text }) => text).join('');
  }

  get statuses(): readonly string[] {
    return statusesOfOnlyTask(this.#own('a'));
  }

  get recordings(): string {
    return this.#own('a');
  }

  get task(): RecordedTask {
    return onlyTask(this.#own('a'));
  }

  async hasStatus(status: string): Promise<void> {
    await eventually(() => this.statuses.at(-1) === status, `the status ${status}`);
  }

  /** Lets it go on that waits for `name`. */
  begin(name: string): void {
    writeFileSync(this.#own(name), '');
  }

  /** The exit code of orch, and the verdict. */
  async end(): Promise<{ code: number; result: unknown; reason: unknown }> {
    const { code } = await this.terminal.end();
    const { result, reason } = this.task.manifest.verdict ?? {};
    return { code, result, reason };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminal[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }

  #own(name: string): string {
    return join(this.#folder.path, name);
  }
}

const WORKS: NativeStep = { state: 'working', print: 'thinking\r\n' };
const IS_DONE: NativeStep = { state: 'done', print: 'It is done.\r\n' };
/** The keys by which orch has it leave. */
const LEAVES = '\x04\x04';
const LEFT = { code: 0, result: 'done', reason: 'its turn is over' };

describe('when its turn is over, claude', () => {
  test.concurrent('is typed Ctrl-D twice in one go, which leaves nothing of it in the text', async () => {
    await using claude = new NativeRun([[WORKS, IS_DONE, { hook: 'Stop' }]]);
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.keys.map(({ text }) => text)).toEqual([LEAVES]);
    expect(claude.task.events.some(({ type }) => type === 'signal')).toBe(false);
    expect(claude.task.manifest).toMatchObject({ status: 'done', exit: { code: 0, signal: 0 } });
    const { stdout } = await runOrch(['logs', 'latest', '--backend', '--no-ansi', '--dir', claude.recordings]);
    expect(stdout.toString()).toMatch(/It is done\.\n$/);
  });

  test.concurrent('that does not know Ctrl-D is typed /exit, and Enter when that has had time to be understood', async () => {
    await using claude = new NativeRun([[WORKS, IS_DONE]], [], { FAKE_OLD: '1' });
    expect(await claude.end()).toEqual(LEFT);
    const [, word, enter] = claude.keys;
    expect([word?.text, enter?.text]).toEqual(['/exit', '\r']);
    // A second apart; the fake may have been slow to read the first.
    expect(enter?.afterMs).toBeGreaterThan(500);
  });

  test.concurrent('that is done at once, before anything was noted, is left as well', async () => {
    await using claude = new NativeRun([[{ ...WORKS }, IS_DONE]]);
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.statuses.filter((status) => status.endsWith('osc'))).toEqual(['idle osc']);
  });

  test.concurrent('is not left before it has begun', async () => {
    await using claude = new NativeRun([[{ state: 'idle' }, { until: 'begin' }, WORKS, IS_DONE]]);
    await claude.hasStatus('idle osc');
    expect(claude.typed).toBe('');
    claude.begin('begin');
    expect(await claude.end()).toEqual(LEFT);
  });

  test.concurrent('that tells by its hooks alone is left, too', async () => {
    await using claude = new NativeRun([[{ print: 'It is done.' }, { hook: 'Stop' }]], [], { FAKE_DEAF: '1' });
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.statuses).toContain('idle hook');
  });

  test.concurrent('in a terminal that answers what it is asked is left, too: no answer of it is a key of the user', async () => {
    const answers = {
      '\x1b[>0q': '\x1bP>|term(1.2)\x1b\\',
      '\x1b[?u': '\x1b[?0u',
      '\x1b]7501;?\x07': '\x1b]7501;?1\x1b\\',
      '\x1b[c': '\x1b[?62;22c',
    };
    await using claude = new NativeRun([[WORKS, IS_DONE]], [], {}, answers);
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.terminal.asked).toContain('\x1b]7501;?\x07');
    expect(claude.typed).toBe(LEAVES);
    // The reports are for that terminal as well.
    expect(claude.terminal.bytes.toString()).toContain('\x1b]7501;state=working');
  });

  test.concurrent('that nobody sits before is asked to leave in the same way', async () => {
    await using claude = new NativeRun([[WORKS, IS_DONE]], ['-o', 'clean']);
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.typed).toBe(LEAVES);
    expect(claude.statuses.filter((status) => status.endsWith('osc'))).not.toEqual([]);
  });

  test.concurrent('that does not leave gets SIGTERM after --kill-after, and has done its work all the same', async () => {
    const ignores = [WORKS, IS_DONE, { typed: 'something else' }];
    await using claude = new NativeRun([ignores], ['--kill-after', '0.5']);
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.typed).toBe(`${LEAVES}/exit\r`);
    expect(claude.task.events.filter(({ type }) => type === 'signal')).toMatchObject([{ signal: 'SIGTERM' }]);
    expect(claude.task.manifest).toMatchObject({ status: 'done', exit: { signal: 15 } });
  });

  test.concurrent('to which somebody has typed is theirs: orch types nothing', async () => {
    await using claude = new NativeRun([[WORKS, { typed: 'more' }, IS_DONE]]);
    await claude.hasStatus('working osc');
    await claude.terminal.type('more');
    await claude.hasStatus('idle osc');
    // Had orch typed as well, it would stand in front of this.
    await claude.terminal.type('!');
    await eventually(() => claude.typed.endsWith('!'), 'the key');
    await claude.terminal.type('/exit\r');
    expect(await claude.end()).toEqual({ code: 0, result: 'done', reason: 'exit 0' });
    expect(claude.typed).toBe('more!/exit\r');
  });
});

test.concurrent('claude into whose prompt somebody has pasted is theirs: what they wrote is not sent', async () => {
  await using claude = new NativeRun([[WORKS, { typed: 'more' }, IS_DONE]]);
  await claude.hasStatus('working osc');
  await claude.terminal.type('\x1b[200~more\x1b[201~');
  await claude.hasStatus('idle osc');
  await claude.terminal.type('!/exit\r');
  expect(await claude.end()).toEqual({ code: 0, result: 'done', reason: 'exit 0' });
  expect(claude.typed).toBe('\x1b[200~more\x1b[201~!/exit\r');
});

describe('claude that asks for a permission', () => {
  const ASKS: NativeStep = {
    state: 'blocked:kind=permission',
    message: 'Bash(rm -rf build)',
    print: '1. Yes  2. No\r\n',
  };

  test.concurrent('waits, is typed nothing, and goes on when it is answered', async () => {
    await using claude = new NativeRun([[WORKS, ASKS, { until: 'answered' }, WORKS, IS_DONE]]);
    await claude.hasStatus('waiting osc');
    expect(claude.typed).toBe('');
    const said = claude.task.events.filter(({ type, status }) => type === 'status' && status === 'waiting');
    expect(said).toMatchObject([{ reason: 'permission – Bash(rm -rf build)' }]);
    const shown = await runOrch(['show', 'latest', '--dir', claude.recordings]);
    expect(shown.stdout.toString()).toMatch(/^Status +waiting: permission – Bash\(rm -rf build\) \(by its osc/m);
    const listed = await runOrch(['ls', '--dir', claude.recordings]);
    expect(listed.stdout.toString()).toContain(' waiting: permission – Bash(rm -rf build) ');
    claude.begin('answered');
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.typed).toBe(LEAVES);
    expect(claude.statuses).toEqual(expect.arrayContaining(['waiting osc', 'idle osc', 'done exit']));
  });

  test.concurrent('in the moment when it is asked to leave is not given the answer that Enter would be', async () => {
    const steps = [WORKS, IS_DONE, { typed: LEAVES }, ASKS, { until: 'answered' }, WORKS, IS_DONE];
    await using claude = new NativeRun([steps]);
    await claude.hasStatus('waiting osc');
    // Enter was due a second after the word, as the status was.
    claude.begin('answered');
    expect(await claude.end()).toEqual(LEFT);
    expect(claude.typed).toBe(`${LEAVES}${LEAVES}`);
  });

  test.concurrent('and is asked nothing more ends with what its end says', async () => {
    await using claude = new NativeRun([[WORKS, ASKS, { exit: 0 }]]);
    expect(await claude.end()).toEqual({ code: 1, result: 'failed', reason: 'it ended before its turn did' });
  });
});

describe('claude that failed', () => {
  const FAILED: NativeStep = { state: 'error', message: 'API Error: 400 “no”' };

  test.concurrent.each<[string, readonly NativeStep[], string]>([
    ['is told by its report, with the reason', [WORKS, FAILED], 'API Error: 400 “no”'],
    [
      'is told by its report, and by its hook, which knows no reason',
      [WORKS, FAILED, { hook: 'StopFailure' }],
      'API Error: 400 “no”',
    ],
    ['is told by its hook alone', [WORKS, { hook: 'StopFailure' }], 'it reported an error'],
    [
      'is told by its hook, although it says that it waits',
      [WORKS, { state: 'blocked' }, { hook: 'StopFailure' }],
      'it reported an error',
    ],
    ['is told by a report without a reason', [WORKS, { state: 'error' }], 'it reported an error'],
  ])('%s', async (_, steps, reason) => {
    await using claude = new NativeRun([steps]);
    expect(await claude.end()).toEqual({ code: 1, result: 'failed', reason });
    expect(claude.typed).toBe(LEAVES);
  });

  test.concurrent('and then tried again, with success, has not', async () => {
    await using claude = new NativeRun([[WORKS, FAILED, WORKS, IS_DONE]]);
    expect(await claude.end()).toEqual(LEFT);
  });
});

test.concurrent('claude is run in its own interface again and again, until it says so', async () => {
  const runs = [
    [WORKS, IS_DONE],
    [WORKS, { state: 'error', message: 'API Error: 529' }],
    [WORKS, { print: 'ALL_DONE\r\n' }, IS_DONE],
  ];
  await using claude = new NativeRun(runs, ['--until', 'ALL_DONE']);
  expect(await claude.end()).toEqual({ code: 0, result: 'done', reason: 'it said ALL_DONE' });
  expect(claude.typed).toBe(LEAVES.repeat(3));
  const ends = claude.task.events.filter(({ type }) => type === 'iteration.end');
  expect(ends.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['unfinished', 'it did not say ALL_DONE'],
    ['failed', 'API Error: 529'],
    ['done', 'it said ALL_DONE'],
  ]);
});
