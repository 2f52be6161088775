import { describe, expect, test } from 'vitest';
import type { AgentState } from '../../src/core/agent-state.js';
import { StatusTracker } from '../../src/record/status/status-tracker.js';
import { ManualClock } from '../fixtures/manual-clock.js';

function tracking() {
  const clock = new ManualClock();
  const settled: AgentState[] = [];
  const tracker = new StatusTracker({ clock, onSettled: (state) => settled.push(state) });
  return { clock, tracker, said: () => settled.map(({ status, source }) => `${status} ${source}`) };
}

describe('what an agent is doing', () => {
  test('is, where it does not say, told by whether it prints: idle after ten seconds of nothing', () => {
    const { clock, tracker, said } = tracking();
    tracker.printed();
    clock.advance(999);
    expect(said()).toEqual([]);
    clock.advance(5000);
    tracker.printed();
    clock.advance(10_999);
    expect(said()).toEqual(['working quiet']);
    clock.advance(1);
    expect(said()).toEqual(['working quiet', 'idle quiet']);
    tracker.printed();
    clock.advance(1000);
    expect(said().at(-1)).toBe('working quiet');
  });

  test('counts when it has held for a second', () => {
    const { clock, tracker, said } = tracking();
    tracker.report({ status: 'working', source: 'osc' });
    clock.advance(600);
    tracker.report({ status: 'waiting', source: 'osc' });
    clock.advance(600);
    tracker.report({ status: 'working', source: 'osc' });
    clock.advance(1000);
    expect(said()).toEqual(['working osc']);
    tracker.report({ status: 'waiting', source: 'osc' });
    clock.advance(500);
    tracker.report({ status: 'working', source: 'osc' });
    clock.advance(60_000);
    expect(said()).toEqual(['working osc']);
  });

  test('is what it says, from the first time on, whether it prints or not', () => {
    const { clock, tracker, said } = tracking();
    tracker.printed();
    tracker.report({ status: 'waiting', source: 'screen' });
    clock.advance(60_000);
    tracker.printed();
    clock.advance(60_000);
    expect(said()).toEqual(['waiting screen']);
  });

  test('is not what a hook says again of an agent that reports by itself, but for a failure', () => {
    const { clock, tracker, said } = tracking();
    tracker.report({ status: 'working', source: 'osc' });
    tracker.report({ status: 'idle', source: 'hook' });
    clock.advance(1000);
    tracker.report({ status: 'failed', source: 'hook' });
    clock.advance(1000);
    expect(said()).toEqual(['working osc', 'failed hook']);
  });

  test('failed for the reason that it gave, although a hook says so again without one', () => {
    const { tracker } = tracking();
    tracker.report({ status: 'failed', source: 'osc', reason: 'no key' });
    tracker.report({ status: 'failed', source: 'hook' });
    expect(tracker.reported).toMatchObject({ status: 'failed', reason: 'no key' });
    tracker.report({ status: 'working', source: 'osc' });
    tracker.report({ status: 'failed', source: 'osc' });
    expect(tracker.reported?.reason).toBeUndefined();
  });

  test('is told apart from what it returns to after something that did not hold', () => {
    const clock = new ManualClock();
    const reported: string[] = [];
    const tracker = new StatusTracker({
      clock,
      onSettled: ({ status }) => reported.push(status),
      onReturned: ({ status }) => reported.push(`${status} again`),
    });
    tracker.report({ status: 'idle', source: 'osc' });
    clock.advance(1000);
    tracker.report({ status: 'working', source: 'osc' });
    clock.advance(500);
    tracker.report({ status: 'idle', source: 'osc' });
    clock.advance(999);
    expect(reported).toEqual(['idle']);
    clock.advance(1);
    expect(reported).toEqual(['idle', 'idle again']);
  });

  test('leaves nothing waiting behind', () => {
    const { clock, tracker } = tracking();
    tracker.printed();
    tracker.report({ status: 'idle', source: 'hook' });
    tracker[Symbol.dispose]();
    expect(clock.waiting).toBe(0);
    tracker.report({ status: 'failed', source: 'screen' });
    expect(clock.waiting).toBe(0);
  });
});
