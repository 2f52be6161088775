import { codePointOf } from '../items/element-at.js';
import type { AST } from '@eslint-community/regexpp';
import {
  ANY,
  complement,
  DIGIT,
  LINE_END,
  type CodePoints,
  property,
  WHITE_SPACE,
  union,
  WORD,
  WORD_WITHOUT_CASE,
} from './code-points.js';
import { loadRegexpp } from './engines.js';
import { PatternRefused } from './pattern-refused.js';

/** The edition of JavaScript whose syntax is known; Node 20 has no newer one. */
const ECMA_VERSION = 2024;
/** Characters beyond the BMP are two in JavaScript's older syntax: these stand for them there. */
const PRIVATE_USE = { first: 0xe000, last: 0xf8ff };

/** Bytes of a printed pattern: RE2 compiles a KiB in milliseconds, and `\p{L}` prints as 12 KiB. */
const MOST_PRINTED = 128 * 1024;
/**
 * Case-insensitively, re2js 2.10 visits each character of each class when it compiles: a million in some 15 ms. A class of nearly
 * all there are, such as `[\S,]`, has 1.1 million; one that says what is not in it, such as `[^,]`, has few.
 */
const MOST_WITHOUT_CASE = 20_000_000;

/** A pattern that was read. */
export interface Parsed {
  readonly pattern: AST.Pattern;
  readonly ignoreCase: boolean;
  /** The character that each stand-in means. */
  readonly means: ReadonlyMap<number, number>;
}

/**
 * Reads JavaScript's syntax: with the flag `u` where it can be read so, else (unless it is among `flags`) without. A character is a
 * character either way, and never half of one.
 *
 * @throws PatternRefused
 */
export function parsePattern(source: string, flags: string): Parsed {
  const ignoreCase = flags.includes('i');
  const parser = new (loadRegexpp().RegExpParser)({ ecmaVersion: ECMA_VERSION });
  try {
    const pattern = parser.parsePattern(source, undefined, undefined, { unicode: true });
    return { pattern, ignoreCase, means: new Map() };
  } catch (error) {
    if (flags.includes('u')) throw notAPattern(error);
  }
  const { text, means } = withStandIns(source);
  try {
    return { pattern: parser.parsePattern(text), ignoreCase, means };
  } catch (error) {
    throw notAPattern(error);
  }
}

/**
 * The same pattern in another spelling: every character by its number, every class by its ranges, groups that catch nothing, so
 * that both engines read the same. `js` is for the flag `u`.
 *
 * @throws PatternRefused where it looks around or back, and where making an engine of it would take long
 */
export function printPattern({ pattern, ignoreCase, means }: Parsed, dialect: 'js' | 're2'): string {
  let inClasses = 0;
  const printed = alternatives(pattern.alternatives);
  const isSlow = dialect === 're2' && ignoreCase && inClasses > MOST_WITHOUT_CASE;
  if (printed.length > MOST_PRINTED || isSlow) throw new PatternRefused('its classes are too large', 'make it shorter');
  return printed;

  function alternatives(all: readonly AST.Alternative[]): string {
    return all.map(({ elements }) => elements.map(element).join('')).join('|');
  }

  function element(node: AST.Element): string {
    switch (node.type) {
      case 'Group':
      case 'CapturingGroup':
        return `(?:${alternatives(node.alternatives)})`;
      case 'Quantifier':
        return `(?:${element(node.element)})${times(node)}`;
      case 'Character':
        return character(meant(node.value));
      case 'CharacterSet':
        // A small class compiles faster than its large complement.
        return node.kind === 'property'
          ? characterClass(charactersOf(node), false)
          : characterClass(setOf(node), isRest(node));
      case 'CharacterClass':
        return characterClass(union(node.elements.map(charactersOf)), node.negate);
      case 'Assertion':
        return assertion(node);
      case 'Backreference':
        throw new PatternRefused(
          `a backreference, ${node.raw}, cannot be matched in linear time`,
          'write out what it should match',
        );
      case 'ExpressionCharacterClass':
        throw new PatternRefused('it has a class of the flag v', 'write it without that flag');
    }
  }

  function assertion(node: AST.Assertion): string {
    switch (node.kind) {
      case 'start':
        return dialect === 'js' ? '^' : '\\A';
      case 'end':
        return dialect === 'js' ? '$' : '\\z';
      case 'word':
        return node.negate ? '\\B' : '\\b';
      case 'lookahead':
      case 'lookbehind':
        throw new PatternRefused(
          `a ${node.kind}, ${node.raw.slice(0, node.kind === 'lookahead' ? 3 : 4)}…), cannot be matched in linear time`,
          'match that text too, or leave it out',
        );
    }
  }

  function charactersOf(node: AST.CharacterClassElement | AST.CharacterSet): CodePoints {
    switch (node.type) {
      case 'Character':
        return [[meant(node.value), meant(node.value)]];
      case 'CharacterClassRange':
        // Stand-ins are in the order in which they were met.
        if (meant(node.min.value) > meant(node.max.value))
          throw new PatternRefused('Range out of order in character class');
        return [[meant(node.min.value), meant(node.max.value)]];
      case 'CharacterSet':
        return isRest(node) ? complement(setOf(node)) : setOf(node);
      default:
        throw new PatternRefused('it has a class of the flag v', 'write it without that flag');
    }
  }

  function characterClass(characters: CodePoints, negate: boolean): string {
    if (characters.length === 0) return characterClass(ANY, !negate);
    inClasses += characters.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const ranges = characters.map(([from, to]) =>
      from === to ? character(from) : `${character(from)}-${character(to)}`,
    );
    return `[${negate ? '^' : ''}${ranges.join('')}]`;
  }

  function character(value: number): string {
    const isPlain =
      (value >= 0x30 && value <= 0x39) || (value >= 0x61 && value <= 0x7a) || (value >= 0x41 && value <= 0x5a);
    if (isPlain) return String.fromCharCode(value);
    return `${dialect === 'js' ? '\\u' : '\\x'}{${value.toString(16)}}`;
  }

  function setOf(node: AST.CharacterSet): CodePoints {
    switch (node.kind) {
      case 'any':
        return LINE_END;
      case 'digit':
        return DIGIT;
      case 'space':
        return WHITE_SPACE;
      case 'word':
        return ignoreCase ? WORD_WITHOUT_CASE : WORD;
      case 'property':
        return property(node.value === null ? node.key : `${node.key}=${node.value}`);
    }
  }

  function meant(value: number): number {
    return means.get(value) ?? value;
  }
}

/** Whether the set is the complement of {@link setOf}: `.`, `\D` and the like. */
function isRest(node: AST.CharacterSet): boolean {
  return node.kind === 'any' || node.negate;
}

function times({ min, max, greedy }: AST.Quantifier): string {
  return `{${min},${max === Infinity ? '' : max}}${greedy ? '' : '?'}`;
}

/** The source with a character of the BMP, which does not stand in it, for each beyond. */
function withStandIns(source: string): { readonly text: string; readonly means: ReadonlyMap<number, number> } {
  const standIns = new Map<string, string>();
  const means = new Map<number, number>();
  let next = PRIVATE_USE.first;
  const text = source.replace(/[\u{10000}-\u{10ffff}]/gu, (found) => {
    while (source.includes(String.fromCharCode(next))) next++;
    const standIn = standIns.get(found) ?? String.fromCharCode(next++);
    standIns.set(found, standIn);
    means.set(standIn.charCodeAt(0), codePointOf(found));
    return standIn;
  });
  if (next > PRIVATE_USE.last) throw new PatternRefused('it is too large', 'make it shorter');
  return { text, means };
}

function notAPattern(error: unknown): PatternRefused {
  const why =
    error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : String(error);
  return new PatternRefused(why.replace(/^Invalid regular expression: (?:\/.*\/[a-z]+: )?/s, ''));
}
