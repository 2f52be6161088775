import { itemAt, wordAt } from '../items/element-at.js';
import { type Literals, ROOT } from './literals.js';
import { Places } from './places.js';
import type { ShapeElement, TokenShape } from './token-shapes.js';

/** Characters of a value from which a match is no coincidence. */
const FIRM_CHARACTERS = 4;
/** Characters within which a token's kind must become certain. */
const UNDECIDED_CHARACTERS = 16 * 1024;
/** Places kept beyond those needed, so that they are dropped in batches. */
const SPARE_PLACES = 4096;

/** The values and tokens to find. */
export interface Wanted {
  readonly literals: Literals;
  readonly shapes: readonly TokenShape[];
}

/** Receives matches: `place` is the offset of a byte to mask; a negative one must stay. */
export interface Finder {
  mask(place: number): void;
  /** A value or token called `name` was found whole; it began at `place`. */
  found(name: string, place: number): void;
}

/** A token whose match is open. */
interface Candidate {
  readonly shape: TokenShape;
  /** Its first character's index in the text. */
  readonly start: number;
  elementIndex: number;
  /** Characters matched of this element's literal, then of its body. */
  literal: number;
  body: number;
  /** Long enough to count; further characters belong to it. */
  accepted: boolean;
  /** It goes on behind a line break, if it does. */
  broken: boolean;
}

/** Encodes the place of a byte that counts as text and must not be masked. */
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
  #candidates: Candidate[] = [];
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

  /** Whether no match is open. */
  get idle(): boolean {
    return this.#node === ROOT && this.#candidates.length === 0;
  }

  /** The offset from which bytes may still be masked; Infinity: there are none. */
  holdFrom(): number {
    const depth = wordAt(this.#literals.depth, this.#node);
    return Math.min(depth > 0 ? this.#placeAt(this.#count - depth) : Infinity, this.#runsFrom(0));
  }

  /** As {@link holdFrom}, for matches that are no coincidence. */
  firmFrom(): number {
    const depth = wordAt(this.#literals.valueDepth, this.#node);
    const value = depth >= FIRM_CHARACTERS ? this.#placeAt(this.#count - depth) : Infinity;
    return Math.min(value, this.#runsFrom(FIRM_CHARACTERS));
  }

  /** Resumes where no match is open; the arguments are the last two characters, 0 for none. */
  after(beforePrevious: number, previous: number): void {
    this.#beforePrevious = beforePrevious;
    this.#previous = previous;
  }

  text(byte: number, place: number): void {
    this.#places.push(place, this.#atWord());
    this.#count++;
    if (this.#candidates.length > 0)
      this.#candidates = this.#candidates.filter((candidate) => this.#goesOn(candidate, byte, place));
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
    if (this.#candidates.length > 0) this.#endCandidates((candidate) => !candidate.broken);
  }

  /** A line break, or a move of the cursor. */
  lineBreak(): void {
    this.#previous = 0;
    if (this.#candidates.length === 0) return;
    for (const candidate of this.#candidates) candidate.broken = true;
    this.#endCandidates((candidate) => this.#isWhole(candidate));
  }

  /** A sequence that does not move the text, such as a colour; a word may begin behind it. */
  sequence(): void {
    this.#previous = 0;
  }

  /** Masks likely matches, for which the caller cannot wait any longer. */
  maskLikely(): void {
    const depth = wordAt(this.#literals.valueDepth, this.#node);
    if (depth >= FIRM_CHARACTERS) this.#mask(this.#count - depth, this.#count);
    for (const candidate of this.#candidates) if (this.#isLikely(candidate)) this.#mask(candidate.start, this.#count);
  }

  /** The text ends here. */
  end(): void {
    this.#endCandidates(() => true);
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
    for (const candidate of this.#candidates) {
      if (!candidate.accepted && (candidate.elementIndex > 0 || candidate.body >= characters))
        from = Math.min(from, this.#placeAt(candidate.start));
    }
    return from;
  }

  /** Masks the characters from `start` to before `end`. */
  #mask(start: number, end: number): void {
    const behind = this.#places.length - this.#count;
    for (let at = Math.max(0, start + behind); at < end + behind; at++) this.#finder.mask(this.#places.at(at) ?? -1);
  }

  #endCandidates(ends: (candidate: Candidate) => boolean): void {
    this.#candidates = this.#candidates.filter((candidate) => {
      if (!ends(candidate)) return true;
      this.#leave(candidate, this.#count);
      return false;
    });
  }

  #ended(): void {
    const length = wordAt(this.#literals.valueLength, this.#node);
    if (length > 0) {
      this.#mask(this.#count - length, this.#count);
      this.#finder.found(itemAt(this.#literals.valueName, this.#node), this.#placeAt(this.#count - length));
    }
    for (const shape of this.#literals.shapes[this.#node] ?? []) this.#begin(shape);
  }

  #begin(index: number): void {
    const shape = this.#shapes[index];
    if (shape === undefined) return;
    const { length } = shape.elements[0].literal;
    if (shape.atWord === true && !this.#places.wordBeginsAt(this.#places.length - length)) return;
    // A candidate that began earlier covers this one.
    if (
      shape.exact !== true &&
      this.#candidates.some((candidate) => candidate.shape === shape && candidate.elementIndex === 0)
    )
      return;
    const start = this.#count - length;
    this.#candidates.push({ shape, start, elementIndex: 0, literal: length, body: 0, accepted: false, broken: false });
  }

  /** Adds a character to a candidate; false: it no longer matches, or has ended. */
  #goesOn(candidate: Candidate, byte: number, place: number): boolean {
    const element = candidate.shape.elements[candidate.elementIndex];
    if (element === undefined) return false;
    if (candidate.literal < element.literal.length) {
      if (element.literal.charCodeAt(candidate.literal) !== byte) return false;
      candidate.literal++;
      candidate.broken = false;
      return true;
    }
    if (element.body[byte] !== 1) return this.#nextElement(candidate, element, byte);
    candidate.body++;
    candidate.broken = false;
    const isLast = candidate.elementIndex === candidate.shape.elements.length - 1;
    if (candidate.accepted) this.#finder.mask(place);
    else if (isLast && candidate.shape.exact === true) return candidate.body <= element.least;
    else if (isLast && candidate.body >= element.least) this.#accept(candidate, this.#count);
    return candidate.accepted || this.#count - candidate.start <= UNDECIDED_CHARACTERS;
  }

  #nextElement(candidate: Candidate, element: ShapeElement, byte: number): boolean {
    const next = candidate.shape.elements[candidate.elementIndex + 1];
    if (next === undefined || candidate.body < element.least || next.literal.charCodeAt(0) !== byte) {
      this.#leave(candidate, this.#count - 1);
      return false;
    }
    candidate.elementIndex++;
    candidate.literal = 1;
    candidate.body = 0;
    candidate.broken = false;
    return true;
  }

  /** A candidate ends in front of character `end`; one of exact length becomes certain only now. */
  #leave(candidate: Candidate, end: number): void {
    const element = candidate.shape.elements[candidate.elementIndex];
    if (candidate.shape.exact === true && candidate.body === element?.least) this.#accept(candidate, end);
  }

  #accept(candidate: Candidate, end: number): void {
    candidate.accepted = true;
    this.#mask(candidate.start, end);
    this.#finder.found(candidate.shape.name, this.#placeAt(candidate.start));
  }

  /** Whether a candidate at a line break is complete. */
  #isWhole({ shape, elementIndex, body }: Candidate): boolean {
    const last = shape.elements.length - 1;
    return elementIndex === last && body >= (shape.usual ?? shape.elements[last]?.least ?? 0);
  }

  #isLikely({ shape, elementIndex, body, accepted }: Candidate): boolean {
    return !accepted && (elementIndex > 0 || body * 2 >= shape.elements[0].least);
  }

  /** Whether a word can begin behind the last character; JSON has `\\n` for a line break. */
  #atWord(): boolean {
    return !isWordByte(this.#previous) || (this.#beforePrevious === BACKSLASH && ESCAPED.has(this.#previous));
  }

  /** Drops places that no match needs any more. */
  #forget(): void {
    let first = this.#count - wordAt(this.#literals.depth, this.#node);
    for (const candidate of this.#candidates) if (!candidate.accepted) first = Math.min(first, candidate.start);
    const needless = this.#places.length - (this.#count - first);
    if (needless < SPARE_PLACES / 2) return;
    this.#places.drop(needless);
  }
}

function isWordByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
