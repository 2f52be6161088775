/** What several rounds of one measurement came to. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  return { median: percentile(values, 50), min: percentile(values, 0), max: percentile(values, 100) };
}

/** The nearest-rank percentile; `share` from 0 to 100. NaN of no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Measures each of `things` once a round, one after the other, so that what the machine does meanwhile meets them all. */
export async function alternate<T, M>(
  things: readonly T[],
  rounds: number,
  measure: (thing: T) => Promise<M>,
): Promise<Map<T, M[]>> {
  const results = new Map(things.map((thing): [T, M[]] => [thing, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [thing, measured] of results) measured.push(await measure(thing));
  }
  return results;
}
