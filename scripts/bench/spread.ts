/** What several turns of one measurement came to. */
export interface Spread {
  readonly n: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  return { n: values.length, median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The mean of the two in the middle where the number is even. NaN of no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

/** The nearest-rank percentile; `share` from 0 to 100. NaN of no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * What `combine` makes of each turn of `ours` and the same turn of `theirs`, so that a machine that gets faster or slower meanwhile
 * meets both; where the numbers of turns differ, of the medians.
 */
export function paired(
  ours: readonly number[],
  theirs: readonly number[],
  combine: (ours: number, theirs: number) => number,
): Spread {
  if (ours.length !== theirs.length) return spread([combine(median(ours), median(theirs))]);
  return spread(ours.map((value, turn) => combine(value, theirs[turn] ?? Number.NaN)));
}

/** How far the turns lie apart, as a share of their median. */
export function width({ median: middle, min, max }: Spread): number {
  return middle === 0 ? 0 : (max - min) / Math.abs(middle);
}

/** The percentiles of delays that are promised, as figures of `name`; `delays` in milliseconds. */
export function latencies(name: string, delays: readonly number[]): Readonly<Record<string, number>> {
  const shares = { p50: 50, p99: 99, most: 100 };
  return Object.fromEntries(
    Object.entries(shares).map(([share, value]) => [`${name}: ${share}, ms`, percentile(delays, value)]),
  );
}
