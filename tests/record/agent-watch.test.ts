import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../src/backends/behaviour.js';
import type { ReportedState } from '../../src/core/agent-state.js';
import { AgentWatch, type WatchEvent } from '../../src/record/status/agent-watch.js';
import { ManualClock } from '../fixtures/manual-clock.js';

/** Watches an agent, and keeps all that is said of it, in its order. */
function watching(behaviour: Behaviour = { reports: true }) {
  const clock = new ManualClock();
  const said: string[] = [];
  const states: string[] = [];
  const watch = new AgentWatch({
    clock,
    behaviour,
    prompt: undefined,
    size: { cols: 80, rows: 24 },
    log: { offset: 0, read: () => ({ type: 'bytes', count: 0 }) },
    emit: (event) => (event.type === 'changed' || event.type === 'held' ? states : said).push(worded(event)),
  });
  const print = (text: string): void => {
    watch.printed(Buffer.from(text));
  };
  const tell = (reported: ReportedState): void => {
    watch.report(reported);
  };
  const since = (): string[] => said.splice(0);
  return { clock, watch, print, tell, since, states };
}

function worded(event: WatchEvent): string {
  switch (event.type) {
    case 'answer':
      return `answer ${JSON.stringify(event.text)}`;
    case 'changed':
    case 'held':
      return `${event.type} ${event.state.status}`;
    case 'status':
      return `${event.state.status} ${event.state.source}`;
    case 'reported':
      return `told ${event.reported.status}`;
    case 'turn.over':
      return `over ${event.status}`;
  }
}

const report = (state: string): string => `\x1b]7501;state=${state}\x1b\\`;

describe('an agent that reports', () => {
  test('is known to have changed at once, and to have held a status each time it has for a second', () => {
    const { clock, print, states } = watching();
    print(report('idle'));
    clock.advance(1000);
    print(`${report('working')}${report('idle')}${report('idle')}`);
    clock.advance(999);
    expect(states).toEqual(['changed working', 'changed idle', 'held idle', 'changed working', 'changed idle']);
    clock.advance(1);
    expect(states.at(-1)).toBe('held idle');
  });

  test('is answered that orch listens, each time it asks', () => {
    const { print, since } = watching();
    print('\x1b]7501;?\x1b\\text\x1b]7501;?\x1b\\');
    const answers = since();
    expect(answers).toHaveLength(2);
    expect(new Set(answers)).toEqual(new Set([String.raw`answer "\u001b]7501;?1\u001b\\"`]));
  });

  test('that does not is not listened to', () => {
    const { watch, print, since } = watching({});
    print(`\x1b]7501;?\x1b\\${report('working')}`);
    expect([since(), watch.reported, watch.begun]).toEqual([[], undefined, false]);
  });

  test('has its turn over a second after it said so, once it had one', () => {
    const { clock, print, since } = watching();
    print(report('idle'));
    clock.advance(1000);
    expect(since()).toEqual(['told idle', 'idle osc']);
    print(report('working'));
    clock.advance(1000);
    expect(since()).toEqual(['told working', 'working osc']);
    print(report('idle'));
    clock.advance(999);
    expect(since()).toEqual(['told idle']);
    clock.advance(1);
    expect(since()).toEqual(['idle osc', 'over idle']);
  });

  test('has a turn that is over within a second, too', () => {
    const { clock, print, since } = watching();
    print(report('idle'));
    clock.advance(1000);
    since();
    print(report('working'));
    clock.advance(500);
    print(report('idle'));
    clock.advance(1000);
    expect(since()).toEqual(['told working', 'told idle', 'over idle']);
  });

  test('that works again within a second goes on', () => {
    const { clock, print, since } = watching();
    print(report('working'));
    clock.advance(1000);
    print(report('idle'));
    clock.advance(500);
    print(report('working'));
    clock.advance(2000);
    expect(since().filter((what) => what.startsWith('over'))).toEqual([]);
  });
});

describe('an agent that is told of', () => {
  test('by a hook is over when that says so, without having worked before', () => {
    const { clock, tell, since } = watching({});
    tell({ status: 'done', source: 'hook' });
    clock.advance(1000);
    expect(since()).toEqual(['told done', 'done hook', 'over done']);
  });

  test('is not over because it has long been silent', () => {
    const { clock, print, since } = watching({});
    print('x');
    clock.advance(20_000);
    expect(since()).toEqual(['working quiet', 'idle quiet']);
  });

  test('by a stream that fails before anything else has not begun', () => {
    const failing = watching({});
    failing.tell({ status: 'failed', source: 'stream' });
    expect([failing.watch.begun, failing.watch.reported]).toEqual([false, { status: 'failed', source: 'stream' }]);
    failing.tell({ status: 'working', source: 'stream' });
    expect(failing.watch.begun).toBe(true);
  });

  test('leaves no timer behind', () => {
    const { clock, watch, tell } = watching({});
    tell({ status: 'working', source: 'hook' });
    watch[Symbol.dispose]();
    expect(clock.waiting).toBe(0);
  });
});
