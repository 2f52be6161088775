import type { RE2JS } from 're2js';
import { lengthWithin } from './bounded-steps.js';
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

/** A pattern that takes time in proportion to the text, whatever either of them is (docs/decisions/0022). */
export interface Pattern extends PatternSpec {
  /** Whether it matches anywhere in `text`. */
  test(text: string): boolean;
  /** All matches that are not empty, from left to right. Each takes time in proportion to the text at most. */
  matches(text: string): Iterable<Range>;
  /** Upper bound of the steps that one search of `text` takes; a step is about 3 ns. */
  steps(text: string): number;
  /** Upper bound of the steps that all matches of `text` take. */
  stepsOfAll(text: string): number;
}

/** A literal: no syntax characters, and one UTF-16 unit a character. */
const LITERAL = /^[\w !"#%&',/:;<=>@`~-]*$/;
/** The same, with syntax characters escaped; and any other characters than controls, whole. */
const ESCAPED_LITERAL = /^(?:[\w !"#%&',/:;<=>@`~-]|\\[\\^$.*+?()[\]{}|]|[^\0-\x7f\p{Cc}\p{Cs}])*$/u;
const ESCAPE = /\\(.)/g;
/** Steps that V8 may take for each character of a text: a pattern for IPv4 addresses needs 340. */
const MOST_STEPS = 512;
const STEPS = [8, 32, 128, MOST_STEPS];
/** Instructions of RE2's program, enough for `.{0,1000}` twice. Each may take 25 ns for a character of the text. */
const MOST_INSTRUCTIONS = 4096;
const STEPS_OF_INSTRUCTION = 8;
/** Characters of a pattern: a longer one takes seconds to compile, and this holds a thousand words. */
const MOST_CHARACTERS = 8192;

/**
 * Compiles a pattern.
 *
 * @throws PatternRefused, with the reason, where it is invalid or cannot be matched in linear time
 */
export function compilePattern({ source, flags }: PatternSpec): Pattern {
  const spec = { source, flags };
  if (LITERAL.test(source)) return new NativePattern(spec, source, Math.max(1, source.length));
  if (source.length > MOST_CHARACTERS) throw tooLarge();
  const parsed = parsePattern(source, flags);
  const always = STEPS.find((steps) => lengthWithin(parsed.pattern, steps) === Infinity);
  if (always !== undefined) return new NativePattern(spec, printPattern(parsed, 'js'), always);
  const length = lengthWithin(parsed.pattern, MOST_STEPS);
  const native = length === 0 ? undefined : new NativePattern(spec, printPattern(parsed, 'js'), MOST_STEPS);
  const re2 = new Re2Pattern(spec, printPattern(parsed, 're2'));
  return native === undefined ? re2 : new PatternByLength(spec, { native, length, re2 });
}

/** `/pattern/i` */
export function asWritten({ source, flags }: PatternSpec): string {
  return `/${source}/${flags.includes('i') ? 'i' : ''}`;
}

/** The text that a pattern matches, and nothing else; undefined where it matches more, or what no line of text has. */
export function literalOf({ source, flags }: PatternSpec): string | undefined {
  if (flags.includes('i') || source === '' || !ESCAPED_LITERAL.test(source)) return undefined;
  return source.replaceAll(ESCAPE, '$1');
}

/** Matched by V8, which backtracks: for patterns that take few steps. */
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
    this.#steps = steps;
  }

  test(text: string): boolean {
    return this.#regex.test(text);
  }

  *matches(text: string): Generator<Range, void, void> {
    // Saying where takes an engine of its own for each text: most have no match.
    if (!this.#regex.test(text)) return;
    for (const { 0: found, index } of text.matchAll(this.#all)) {
      if (found !== '') yield [index, index + found.length];
    }
  }

  steps(text: string): number {
    return text.length * this.#steps;
  }

  /** Steps are bounded for each place where a match may begin, and a search begins where the last match ended. */
  stepsOfAll(text: string): number {
    return this.steps(text);
  }
}

class Re2Pattern implements Pattern {
  readonly source: string;
  readonly flags: string;
  readonly #compiled: RE2JS;
  readonly #steps: number;

  constructor({ source, flags }: PatternSpec, printed: string) {
    this.source = source;
    this.flags = flags;
    this.#compiled = compileRe2(printed, flags.includes('i'));
    this.#steps = this.#compiled.programSize() * STEPS_OF_INSTRUCTION;
  }

  test(text: string): boolean {
    return this.#compiled.test(text);
  }

  *matches(text: string): Generator<Range, void, void> {
    // Testing is ten times as fast as locating.
    if (!this.#compiled.test(text)) return;
    const matcher = this.#compiled.matcher(text);
    while (matcher.find()) {
      if (matcher.start() < matcher.end()) yield [matcher.start(), matcher.end()];
    }
  }

  steps(text: string): number {
    return text.length * this.#steps;
  }

  /** A search may look through all that is left, whatever it finds at once. */
  stepsOfAll(text: string): number {
    return text.length * this.steps(text);
  }
}

/** Matched by V8 where the text is short enough for few steps, else by RE2. */
class PatternByLength implements Pattern {
  readonly source: string;
  readonly flags: string;
  readonly #native: Pattern;
  readonly #length: number;
  readonly #re2: Pattern;

  constructor(
    { source, flags }: PatternSpec,
    { native, length, re2 }: { readonly native: Pattern; readonly length: number; readonly re2: Pattern },
  ) {
    this.source = source;
    this.flags = flags;
    this.#native = native;
    this.#length = length;
    this.#re2 = re2;
  }

  test(text: string): boolean {
    return this.#for(text).test(text);
  }

  matches(text: string): Iterable<Range> {
    return this.#for(text).matches(text);
  }

  steps(text: string): number {
    return this.#for(text).steps(text);
  }

  stepsOfAll(text: string): number {
    return this.#for(text).stepsOfAll(text);
  }

  #for(text: string): Pattern {
    return text.length <= this.#length ? this.#native : this.#re2;
  }
}

function compileRe2(printed: string, ignoreCase: boolean): RE2JS {
  const { RE2JS: engine } = loadRe2();
  let compiled: RE2JS;
  try {
    compiled = engine.compile(printed, ignoreCase ? engine.CASE_INSENSITIVE : 0);
  } catch (error) {
    if (!/repeat/.test(String(error))) throw tooLarge();
    throw new PatternRefused('more than 1000 repetitions cannot be matched in linear time', 'repeat with * or +');
  }
  if (compiled.programSize() > MOST_INSTRUCTIONS) throw tooLarge();
  return compiled;
}

function tooLarge(): PatternRefused {
  return new PatternRefused('it is too large to be matched in linear time', 'make it shorter');
}
