import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, type Range } from '../../../src/core/pattern/pattern.js';
import { runs } from '../../fixtures/runs.js';

/** Letters, alone and in classes. */
const letter = fc.constantFrom('a', 'b', 'C', 'é', '😀', '[ab]', '[^a-c\\d]', '\\w', '\\s', '\\p{Lu}');
const assertion = fc.constantFrom('^', '$', '\\b', '\\B');
const times = fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '??');
/** A loop over something that is never empty: what engines make of others differs. */
const loop = fc.oneof(
  letter,
  fc.tuple(letter, letter).map(([a, b]) => `(${a}${b})`),
);
const looped = fc.tuple(loop, times).map(([body, many]) => body + many);
const piece = fc.oneof({ weight: 3, arbitrary: letter }, looped, assertion, fc.constant('.'));
const sequence = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
const source = fc
  .array(sequence, { minLength: 1, maxLength: 3 })
  .chain((all) => fc.constantFrom(all.join('|'), `(?:${all.join('|')})b`, `(?<word>${all.join('|')})?a`));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'C', 'é', 'É', '😀', '1', ' ', '\u00a0', '-'), { maxLength: 14 })
  .map((all) => all.join(''));

/** What JavaScript itself finds. */
function found(pattern: string, flags: string, within: string): readonly Range[] {
  return [...within.matchAll(new RegExp(pattern, `gu${flags}`))].flatMap(({ 0: match, index }) =>
    match === '' ? [] : [[index, index + match.length] as const],
  );
}

describe('a pattern', () => {
  test('matches what JavaScript would match, in short texts and in long ones', () => {
    fc.assert(
      fc.property(
        source,
        fc.constantFrom('', 'i'),
        text,
        fc.constantFrom('', '-'.repeat(600)),
        (pattern, flags, t, more) => {
          const within = t + more + t;
          const compiled = compilePattern({ source: pattern, flags });
          const expected = found(pattern, flags, within);
          expect([...compiled.matches(within)]).toEqual(expected);
          expect(compiled.test(within)).toBe(new RegExp(pattern, `u${flags}`).test(within));
        },
      ),
      { numRuns: runs(400) },
    );
  });

  // Loops within loops, of which any engine sees at once where one ends.
  test.each([
    ['^([a-z]+,)+$', 'ab,'],
    ['^(?:\\d+[xy])*;?$', '12x'],
    ['^(?:(?:a{2,}b)+c)+$', 'aabaaabc'],
  ])('%s takes time in proportion to the text', (pattern, letters) => {
    const compiled = compilePattern({ source: pattern, flags: '' });
    const steps = (length: number): number => compiled.steps(letters.repeat(length));
    expect(steps(200_000)).toBe(2 * steps(100_000));
    expect(compiled.test(letters.repeat(100_000))).toBe(true);
    expect(compiled.test(`${letters.repeat(100_000)}!`)).toBe(false);
  });

  test('reads the older syntax, too, in which a character beyond the BMP is one', () => {
    const matches = (pattern: string, within: string): readonly Range[] => [
      ...compilePattern({ source: pattern, flags: '' }).matches(within),
    ];
    expect(matches('[😀😁]\\-+\\_', '😁--_')).toEqual([[0, 5]]);
    expect(matches('a{', 'a{')).toEqual([[0, 2]]);
    expect(matches('^.$', '😀')).toEqual([[0, 2]]);
    expect(matches('[^]+', 'a\nb')).toEqual([[0, 3]]);
    expect(matches('[]', 'a')).toEqual([]);
  });

  test.each([
    ['(?<!b)a', 'a lookbehind, (?<!…), cannot be matched in linear time'],
    ['a(?=b)', 'a lookahead, (?=…), cannot be matched in linear time'],
    ['(a)\\1', 'a backreference, \\1, cannot be matched in linear time'],
    ['(?<n>a)\\k<n>', 'a backreference, \\k<n>, cannot be matched in linear time'],
    ['[ab]*a[ab]{1,2000}', 'more than 1000 repetitions cannot be matched in linear time'],
    ['(', 'Unterminated group'],
  ])('%s is refused: %s', (pattern, why) => {
    expect(() => compilePattern({ source: pattern, flags: '' })).toThrow(why);
  });

  test('is refused where it is too large', () => {
    const refusal = (pattern: string) => () => compilePattern({ source: pattern, flags: '' });
    expect(refusal('[ab]*a|'.repeat(1171))).toThrow('it is too large to be matched in linear time');
    expect(refusal('(a|'.repeat(2731))).toThrow('it is too large to be matched in linear time');
    expect(refusal('[ab]*.{1000}.{1000}.{1000}.{1000}.{1000}')).toThrow('it is too large');
  });

  test('without case its classes may not be large and many, for each character of them is looked at', () => {
    const nearlyAll = (count: number): string => `^(${'[\\S,]+;'.repeat(count)})+`;
    expect(() => compilePattern({ source: nearlyAll(19), flags: 'i' })).toThrow('its classes are too large');
    expect(compilePattern({ source: nearlyAll(2), flags: 'i' }).test('A;B;a;b;')).toBe(true);
    expect(compilePattern({ source: nearlyAll(19), flags: '' }).test('A;B;'.repeat(10))).toBe(true);
    const allBut = `^(${'[^;]+;'.repeat(300)})+`;
    expect(compilePattern({ source: allBut, flags: 'i' }).test('A;B;'.repeat(150))).toBe(true);
  });

  test('with the flag u only that syntax is read', () => {
    expect(() => compilePattern({ source: '\\-', flags: 'u' })).toThrow('Invalid escape');
  });
});
