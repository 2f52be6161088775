import type { AST } from '@eslint-community/regexpp';

/** What a backtracking engine does from one place of a text on, at most. */
interface Work {
  /** How many characters and assertions it looks at, on all ways together. */
  readonly steps: number;
  /** In how many ways it can match: so often what stands behind is tried. */
  readonly ways: number;
}

const ONE: Work = { steps: 1, ways: 1 };
const NOTHING: Work = { steps: 0, ways: 1 };

/**
 * How many steps a backtracking engine takes from each place of a text at most, where that is a number: then it takes
 * that many times the length of the text, and is linear. Undefined where something repeats without a bound, or where there are
 * more than `most`.
 */
export function stepsOf(pattern: AST.Pattern, most: number): number | undefined {
  const work = alternatives(pattern.alternatives, most);
  return work === undefined || work.steps > most ? undefined : work.steps;
}

/** Undefined: more than `most`, or no bound. */
type Bound = Work | undefined;

function alternatives(all: readonly AST.Alternative[], most: number): Bound {
  let sum: Work = { steps: 0, ways: 0 };
  for (const { elements } of all) {
    let one: Bound = NOTHING;
    for (const element of elements) one = one && then(one, workOf(element, most), most);
    if (one === undefined) return undefined;
    // An alternative that is empty is a way, too, and costs at least being tried.
    sum = { steps: sum.steps + Math.max(1, one.steps), ways: sum.ways + one.ways };
    if (sum.steps > most) return undefined;
  }
  return sum;
}

function workOf(element: AST.Element, most: number): Bound {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return alternatives(element.alternatives, most);
    case 'Quantifier':
      return repeated(workOf(element.element, most), element.min, element.max, most);
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

/** `x{min,max}` is `x` so often, and behind it `(x(x(…)?)?)?`. */
function repeated(one: Bound, min: number, max: number, most: number): Bound {
  if (one === undefined || max > most) return undefined;
  let optional: Bound = NOTHING;
  for (let n = min; n < max && optional !== undefined; n++) {
    const inner: Bound = then(one, optional, most);
    optional = inner && { steps: inner.steps + 1, ways: inner.ways + 1 };
  }
  let all: Bound = NOTHING;
  for (let n = 0; n < min && all !== undefined; n++) all = then(all, one, most);
  return all && then(all, optional, most);
}

function then(first: Work, second: Bound, most: number): Bound {
  if (second === undefined) return undefined;
  const work = { steps: first.steps + first.ways * second.steps, ways: first.ways * second.ways };
  return work.steps > most || work.ways > most ? undefined : work;
}
