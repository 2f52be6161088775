import { describe, expect, test } from 'vitest';
import { isKept, judge } from '../../../scripts/bench/judge.js';
import type { ContenderRecord } from '../../../scripts/bench/run-record.js';
import type { Target } from '../../../scripts/bench/targets.js';

const RATE: Target = {
  name: 'read-plain',
  bench: 'read',
  work: 'reading',
  figure: 'rate, MB/s',
  beside: { peer: 'cat', as: 'ratio' },
  direction: '≥',
  target: 2,
};
const TIME: Target = {
  name: 'read-time',
  bench: 'read',
  work: 'reading',
  figure: 'time, ms',
  direction: '≤',
  target: 100,
};

function contender(name: string, figure: string, ...values: readonly number[]): ContenderRecord {
  return { name, turns: values.map((value) => ({ [figure]: value })) };
}

function judged(target: Target, ...contenders: readonly ContenderRecord[]) {
  return judge(target, { name: 'read', contenders: [...contenders] }, false);
}

describe('a line', () => {
  const orch = contender('orch', RATE.figure, 20, 22, 30);
  const cat = contender('cat', RATE.figure, 10, 10, 10);

  test('is met where the median of its ratios is, turn by turn', () => {
    expect(judged(RATE, orch, cat)).toMatchObject({
      verdict: 'met',
      unit: '×',
      measuredIn: 'MB/s',
      value: { n: 3, median: 2.2, min: 2, max: 3 },
      orch: { median: 22 },
      peer: 'cat',
      ofPeer: { median: 10 },
    });
  });

  test('is missed where the median does not reach it, whatever the best turn was', () => {
    expect(judged(RATE, contender('orch', RATE.figure, 19, 19, 100), cat).verdict).toBe('missed');
    expect(judged(TIME, contender('orch', TIME.figure, 1, 101, 102)).verdict).toBe('missed');
    expect(judged(TIME, contender('orch', TIME.figure, 1, 100, 102)).verdict).toBe('met');
  });

  test('is not judged without its peer, and says why', () => {
    const missing = { name: 'cat', turns: [], missing: 'cat is not installed' };
    const outcome = judged(RATE, orch, missing);
    expect(outcome).toMatchObject({ verdict: 'unjudged', reason: 'cat: cat is not installed', orch: { median: 22 } });
    expect(outcome).not.toHaveProperty('value');
  });

  test('is not judged in a quick run, and has its value', () => {
    const outcome = judge(RATE, { name: 'read', contenders: [contender('orch', RATE.figure, 1), cat] }, true);
    expect(outcome).toMatchObject({ verdict: 'unjudged', value: { n: 1 } });
  });

  test('fails where orch failed, also in some turn, or has no such figure, or no number', () => {
    const failed = { ...orch, failed: 'it ended with 1' };
    expect(judged(RATE, failed, cat)).toMatchObject({ verdict: 'failed', reason: 'it ended with 1' });
    expect(judged(TIME, orch)).toMatchObject({ verdict: 'failed', reason: 'there is no figure "time, ms"' });
    expect(judged(RATE, cat)).toMatchObject({ verdict: 'failed' });
    expect(judged(TIME, contender('orch', TIME.figure, Number.NaN))).toMatchObject({ verdict: 'failed' });
    expect(judge(RATE, { name: 'read', contenders: [failed, cat] }, true).verdict).toBe('failed');
  });

  test('can be a difference, or a ratio to another figure of orch itself', () => {
    const more: Target = { ...RATE, beside: { peer: 'cat', as: 'difference' }, direction: '≤', target: 12 };
    expect(judged(more, orch, cat)).toMatchObject({ verdict: 'met', unit: 'MB/s', value: { median: 12 } });
    const both = { name: 'orch', turns: [{ 'with, s': 3, 'without, s': 2 }] };
    const itself: Target = {
      ...RATE,
      figure: 'with, s',
      beside: { peer: 'itself', figure: 'without, s', as: 'ratio' },
    };
    expect(judged(itself, both)).toMatchObject({ verdict: 'missed', unit: '×', value: { median: 1.5 } });
  });

  test('is beside another build of orch, too', () => {
    const other = contender('other', RATE.figure, 10, 11, 10);
    expect(judged(RATE, orch, other, cat).ofOther).toEqual({ n: 3, median: 2, min: 2, max: 3 });
    expect(judged(RATE, orch, { name: 'other', turns: [], failed: 'no' }, cat)).not.toHaveProperty('ofOther');
  });
});

test('a promise is kept unless a line was missed or has failed', () => {
  const met = judged(TIME, contender('orch', TIME.figure, 1));
  const missed = judged(TIME, contender('orch', TIME.figure, 101));
  const unjudged = judged(RATE, contender('orch', RATE.figure, 1));
  const failed = judged(TIME);
  expect(unjudged.verdict).toBe('unjudged');
  expect([met, missed, unjudged, failed].map((line) => isKept([met, line]))).toEqual([true, false, true, false]);
});
