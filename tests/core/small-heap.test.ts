import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepHeapSmall } from '../../src/core/process/small-heap.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a heap that stays small is looked after by no timer: what is idle is not woken', () => {
  keepHeapSmall({ from: Infinity });
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});
