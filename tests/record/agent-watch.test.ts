import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../src/backends/behaviour.js';
import { type ReportedState, stateText } from '../../src/core/agent-state.js';
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
    case 'changed':
    case 'held':
      return `${event.type} ${event.state.status}`;
    case 'status':
      return `${stateText(event.state)} ${event.state.source}`;
    case 'reported':
      return `told ${event.reported.status}`;
    case 'turn.over':
      return `over ${event.state.status}`;
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

  test('is listened to, whether it is known to or not', () => {
    const { clock, watch, print, since } = watching({});
    print(report('working'));
    clock.advance(1000);
    expect([since(), watch.begun]).toEqual([['told working', 'working osc'], true]);
  });

  test('that it waits is known with what for, and another question is another status', () => {
    const { clock, print, since } = watching({});
    const asks = (text: string): string => report(`blocked:kind=question:msg=${Buffer.from(text).toString('base64')}`);
    print(asks('Which colour?'));
    clock.advance(1000);
    print(asks('Which colour?'));
    clock.advance(1000);
    print(asks('Which size?'));
    clock.advance(1000);
    expect(since().filter((said) => said !== 'told waiting')).toEqual([
      'waiting: question – Which colour? osc',
      'waiting: question – Which size? osc',
    ]);
  });

  test('and takes that back is known by whether it prints again', () => {
    const { clock, watch, print, since } = watching({});
    print(report('working'));
    clock.advance(1000);
    print(report('clear'));
    clock.advance(20_000);
    expect(watch.reported).toBeUndefined();
    expect(since()).toEqual(['told working', 'working osc']);
    print('$ ');
    clock.advance(20_000);
    expect(since()).toEqual(['idle quiet']);
    print(report('blocked'));
    clock.advance(1000);
    expect(since()).toEqual(['told waiting', 'waiting osc']);
  });

  test('whenever it works, has not ended its turn by taking that back', () => {
    const { watch, print } = watching({ reports: true });
    print(`${report('working')}${report('clear')}`);
    expect(watch.reported).toMatchObject({ status: 'working' });
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
