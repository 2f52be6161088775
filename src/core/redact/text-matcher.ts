import { type Literals, ROOT } from './literals.js';
import { Places } from './places.js';
import type { ShapePart, TokenShape } from './token-shapes.js';

/** So many characters of a value are no coincidence any more. */
const FIRM_CHARACTERS = 4;
/** A token whose kind is not certain after so many characters is none. */
const UNDECIDED_CHARACTERS = 16 * 1024;
/** Places of text kept beyond those that are needed, so that they are thrown away a few at a time. */
const SPARE_PLACES = 4096;

/** What is looked for. */
export interface Wanted {
  readonly literals: Literals;
  readonly shapes: readonly TokenShape[];
}

/** Told of what is found: to be masked is the byte at `place`, or nothing where that is negative. */
export interface Finder {
  mask(place: number): void;
  /** A value or token called `name` was found whole; it began at `place`. */
  found(name: string, place: number): void;
}

/** A token that has begun. */
interface Run {
  readonly shape: TokenShape;
  /** Where it began, in characters of the text. */
  readonly start: number;
  part: number;
  /** Characters of this part's literal, then of its body. */
  literal: number;
  body: number;
  /** Enough was seen: what goes on belongs to it. */
  accepted: boolean;
  /** It goes on behind a line break, if it does. */
  broken: boolean;
}

/** The place of a byte that must stay: it counts as text, and cannot be masked. */
export const fixed = (place: number): number => -1 - place;
export const placeOf = (place: number): number => (place < 0 ? -1 - place : place);

/** Letters that JSON writes control characters with, behind a backslash. */
const ESCAPED = new Set(Buffer.from('bfnrt'));
const BACKSLASH = 0x5c;

/**
 * Finds values and tokens in one text that comes byte by byte, each with its absolute place in the stream, as soon as it
 * can be known. Values may have blanks and line breaks between any two characters: where a program breaks its lines, it
 * puts them there. A token ends at a blank, and at a line break once it is long enough.
 */
export class TextMatcher {
  readonly #literals: Literals;
  readonly #shapes: readonly TokenShape[];
  readonly #finder: Finder;
  #node: number = ROOT;
  #runs: Run[] = [];
  /** Characters of the text so far, and the places of the last of them. */
  #count = 0;
  readonly #places = new Places();
  #previous = 0;
  #beforePrevious = 0;

  constructor({ literals, shapes }: Wanted, finder: Finder) {
    this.#literals = literals;
    this.#shapes = shapes;
    this.#finder = finder;
  }

  /** Nothing has begun. */
  get idle(): boolean {
    return this.#node === ROOT && this.#runs.length === 0;
  }

  /** The place from which on a byte may still have to be masked; Infinity: there is none. */
  holdFrom(): number {
    const depth = this.#literals.depth[this.#node] ?? 0;
    return Math.min(depth > 0 ? this.#placeAt(this.#count - depth) : Infinity, this.#runsFrom(0));
  }

  /** The same, of what is more than a coincidence. */
  firmFrom(): number {
    const depth = this.#literals.valueDepth[this.#node] ?? 0;
    const value = depth >= FIRM_CHARACTERS ? this.#placeAt(this.#count - depth) : Infinity;
    return Math.min(value, this.#runsFrom(FIRM_CHARACTERS));
  }

  /** Nothing has begun, and these were the last two characters; 0: none. */
  after(beforePrevious: number, previous: number): void {
    this.#beforePrevious = beforePrevious;
    this.#previous = previous;
  }

  text(byte: number, place: number): void {
    this.#places.push(place, this.#atWord());
    this.#count++;
    if (this.#runs.length > 0) this.#runs = this.#runs.filter((run) => this.#goesOn(run, byte, place));
    this.#node = this.#literals.step(this.#node, byte);
    if (this.#literals.ends(this.#node)) this.#ended();
    this.#beforePrevious = this.#previous;
    this.#previous = byte;
    if (this.idle) this.#places.clear();
    else if (this.#places.length > SPARE_PLACES) this.#forget();
  }

  /** A blank, which ends tokens; behind a line break it only indents. */
  blank(): void {
    this.#previous = 0;
    if (this.#runs.length > 0) this.#endRuns((run) => !run.broken);
  }

  /** A line break, or a move of the cursor. */
  lineBreak(): void {
    this.#previous = 0;
    if (this.#runs.length === 0) return;
    for (const run of this.#runs) run.broken = true;
    this.#endRuns((run) => this.#isWhole(run));
  }

  /** A change of colour or the like, which a word may begin behind. */
  sequence(): void {
    this.#previous = 0;
  }

  /** Masks what is likely to go on as what it began as, since it cannot be waited for. */
  maskLikely(): void {
    const depth = this.#literals.valueDepth[this.#node] ?? 0;
    if (depth >= FIRM_CHARACTERS) this.#mask(this.#count - depth, this.#count);
    for (const run of this.#runs) if (this.#isLikely(run)) this.#mask(run.start, this.#count);
  }

  /** The text ends here. */
  end(): void {
    this.#endRuns(() => true);
    this.#node = ROOT;
    this.#places.clear();
    this.after(0, 0);
  }

  #placeAt(character: number): number {
    const place = this.#places.at(this.#places.length - (this.#count - character));
    return place === undefined ? Infinity : placeOf(place);
  }

  #runsFrom(characters: number): number {
    let from = Infinity;
    for (const run of this.#runs) {
      if (!run.accepted && (run.part > 0 || run.body >= characters)) from = Math.min(from, this.#placeAt(run.start));
    }
    return from;
  }

  /** Masks the characters from `start` to before `end`. */
  #mask(start: number, end: number): void {
    const behind = this.#places.length - this.#count;
    for (let at = Math.max(0, start + behind); at < end + behind; at++) this.#finder.mask(this.#places.at(at) ?? -1);
  }

  #endRuns(ends: (run: Run) => boolean): void {
    this.#runs = this.#runs.filter((run) => {
      if (!ends(run)) return true;
      this.#leave(run, this.#count);
      return false;
    });
  }

  #ended(): void {
    const length = this.#literals.valueLength[this.#node] ?? 0;
    if (length > 0) {
      this.#mask(this.#count - length, this.#count);
      this.#finder.found(this.#literals.valueName[this.#node] ?? '', this.#placeAt(this.#count - length));
    }
    for (const shape of this.#literals.shapes[this.#node] ?? []) this.#begin(shape);
  }

  #begin(index: number): void {
    const shape = this.#shapes[index];
    if (shape === undefined) return;
    const { length } = shape.parts[0].literal;
    if (shape.atWord === true && !this.#places.wordBeginsAt(this.#places.length - length)) return;
    // One that began earlier has all that this one would have.
    if (shape.exact !== true && this.#runs.some((run) => run.shape === shape && run.part === 0)) return;
    const start = this.#count - length;
    this.#runs.push({ shape, start, part: 0, literal: length, body: 0, accepted: false, broken: false });
  }

  /** Takes a character into a token; false: it is none any more, or has ended. */
  #goesOn(run: Run, byte: number, place: number): boolean {
    const part = run.shape.parts[run.part];
    if (part === undefined) return false;
    if (run.literal < part.literal.length) {
      if (part.literal.charCodeAt(run.literal) !== byte) return false;
      run.literal++;
      run.broken = false;
      return true;
    }
    if (part.body[byte] !== 1) return this.#nextPart(run, part, byte);
    run.body++;
    run.broken = false;
    const isLast = run.part === run.shape.parts.length - 1;
    if (run.accepted) this.#finder.mask(place);
    else if (isLast && run.shape.exact === true) return run.body <= part.least;
    else if (isLast && run.body >= part.least) this.#accept(run, this.#count);
    return run.accepted || this.#count - run.start <= UNDECIDED_CHARACTERS;
  }

  #nextPart(run: Run, part: ShapePart, byte: number): boolean {
    const next = run.shape.parts[run.part + 1];
    if (next === undefined || run.body < part.least || next.literal.charCodeAt(0) !== byte) {
      this.#leave(run, this.#count - 1);
      return false;
    }
    run.part++;
    run.literal = 1;
    run.body = 0;
    run.broken = false;
    return true;
  }

  /** A token ends in front of character `end`; what has an exact length is certain only now. */
  #leave(run: Run, end: number): void {
    const part = run.shape.parts[run.part];
    if (run.shape.exact === true && run.body === part?.least) this.#accept(run, end);
  }

  #accept(run: Run, end: number): void {
    run.accepted = true;
    this.#mask(run.start, end);
    this.#finder.found(run.shape.name, this.#placeAt(run.start));
  }

  /** Whether a token that comes to a line break has all it needs. */
  #isWhole({ shape, part, body }: Run): boolean {
    const last = shape.parts.length - 1;
    return part === last && body >= (shape.usual ?? shape.parts[last]?.least ?? 0);
  }

  #isLikely({ shape, part, body, accepted }: Run): boolean {
    return !accepted && (part > 0 || body * 2 >= shape.parts[0].least);
  }

  /** Whether a word can begin behind the last character; JSON has `\\n` for a line break. */
  #atWord(): boolean {
    return !isWordByte(this.#previous) || (this.#beforePrevious === BACKSLASH && ESCAPED.has(this.#previous));
  }

  /** Lets go of places that nothing needs any more. */
  #forget(): void {
    let first = this.#count - (this.#literals.depth[this.#node] ?? 0);
    for (const run of this.#runs) if (!run.accepted) first = Math.min(first, run.start);
    const needless = this.#places.length - (this.#count - first);
    if (needless < SPARE_PLACES / 2) return;
    this.#places.drop(needless);
  }
}

function isWordByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
