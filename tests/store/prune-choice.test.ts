import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Retention } from '../../src/core/retention.js';
import { chooseToGo, type Prunable } from '../../src/store/prune/prune-choice.js';
import { runs } from '../fixtures/runs.js';

const NOW = 1000;
const NO_LIMITS: Retention = { maxAgeMs: undefined, maxTasks: undefined, maxTotalBytes: undefined };

function task(ended: number, bytes = 10, mayGo = true): Prunable {
  return { mayGo, ended, bytes };
}

/** When each that goes ended, and why it goes. */
function chosen(tasks: readonly Prunable[], limits: Partial<Retention>): readonly string[] {
  return chooseToGo(tasks, { ...NO_LIMITS, ...limits }, NOW).map((choice) => `${choice.task.ended} ${choice.why}`);
}

describe('what goes', () => {
  test('is nothing without limits', () => {
    expect(chosen([task(1), task(2)], {})).toEqual([]);
  });

  test('is what ended longer ago than the greatest age, and not what ended just then', () => {
    expect(chosen([task(899), task(900), task(950)], { maxAgeMs: 100 })).toEqual(['899 maxAge']);
  });

  test('is what ended before so many others, whenever it began; what runs is not counted', () => {
    const tasks = [task(30), task(10), task(20), task(0, 10, false)];
    expect(chosen(tasks, { maxTasks: 1 })).toEqual(['10 maxTasks', '20 maxTasks']);
    expect(chosen(tasks, { maxTasks: 0 })).toHaveLength(3);
  });

  test('is the oldest until the rest is small enough, and what runs is part of that', () => {
    const tasks = [task(1, 50), task(2, 50), task(3, 50), task(4, 100, false)];
    expect(chosen(tasks, { maxTotalBytes: 200 })).toEqual(['1 maxTotalSize']);
    expect(chosen(tasks, { maxTotalBytes: 199 })).toEqual(['1 maxTotalSize', '2 maxTotalSize']);
    expect(chosen(tasks, { maxTotalBytes: 10 })).toHaveLength(3);
  });

  test('goes for the first limit that says so', () => {
    const tasks = [task(100), task(950), task(960), task(970)];
    const limits = { maxAgeMs: 500, maxTasks: 2, maxTotalBytes: 10 };
    expect(chosen(tasks, limits)).toEqual(['100 maxAge', '950 maxTasks', '960 maxTotalSize']);
  });
});

test('whatever the limits: nothing that must stay goes, they hold afterwards or only such is left, the newest survive', () => {
  const tasks = fc.array(
    fc.record({ mayGo: fc.boolean(), ended: fc.integer({ min: 0, max: 2 * NOW }), bytes: fc.nat(100) }),
  );
  const limits = fc.record({
    maxAgeMs: fc.option(fc.nat(NOW), { nil: undefined }),
    maxTasks: fc.option(fc.nat(20), { nil: undefined }),
    maxTotalBytes: fc.option(fc.nat(1000), { nil: undefined }),
  });
  fc.assert(
    fc.property(tasks, limits, (all, retention) => {
      const { maxAgeMs = Infinity, maxTasks = Infinity, maxTotalBytes = Infinity } = retention;
      const holdsFor = (some: readonly Prunable[]): boolean => {
        const free = some.filter(({ mayGo }) => mayGo);
        const bytes = some.reduce((sum, one) => sum + one.bytes, 0);
        const isSmall = bytes <= maxTotalBytes || free.length === 0;
        return isSmall && free.length <= maxTasks && free.every(({ ended }) => NOW - ended <= maxAgeMs);
      };
      const gone = chooseToGo(all, retention, NOW).map((choice) => choice.task);
      const left = all.filter((one) => !gone.includes(one));
      expect(gone.every(({ mayGo }) => mayGo)).toBe(true);
      expect(holdsFor(left)).toBe(true);
      const lastGone = Math.max(...gone.map(({ ended }) => ended));
      expect(left.filter(({ mayGo, ended }) => mayGo && ended < lastGone)).toEqual([]);
      expect(gone.map(({ ended }) => ended)).toEqual(gone.map(({ ended }) => ended).sort((a, b) => a - b));
      // No more than has to: without the last that goes they would not hold.
      const last = gone.at(-1);
      if (last !== undefined) expect(holdsFor([...left, last])).toBe(false);
    }),
    { numRuns: runs(1000) },
  );
});
