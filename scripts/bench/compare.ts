import type { Outcome, RunRecord } from './run-record.js';
import type { Spread } from './spread.js';

export interface Change {
  readonly name: string;
  readonly work: string;
  readonly unit: string;
  readonly before: Spread | undefined;
  readonly after: Spread | undefined;
  /** The second median as a share of the first; undefined where there are not both. */
  readonly factor: number | undefined;
  readonly verdict: 'better' | 'worse' | 'same' | 'unclear';
}

/** Fewer turns do not show how far they lie apart. */
const TURNS = 3;

/**
 * What became of each line from one run to another: better or worse where no turn of the one is within those of the other, the same where
 * some are, unclear where one of them has no value or fewer than three turns.
 */
export function compareRuns(before: RunRecord, after: RunRecord): readonly Change[] {
  const names = new Set([...before.lines, ...after.lines].map(({ name }) => name));
  return [...names].map((name) => {
    const [was, is] = [before, after].map(({ lines }) => lines.find((line) => line.name === name));
    const { work = '', unit = '', direction = '≥' } = is ?? was ?? {};
    const factor = was?.value && is?.value && is.value.median / was.value.median;
    return { name, work, unit, before: was?.value, after: is?.value, factor, verdict: verdictOf(was, is, direction) };
  });
}

function verdictOf(
  was: Outcome | undefined,
  is: Outcome | undefined,
  direction: Outcome['direction'],
): Change['verdict'] {
  if (!was?.value || !is?.value || was.value.n < TURNS || is.value.n < TURNS) return 'unclear';
  const higher = is.value.min > was.value.max;
  const lower = is.value.max < was.value.min;
  if (!higher && !lower) return 'same';
  return higher === (direction === '≥') ? 'better' : 'worse';
}

/** Why the two are not alike, other than in what is compared; empty where they are. */
export function differences(before: RunRecord, after: RunRecord): readonly string[] {
  const of = ({ machine, mb, quick }: RunRecord): Readonly<Record<string, string>> => ({
    processors: `${machine.cpus} × ${machine.cpu}`,
    system: machine.system,
    Node: machine.node,
    size: `${mb} MB${quick ? ', quick' : ''}`,
  });
  const [was, is] = [of(before), of(after)];
  return Object.entries(was).flatMap(([what, value]) =>
    is[what] === value ? [] : [`${what}: ${value}, then ${is[what] ?? ''}`],
  );
}
