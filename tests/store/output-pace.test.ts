import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputPace } from '../../src/store/log/output-pace.js';
import { runs } from '../fixtures/runs.js';

const MIB = 1024 * 1024;

describe('a flood', () => {
  test('is output of megabytes a second, until it was quiet for a second', () => {
    const pace = new OutputPace();
    for (let now = 0; now < 1000; now += 100) pace.grew(MIB, now);
    expect([pace.isFlood(900), pace.isFlood(1000)]).toEqual([true, true]);
    expect(pace.isFlood(1900)).toBe(false);
  });

  test('is none where an agent prints a megabyte now and then, or 2 MB each second', () => {
    const pace = new OutputPace();
    pace.grew(MIB, 0);
    expect(pace.isFlood(1)).toBe(false);
    for (let now = 5000; now < 10_000; now += 100) pace.grew(200_000, now);
    expect(pace.isFlood(10_000)).toBe(false);
  });

  test('is over some time after the last byte, whatever came', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2 ** 40), fc.nat(1000)), { maxLength: 50 }), (pieces) => {
        const pace = new OutputPace();
        let now = 0;
        for (const [bytes, ms] of pieces) pace.grew(bytes, (now += ms));
        expect(pace.isFlood(now + 10_000)).toBe(false);
      }),
      { numRuns: runs(200) },
    );
  });
});
