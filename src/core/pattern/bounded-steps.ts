import type { AST } from '@eslint-community/regexpp';

/** Upper bounds of a backtracking engine's work from one position of a text. */
interface Work {
  /** Characters and assertions examined, on all paths together. */
  readonly steps: number;
  /** Number of ways to match: how often what follows is tried. */
  readonly ways: number;
}

/** Undefined: above the limit, or not known. */
type Bound = Work | undefined;

const ONE: Work = { steps: 1, ways: 1 };
const NOTHING: Work = { steps: 0, ways: 1 };
/** Characters; no line is longer. */
const LONGEST = 2 ** 30;

/**
 * The longest text, in characters, for which a backtracking engine takes at most `mostSteps` from each position: then it takes at
 * most that many steps per character, whatever the text. Infinity where nothing repeats without a bound; 0 where
 * nothing is known.
 */
export function lengthWithin(pattern: AST.Pattern, mostSteps: number): number {
  const fits = (length: number): boolean => alternatives(pattern.alternatives, { length, mostSteps }) !== undefined;
  if (fits(LONGEST)) return Infinity;
  let short = 0;
  let long = mostSteps;
  while (long - short > 1) {
    const middle = Math.floor((short + long) / 2);
    if (fits(middle)) short = middle;
    else long = middle;
  }
  return short;
}

interface Limits {
  /** Of the text, in characters. */
  readonly length: number;
  readonly mostSteps: number;
}

function alternatives(all: readonly AST.Alternative[], limits: Limits): Bound {
  let sum: Work = { steps: 0, ways: 0 };
  for (const { elements } of all) {
    let one: Bound = NOTHING;
    for (const element of elements) one = then(one, workOf(element, limits), limits);
    if (one === undefined) return undefined;
    // An alternative that is empty is a way, too, and takes a step to be tried.
    sum = { steps: sum.steps + Math.max(1, one.steps), ways: sum.ways + one.ways };
    if (sum.steps > limits.mostSteps) return undefined;
  }
  return sum;
}

function workOf(element: AST.Element, limits: Limits): Bound {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return alternatives(element.alternatives, limits);
    case 'Quantifier':
      return repeated(workOf(element.element, limits), element, limits);
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return ONE;
    case 'Assertion':
      return element.kind === 'lookahead' || element.kind === 'lookbehind' ? undefined : ONE;
    case 'Backreference':
    case 'ExpressionCharacterClass':
      return undefined;
  }
}

/** `x{min,max}` is `x` repeated `min` times, then `(x(x(…)?)?)?`, where an empty `x` ends it. */
function repeated(one: Bound, { min, max }: AST.Quantifier, limits: Limits): Bound {
  if (one === undefined) return undefined;
  const more = Math.min(max - min, limits.length + 1);
  let all: Bound = NOTHING;
  // Each repetition takes at least a step, so more of them than `mostSteps` exceed the limit; an empty group takes none.
  for (let n = 0; n < Math.min(min, limits.mostSteps + 1); n++) all = then(all, counted(one), limits);
  if (one.ways === 1) return then(all, { steps: more * (one.steps + 1), ways: more + 1 }, limits);
  let optional: Bound = NOTHING;
  for (let n = 0; n < more && optional !== undefined; n++) {
    const inner: Bound = then(counted(one), optional, limits);
    optional = inner && { steps: inner.steps + 1, ways: inner.ways + 1 };
  }
  return then(all, optional, limits);
}

function counted({ steps, ways }: Work): Work {
  return { steps: Math.max(1, steps), ways };
}

function then(first: Bound, second: Bound, { mostSteps }: Limits): Bound {
  if (first === undefined || second === undefined) return undefined;
  const work = { steps: first.steps + first.ways * second.steps, ways: first.ways * second.ways };
  return work.steps > mostSteps || work.ways > mostSteps ? undefined : work;
}
