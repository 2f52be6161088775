import { expect, test } from 'vitest';
import { CalmOutput } from '../../src/record/run/calm-output.js';

const MIB = 1024 * 1024;

test('output is calm once it has been slow for some seconds', () => {
  const output = new CalmOutput(0);
  expect([0, 1000, 2000, 3000].map((at) => output.reached(at * 10, at))).toEqual([false, false, false, true]);
});

test('a flood that stands still for a second or two is none', () => {
  const output = new CalmOutput(0);
  const seen = [1, 2, 3, 4, 5, 6, 7].map((second) => {
    const flooded = Math.ceil(second / 3);
    return output.reached(flooded * 20 * MIB, second * 1000);
  });
  expect(seen).toEqual(seen.map(() => false));
});

test('how often it is asked does not matter', () => {
  const output = new CalmOutput(0);
  expect(Array.from({ length: 299 }, (_, at) => output.reached(at, at * 10))).not.toContain(true);
  expect(output.reached(3000, 3000)).toBe(true);
});
