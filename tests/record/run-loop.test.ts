import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../src/backends/index.js';
import { errors } from '../../src/core/errors.js';
import { Loop } from '../../src/record/run/loop.js';
import type { RunEvent } from '../../src/record/run/run-events.js';
import { RunLoop } from '../../src/record/run/run-loop.js';
import type { LoopSettings, RunSettings } from '../../src/settings/run-settings.js';
import { FakePty } from '../fixtures/fake-pty.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const SIZE = { cols: 80, rows: 24 };
const ONCE: LoopSettings = { until: undefined, maxIterations: 1, stopAfterFailures: 1, delayMs: 0 };
const NEVER: RunSettings['timeouts'] = { iterationMs: undefined, idleMs: undefined };

interface Wish {
  readonly runs?: number;
  readonly loop?: LoopSettings | undefined;
  readonly behaviour?: Behaviour;
  readonly timeouts?: RunSettings['timeouts'];
}

/** A loop over fake terminals, and what it says in order; a log that only counts. */
function looping({ runs = 1, loop, behaviour = {}, timeouts = NEVER }: Wish) {
  const clock = new ManualClock();
  const ptys = Array.from({ length: runs }, () => new FakePty());
  const left = [...ptys];
  const events: RunEvent[] = [];
  const log = { offset: 0, read: () => ({ type: 'missing', until: log.offset }) as const };
  const agent = new RunLoop({
    clock,
    spawn: () => {
      const pty = left.shift();
      if (pty === undefined) throw errors.spawnFailed('/bin/mine', new Error('EAGAIN: no process left'));
      return pty;
    },
    program: (size) => ({ file: '/bin/mine', args: [], env: {}, cwd: '/', size, stdin: undefined }),
    size: SIZE,
    settings: { ending: { killAfterMs: 1000, lingerMs: 0 }, timeouts },
    behaviour,
    prompt: 'x',
    loop: loop && new Loop({ ...loop, prompt: 'x', behaviour }),
    log,
    emit: (event) => {
      if (event.type === 'output') log.offset += event.bytes.length;
      events.push(event.type === 'output' ? { ...event, bytes: Uint8Array.from(event.bytes) } : event);
    },
  });
  const end = agent.untilEnd();
  return { clock, ptys, events, agent, end };
}

/** Lets what waits for a promise or a timer of no length go on. */
async function settle(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const typesOf = (events: readonly RunEvent[]): readonly string[] => events.map(({ type }) => type);

describe('a loop of runs', () => {
  test('of a command that nobody judges says its start, its output and its end', async () => {
    const { ptys, events, end, agent } = looping({});
    const [pty] = ptys;
    pty?.print('hello');
    pty?.push();
    pty?.exit({ exitCode: 3, signal: 0 });
    expect(await end).toEqual({
      status: { exitCode: 3, signal: 0 },
      verdict: undefined,
      interruptedBy: undefined,
      account: {},
      left: false,
      begun: false,
    });
    expect(typesOf(events)).toEqual(['start', 'output', 'changed', 'exit']);
    agent[Symbol.dispose]();
  });

  test('runs the agent again until it has failed too often, and says each run in order', async () => {
    const loop = { ...ONCE, maxIterations: 5, stopAfterFailures: 2 };
    const { clock, ptys, events, end, agent } = looping({ runs: 3, loop });
    ptys[0]?.exit({ exitCode: 1, signal: 0 });
    await settle(clock);
    ptys[1]?.exit({ exitCode: 2, signal: 0 });
    const { verdict } = await end;
    expect(verdict).toEqual({
      result: 'failed',
      reason: '2 iterations failed in a row, the last: exit 2',
      iterations: 2,
    });
    const run = ['start', 'exit', 'iteration.end'];
    expect(typesOf(events)).toEqual([
      'iteration.start',
      ...run,
      'iteration.start',
      'changed',
      'status',
      'start',
      'again',
      'exit',
      'iteration.end',
    ]);
    expect(events.flatMap((event) => (event.type === 'iteration.start' ? [event.number] : []))).toEqual([1, 2]);
    agent[Symbol.dispose]();
  });

  test('ends where somebody interrupts it, between two runs as well', async () => {
    const loop = { ...ONCE, maxIterations: 5, stopAfterFailures: 5, delayMs: 60_000 };
    const { clock, ptys, events, end, agent } = looping({ runs: 2, loop });
    ptys[0]?.exit({ exitCode: 1, signal: 0 });
    await settle(clock);
    agent.interrupt('SIGTERM', 'outside');
    expect(await end).toMatchObject({
      verdict: { result: 'failed', reason: 'interrupted', iterations: 1 },
      interruptedBy: 'SIGTERM',
    });
    expect(events).toContainEqual({ type: 'signal', signal: 'SIGTERM', from: 'outside' });
    agent[Symbol.dispose]();
  });

  test('asks an agent that takes too long to end, and kills one that does not', async () => {
    const timeouts = { iterationMs: 5000, idleMs: undefined };
    const { clock, ptys, events, end, agent } = looping({ loop: ONCE, timeouts });
    const [pty] = ptys;
    clock.advance(5000);
    expect(pty?.calls.filter((call) => call.startsWith('kill'))).toEqual(['kill SIGTERM']);
    clock.advance(1000);
    expect(pty?.calls.filter((call) => call.startsWith('kill'))).toEqual(['kill SIGTERM', 'kill SIGKILL']);
    pty?.exit({ exitCode: 0, signal: 9 });
    expect((await end).verdict).toMatchObject({ result: 'timeout', reason: 'it took too long' });
    expect(events.slice(2, 5)).toEqual([
      { type: 'timeout', what: 'iteration' },
      { type: 'signal', signal: 'SIGTERM', from: 'a time-out' },
      { type: 'kill', signal: 'SIGTERM' },
    ]);
    agent[Symbol.dispose]();
  });

  test('ends an agent whose turn is over, unless a person has typed to it', async () => {
    for (const typed of [undefined, '\x1b[A', 'hi\r']) {
      const { clock, ptys, events, end, agent } = looping({ loop: ONCE });
      if (typed !== undefined) agent.keysTyped(Buffer.from(typed));
      agent.report({ status: 'working', source: 'hook' });
      agent.report({ status: 'done', source: 'hook' });
      clock.advance(1000);
      await settle(clock);
      const isLeft = typed !== 'hi\r';
      expect(typesOf(events).includes('leave'), typed).toBe(isLeft);
      expect(ptys[0]?.calls.includes('kill SIGTERM'), typed).toBe(isLeft);
      ptys[0]?.exit({ exitCode: 0, signal: 0 });
      expect((await end).left).toBe(isLeft);
      agent[Symbol.dispose]();
    }
  });
});
