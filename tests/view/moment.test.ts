import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeIndex } from '../../src/store/times/time-index-reader.js';
import { offsetAt, parseMoment } from '../../src/view/places/moment.js';

const START = Date.parse('2026-01-02T03:04:05.678Z');
const index = new TimeIndex(
  { type: 'whole' },
  {
    start: START,
    size: { cols: 80, rows: 24 },
    resizes: [],
    points: [
      { ms: 100, offset: 10 },
      { ms: 200, offset: 25 },
      { ms: 5000, offset: 70 },
    ],
  },
);
const offsetOf = (text: string): number | undefined => {
  const moment = parseMoment(text);
  return moment === undefined ? undefined : offsetAt(moment, index);
};

describe('a place in a recording', () => {
  test.each([
    ['0', 0],
    ['100ms', 10],
    ['0.25s', 25],
    ['4.9', 25],
    ['5s', 70],
    ['1h', 70],
    ['2026-01-02T03:04:05.878Z', 25],
    ['2026-01-02T04:04:05.878+01:00', 25],
    ['2025-01-01T00:00:00Z', 0],
    ['2027-01-01t00:00:00z', 70],
    ['@0', 0],
    ['@12345', 12_345],
  ])('%s is byte %i', (text, offset) => {
    expect(offsetOf(text)).toBe(offset);
  });

  test.each([
    '',
    '@',
    '@-1',
    '@1.5',
    '-5s',
    '5 s',
    'noon',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-13-02T03:04:05Z',
  ])('%j is none', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });

  test('by the clock is not known where nothing tells when the recording began', () => {
    const unknown = new TimeIndex(
      { type: 'rebuilt', why: 'test' },
      { start: undefined, size: undefined, resizes: [], points: [] },
    );
    expect(offsetAt({ type: 'time', ms: START }, unknown)).toBeUndefined();
    expect(offsetAt({ type: 'offset', offset: 5 }, unknown)).toBe(5);
  });

  test('is the same by its time since the start and by the clock, and never goes back', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1000), (ms, more) => {
        const offset = offsetOf(`${ms}ms`) ?? -1;
        expect(offsetOf(new Date(START + ms).toISOString())).toBe(offset);
        expect(offsetOf(`${ms + more}ms`)).toBeGreaterThanOrEqual(offset);
      }),
    );
  });

  test('of any text is a place or none, and never fails', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[@\d.:TZsmhd+-]{1,30}$/)), (text) => {
        const offset = offsetOf(text);
        if (offset !== undefined) expect(offset).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
