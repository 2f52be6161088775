import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencies, median, paired, percentile, spread, width } from '../../../scripts/bench/spread.js';
import { runs } from '../../fixtures/runs.js';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });

test('the median of an even number of turns is the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test('as many turns are above the median as below it, in whatever order they come', () => {
  fc.assert(
    fc.property(values, (all) => {
      const middle = median(all);
      const above = all.filter((value) => value > middle).length;
      const below = all.filter((value) => value < middle).length;
      expect(Math.max(above, below)).toBeLessThanOrEqual(all.length / 2);
      expect(median(all.toReversed())).toBe(middle);
      const { n, min, max } = spread(all);
      expect(n).toBe(all.length);
      expect(min).toBeLessThanOrEqual(middle);
      expect(max).toBeGreaterThanOrEqual(middle);
    }),
    { numRuns: runs(100) },
  );
});

test('a percentile is a value that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  expect([0, 1, 50, 99, 100].map((share) => percentile(hundred, share))).toEqual([1, 1, 50, 99, 100]);
  expect(latencies('log', hundred)).toEqual({ 'log: p50, ms': 50, 'log: p99, ms': 99, 'log: most, ms': 100 });
});

test('a ratio is that of the same turn, so that a machine that gets slower changes nothing', () => {
  const [ours, theirs] = [
    [2, 4, 8],
    [1, 2, 4],
  ];
  expect(paired(ours, theirs, (a, b) => a / b)).toEqual({ n: 3, median: 2, min: 2, max: 2 });
});

test('where a peer had fewer turns, the medians are compared, once', () => {
  expect(paired([2, 4, 6], [2], (a, b) => a / b)).toEqual({ n: 1, median: 2, min: 2, max: 2 });
});

test('how far turns lie apart is a share of their median', () => {
  expect(width(spread([9, 10, 12]))).toBeCloseTo(0.3);
  expect(width(spread([0, 0]))).toBe(0);
});
