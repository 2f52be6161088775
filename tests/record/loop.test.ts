import { constants } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUTCOMES, type Outcome } from '../../src/core/agent-state.js';
import { type Iteration, Loop, type LoopOptions } from '../../src/record/run/loop.js';
import { TurnHistory } from '../../src/record/status/turn-history.js';

const SIZE = { cols: 80, rows: 24 };

const loop = (options: Partial<LoopOptions> = {}): Loop =>
  new Loop({
    until: undefined,
    prompt: undefined,
    maxIterations: 1,
    stopAfterFailures: 3,
    delayMs: 0,
    behaviour: {},
    ...options,
  });

/** An iteration that ended well and said nothing, but for what is given. */
const iteration = (given: Partial<Iteration> & { readonly says?: string } = {}): Iteration => ({
  number: 1,
  status: { exitCode: 0, signal: 0 },
  timeout: undefined,
  interrupted: undefined,
  reported: undefined,
  left: false,
  turns: new TurnHistory(),
  chunks: () => [Buffer.from(given.says ?? '')],
  size: SIZE,
  offset: 0,
  ...given,
});

const ended = (exitCode: number): Partial<Iteration> => ({ status: { exitCode, signal: 0 } });
const killed = (signal: number): Partial<Iteration> => ({ status: { exitCode: 0, signal } });

/** What was typed and told, in their order, each a byte further on. */
function turns(...events: readonly ('working' | 'idle' | 'prompt' | 'interrupt' | 'escape' | 'text')[]): TurnHistory {
  const history = new TurnHistory();
  for (const [at, event] of events.entries()) {
    if (event === 'working' || event === 'idle') history.reported({ status: event, source: 'hook' }, at);
    else history.typed(event, at, at);
  }
  return history;
}

describe('one run of an agent', () => {
  test.each<[string, Partial<LoopOptions>, Partial<Iteration> & { says?: string }, Outcome, string]>([
    ['that ends with 0 is done', {}, {}, 'done', 'exit 0'],
    ['that ends with another code has failed', {}, ended(3), 'failed', 'exit 3'],
    ['that a signal ends has failed', {}, killed(constants.signals.SIGKILL), 'failed', 'ended by SIGKILL'],
    ['that an unknown signal ends has failed', {}, killed(99), 'failed', 'ended by signal 99'],
    [
      'is what its exit codes mean',
      { behaviour: { exitCodes: new Map([[3, 'unfinished']]) } },
      ended(3),
      'unfinished',
      'exit 3',
    ],
    ['that was asked to leave is done, whatever its code', {}, { ...ended(1), left: true }, 'done', 'its turn is over'],
    [
      'that printed nothing for too long has timed out',
      {},
      { timeout: 'idle' },
      'timeout',
      'it printed nothing for too long',
    ],
    ['that took too long has timed out', {}, { timeout: 'iteration' }, 'timeout', 'it took too long'],
    ['that somebody ended has failed', {}, { interrupted: 'SIGTERM' }, 'failed', 'interrupted by SIGTERM'],
    [
      'that told of a failure has failed, though it ends with 0',
      {},
      { reported: { status: 'failed', source: 'stream', reason: 'no credit' } },
      'failed',
      'no credit',
    ],
    [
      'that ends while it told that it works has failed',
      {},
      { reported: { status: 'working', source: 'hook' } },
      'failed',
      'it ended before its turn did',
    ],
    [
      'may leave on its screen that it waits',
      {},
      { reported: { status: 'waiting', source: 'screen' } },
      'done',
      'exit 0',
    ],
    [
      'that said the word is done, whatever its code',
      { until: 'DONE' },
      { ...ended(1), says: 'DONE\r\n' },
      'done',
      'it said DONE',
    ],
    [
      'that said the word is done, though it took too long',
      { until: 'DONE' },
      { timeout: 'idle', says: 'DONE\r\n' },
      'done',
      'it said DONE',
    ],
    [
      'that did not say the word is unfinished',
      { until: 'DONE' },
      { says: 'NOT DONE\r\n' },
      'unfinished',
      'it did not say DONE',
    ],
    ['that failed without the word has failed', { until: 'DONE' }, ended(2), 'failed', 'exit 2'],
    [
      'that only repeats the word from its prompt is unfinished',
      { until: 'DONE', prompt: 'say this:\nDONE\n' },
      { says: 'say this:\r\nDONE\r\n' },
      'unfinished',
      'it did not say DONE',
    ],
    [
      'that says on its screen that it failed has failed',
      { behaviour: { patterns: { failed: [{ source: '^Error:', flags: '' }] } } },
      { says: 'fine\r\nError: no key\r\n' },
      'failed',
      'it said: Error: no key',
    ],
  ])('%s', async (_, options, given, outcome, reason) => {
    expect(await loop(options).judge(iteration(given))).toMatchObject({ outcome, reason });
  });

  test('says where the word stood, in the whole recording', async () => {
    const said = await loop({ until: 'DONE' }).judge(iteration({ offset: 100, says: 'x\r\nDONE\r\nmore' }));
    expect(said).toMatchObject({ offset: 109, verdict: { result: 'done', iterations: 1, offset: 109 } });
  });

  test.each<[string, TurnHistory, Partial<LoopOptions>, Outcome, string]>([
    ['left by keys when its turn is over is done', turns('working', 'idle', 'text'), {}, 'done', 'exit 0'],
    [
      'left in the middle of a turn has failed',
      turns('working', 'text'),
      {},
      'failed',
      'it was left before its turn was over',
    ],
    ['interrupted by Ctrl-C has failed', turns('working', 'interrupt'), {}, 'failed', 'interrupted'],
    [
      'interrupted by Escape, which it obeyed, has failed',
      turns('working', 'escape', 'idle'),
      {},
      'failed',
      'interrupted',
    ],
    [
      'with an exit code that tells all is believed',
      turns('working', 'interrupt'),
      { behaviour: { answersForItself: true } },
      'done',
      'exit 0',
    ],
  ])('%s', async (_, history, options, outcome, reason) => {
    const reported = { status: 'idle', source: 'hook' } as const;
    const judged = await loop({ behaviour: { reports: true }, ...options }).judge(
      iteration({ turns: history, reported }),
    );
    expect(judged).toMatchObject({ outcome, reason });
  });
});

describe('again and again', () => {
  const many = { until: 'DONE', maxIterations: 5, stopAfterFailures: 2 };

  test('it goes on until the word is said', async () => {
    const runs = loop(many);
    expect((await runs.judge(iteration())).verdict).toBeUndefined();
    expect((await runs.judge(iteration({ number: 2, says: 'DONE\r\n' }))).verdict).toMatchObject({
      result: 'done',
      iterations: 2,
    });
  });

  test('it ends when so many in a row have failed, and not when one in between has not', async () => {
    const runs = loop(many);
    const results = [];
    for (const [at, code] of [1, 0, 1, 1].entries())
      results.push((await runs.judge(iteration({ number: at + 1, ...ended(code) }))).verdict);
    expect(results).toEqual([
      undefined,
      undefined,
      undefined,
      { result: 'failed', reason: '2 iterations failed in a row, the last: exit 1', iterations: 4 },
    ]);
  });

  test('it ends when all are used up', async () => {
    const last = await loop(many).judge(iteration({ number: 5 }));
    expect(last.verdict).toEqual({
      result: 'unfinished',
      reason: '5 iterations are used up; the last: it did not say DONE',
      iterations: 5,
    });
  });

  test.each<[string, Partial<Iteration>, string]>([
    ['a signal to orch', { interrupted: 'SIGHUP' }, 'interrupted by SIGHUP'],
    ['Ctrl-C that ended the agent', killed(constants.signals.SIGINT), 'interrupted'],
    ['an agent that ends as if by Ctrl-C', ended(130), 'interrupted'],
    ['Ctrl-C that was typed last', { ...ended(1), turns: turns('interrupt') }, 'interrupted'],
  ])('%s ends it', async (_, given, reason) => {
    expect((await loop(many).judge(iteration(given))).verdict).toEqual({ result: 'failed', reason, iterations: 1 });
  });

  test('whatever becomes of each, there is a verdict by the last, its iterations are those that were, and it is the only one', async () => {
    const run = fc.record({
      exitCode: fc.constantFrom(0, 1, 3),
      timeout: fc.option(fc.constantFrom('idle', 'iteration'), { nil: undefined, freq: 4 }),
      says: fc.constantFrom('', 'DONE\r\n', 'working\r\n'),
    });
    const limits = { max: fc.integer({ min: 1, max: 6 }), failures: fc.integer({ min: 1, max: 4 }) };
    await fc.assert(
      fc.asyncProperty(
        fc.array(run, { minLength: 6, maxLength: 6 }),
        limits.max,
        limits.failures,
        async (all, max, failures) => {
          const runs = loop({ until: 'DONE', maxIterations: max, stopAfterFailures: failures });
          for (const [at, { exitCode, timeout, says }] of all.slice(0, max).entries()) {
            const number = at + 1;
            const { verdict, outcome } = await runs.judge(iteration({ number, ...ended(exitCode), timeout, says }));
            expect(OUTCOMES).toContain(outcome);
            if (verdict === undefined) {
              expect([outcome === 'done', number < max]).toEqual([false, true]);
              continue;
            }
            expect(verdict).toMatchObject({ result: outcome, iterations: number });
            return;
          }
          throw new Error('there was no verdict');
        },
      ),
    );
  });
});
