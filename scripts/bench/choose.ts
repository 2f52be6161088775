import type { Bench } from './bench.js';
import type { Target } from './targets.js';
import { UsageError } from './usage-error.js';

export interface Chosen {
  readonly benches: readonly Bench[];
  readonly targets: readonly Target[];
}

/**
 * The benches and lines that `names` names, or begins with a `-` behind it; all where it names none. A bench that is named has all of its
 * lines, and a line that is named has its bench.
 *
 * @throws UsageError where a name is unknown
 */
export function choose(names: readonly string[], all: Chosen): Chosen {
  if (names.length === 0) return all;
  const isNamed = (name: string, by: string): boolean => name === by || name.startsWith(`${by}-`);
  const unknown = names.filter((by) => ![...all.benches, ...all.targets].some(({ name }) => isNamed(name, by)));
  if (unknown.length > 0)
    throw new UsageError(`There is no bench or line "${unknown.join('", "')}": npm run bench -- --list has them.`);
  const named = (name: string): boolean => names.some((by) => isNamed(name, by));
  const targets = all.targets.filter(({ name, bench }) => named(name) || named(bench));
  const benches = all.benches.filter(({ name }) => named(name) || targets.some(({ bench }) => bench === name));
  return { benches, targets };
}
