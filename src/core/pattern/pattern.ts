import { stepsOf } from './bounded-steps.js';
import { loadRe2 } from './engines.js';
import { PatternRefused } from './pattern-refused.js';
import { parsePattern, printPattern } from './pattern-syntax.js';

/** A pattern as it was written: JavaScript's syntax, with `i` among the flags where case does not matter. A RegExp is one. */
export interface PatternSpec {
  readonly source: string;
  readonly flags: string;
}

/** Where something matches: offsets in UTF-16 units, the second behind the last. */
export type Range = readonly [from: number, to: number];

/**
 * A pattern that takes time in proportion to the text, whatever either of them is. V8 runs those that are proved to
 * (bounded-steps.ts), RE2 the others; both are given the same characters, so that which of them it is makes no difference.
 */
export interface Pattern extends PatternSpec {
  /** Whether it matches anywhere in `text`. */
  test(text: string): boolean;
  /** What it matches, from the left on, without what is empty. Each takes time in proportion to the text, at worst. */
  matches(text: string): Iterable<Range>;
  /** How many steps one search of `text` takes at most; about 3 ns each. */
  steps(text: string): number;
}

/** A literal: nothing in it has a meaning of its own. */
const LITERAL = /^[\w !"#%&',/:;<=>@`~-]*$/;
/** What V8 may take for each character of a text; a hash of 64 digits and what stands around it needs so many. */
const MOST_STEPS = 128;
/** What RE2 may have as its program: `.{0,1000}` twice. A step of it takes some 25 ns. */
const MOST_INSTRUCTIONS = 4096;
const STEPS_OF_INSTRUCTION = 8;

/**
 * Makes a pattern of what was written.
 *
 * @throws PatternRefused, saying why, where it is none, or cannot be matched in linear time
 */
export function compilePattern({ source, flags }: PatternSpec): Pattern {
  const ignoreCase = flags.includes('i');
  if (LITERAL.test(source)) return new NativePattern({ source, flags }, source, source.length);
  const parsed = parsePattern(source, flags.includes('u'));
  const steps = stepsOf(parsed.pattern, MOST_STEPS);
  if (steps !== undefined) return new NativePattern({ source, flags }, printPattern(parsed, 'js'), steps);
  return new Re2Pattern({ source, flags }, printPattern(parsed, 're2'), ignoreCase);
}

/** `/pattern/i` */
export function asWritten({ source, flags }: PatternSpec): string {
  return `/${source}/${flags.includes('i') ? 'i' : ''}`;
}

class NativePattern implements Pattern {
  readonly source: string;
  readonly flags: string;
  readonly #regex: RegExp;
  readonly #all: RegExp;
  readonly #steps: number;

  constructor({ source, flags }: PatternSpec, printed: string, steps: number) {
    this.source = source;
    this.flags = flags;
    const given = flags.includes('i') ? 'iu' : 'u';
    this.#regex = new RegExp(printed, given);
    this.#all = new RegExp(printed, `g${given}`);
    this.#steps = Math.max(1, steps);
  }

  test(text: string): boolean {
    return this.#regex.test(text);
  }

  *matches(text: string): Generator<Range, void, void> {
    for (const { 0: found, index } of text.matchAll(this.#all)) {
      if (found !== '') yield [index, index + found.length];
    }
  }

  steps(text: string): number {
    return text.length * this.#steps;
  }
}

class Re2Pattern implements Pattern {
  readonly source: string;
  readonly flags: string;
  readonly #compiled: ReturnType<typeof compileRe2>;

  constructor({ source, flags }: PatternSpec, printed: string, ignoreCase: boolean) {
    this.source = source;
    this.flags = flags;
    this.#compiled = compileRe2(printed, ignoreCase);
  }

  test(text: string): boolean {
    return this.#compiled.test(text);
  }

  *matches(text: string): Generator<Range, void, void> {
    // Saying whether there is any is ten times as fast as saying where.
    if (!this.#compiled.test(text)) return;
    const matcher = this.#compiled.matcher(text);
    while (matcher.find()) {
      if (matcher.start() < matcher.end()) yield [matcher.start(), matcher.end()];
    }
  }

  steps(text: string): number {
    return text.length * this.#compiled.programSize() * STEPS_OF_INSTRUCTION;
  }
}

function compileRe2(printed: string, ignoreCase: boolean) {
  const { RE2JS } = loadRe2();
  try {
    const compiled = RE2JS.compile(printed, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (compiled.programSize() <= MOST_INSTRUCTIONS) return compiled;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (/repeat/.test(why)) throw new PatternRefused('more than 1000 repetitions take too long', 'repeat with * or +');
    throw new PatternRefused('it is too large to be matched in linear time', 'say it in fewer words');
  }
  throw new PatternRefused('it is too large to be matched in linear time', 'say it in fewer words');
}
