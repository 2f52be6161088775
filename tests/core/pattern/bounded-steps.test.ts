import { type AST, RegExpParser } from '@eslint-community/regexpp';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lengthWithin } from '../../../src/core/pattern/bounded-steps.js';

const MOST_STEPS = 512;

function parsed(source: string): AST.Pattern {
  return new RegExpParser({ ecmaVersion: 2024 }).parsePattern(source, undefined, undefined, { unicode: true });
}

/** How many characters and assertions an engine that backtracks looks at from `at` on, when it goes all ways there are. */
function stepsOf(pattern: AST.Pattern, text: string, at: number): number {
  let steps = 0;
  type Rest = (at: number) => void;
  const looksLike = (raw: string, position: number): boolean =>
    new RegExp(`^(?:${raw})$`, 'u').test(text.charAt(position));

  function sequence(elements: readonly AST.Element[], from: number, rest: Rest): void {
    const [first, ...others] = elements;
    if (first === undefined) rest(from);
    else
      element(first, from, (next) => {
        sequence(others, next, rest);
      });
  }

  function element(node: AST.Element, from: number, rest: Rest): void {
    if (node.type === 'Quantifier') repeated(node, 0, from, rest);
    else if (node.type === 'Group' || node.type === 'CapturingGroup')
      for (const { elements } of node.alternatives) sequence(elements, from, rest);
    else {
      steps++;
      if (node.type === 'Assertion') rest(from);
      else if (from < text.length && looksLike(node.raw, from)) rest(from + 1);
    }
  }

  function repeated(node: AST.Quantifier, count: number, from: number, rest: Rest): void {
    if (count < node.max)
      element(node.element, from, (next) => {
        // One more that is empty would be the same again.
        if (next > from || count < node.min) repeated(node, count + 1, next, rest);
      });
    if (count >= node.min) rest(from);
  }

  for (const { elements } of pattern.alternatives) sequence(elements, at, () => undefined);
  return steps;
}

const { source } = fc.letrec<{ source: string; piece: string; group: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom('a', 'b', '[ab]', '.', '^', '$', '\\b'),
  group: fc
    .tuple(tie('source'), fc.constantFrom('', '?', '*', '+', '{2}', '{1,3}', '{2,}'))
    .map(([a, n]) => `(?:${a})${n}`),
  piece: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'piece' },
    tie('leaf'),
    fc.constantFrom('a*', 'b+', '.*', '[ab]?', 'a{1,4}', '[ab]{3}'),
    tie('group'),
  ),
  source: fc
    .array(
      fc.array(tie('piece'), { maxLength: 3 }).map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 2 },
    )
    .map((all) => all.join('|')),
}));

describe('how long a text may be for so many steps', () => {
  test('is never more than it takes, whatever stands in it', () => {
    const text = fc.array(fc.constantFrom('a', 'a', 'b', ' '), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(source, text, fc.constantFrom(8, 32, 128, MOST_STEPS), (regex, letters, most) => {
        const pattern = parsed(regex);
        const within = letters.slice(0, lengthWithin(pattern, most)).join('');
        fc.pre(within !== '');
        for (let at = 0; at <= within.length; at++)
          expect(stepsOf(pattern, within, at), `${regex} at ${at} of ${within}`).toBeLessThanOrEqual(most);
      }),
      { numRuns: 2000 },
    );
  });

  test('is of any length where nothing repeats without a bound', () => {
    for (const regex of ['a', 'error|fail', '[0-9a-f]{32}', '(?:\\d{1,3}\\.){3}\\d{1,3}', '^a?b?$'])
      expect(lengthWithin(parsed(regex), MOST_STEPS), regex).toBe(Infinity);
  });

  test('is a length where something repeats, shorter where it repeats in a repetition', () => {
    const one = lengthWithin(parsed('[a-z]+,'), MOST_STEPS);
    const nested = lengthWithin(parsed('^(?:[a-z]+,)+$'), MOST_STEPS);
    expect(one).toBeGreaterThan(100);
    expect(one).toBeLessThan(MOST_STEPS);
    expect(nested).toBeLessThan(20);
  });

  test('is nothing where nothing is known', () => {
    for (const regex of ['(a)\\1', 'a(?=b)', '(?<!a)b']) expect(lengthWithin(parsed(regex), MOST_STEPS), regex).toBe(0);
  });
});
