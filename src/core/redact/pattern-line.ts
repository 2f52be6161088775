import { byteAt } from '../items/element-at.js';
import { isUtf8 } from 'node:buffer';
import type { Pattern } from '../pattern/pattern.js';
import { TimeAllowance } from './time-allowance.js';
import type { Finder } from './text-matcher.js';

/** Bytes of a line that are matched at a time. */
const WINDOW_BYTES = 8 * 1024;
/** The longest match that is found anywhere in a longer line, bytes. */
const PATTERN_BYTES = WINDOW_BYTES / 2;

/** For each character: at 3 ns a step 0.4 ms a KiB, a tenth of what that earns. */
const FEW_STEPS = 128;

/** Text that is contiguous in the stream. */
interface Piece {
  /** Its offset in the line. */
  readonly at: number;
  /** Its offset in the stream. */
  readonly place: number;
}

interface WatchedPattern {
  readonly pattern: Pattern;
  readonly allowance: TimeAllowance;
  wasBehind: boolean;
}

export interface PatternLineOptions {
  readonly patterns: readonly Pattern[];
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly onBehind: (pattern: Pattern) => void;
}

/**
 * Matches regular expressions with each line of text when it has ended; of a line longer than 8 KiB with 8
 * KiB at a time, half of which overlap the window before. Where a pattern cannot keep up, all of the text is masked.
 */
export class PatternLine {
  readonly #patterns: readonly WatchedPattern[];
  readonly #onBehind: (pattern: Pattern) => void;
  readonly #finder: Finder;
  readonly #text = Buffer.alloc(WINDOW_BYTES);
  #length = 0;
  #pieces: Piece[] = [];
  /** Bytes of the line before this were dropped. */
  #letGo = 0;

  /** `onBehind`: called once for a pattern that took too long: text was masked whole. */
  constructor({ patterns, now, onBehind }: PatternLineOptions, finder: Finder) {
    this.#patterns = patterns.map((pattern) => ({ pattern, allowance: new TimeAllowance(now), wasBehind: false }));
    this.#onBehind = onBehind;
    this.#finder = finder;
  }

  /** The offset from which bytes may still be masked; Infinity: there are none. */
  holdFrom(): number {
    return this.#letGo < this.#length ? this.#placeAt(this.#letGo) : Infinity;
  }

  /** Text of the line; its first byte is at `place` in the stream. */
  text(bytes: Uint8Array, place: number): void {
    for (const { allowance } of this.#patterns) allowance.earn(bytes.length);
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + WINDOW_BYTES - this.#length);
      const last = this.#pieces.at(-1);
      if (last === undefined || last.place - last.at !== place + at - this.#length)
        this.#pieces.push({ at: this.#length, place: place + at });
      this.#text.set(piece, this.#length);
      this.#length += piece.length;
      at += piece.length;
      if (this.#length === WINDOW_BYTES) this.#slide();
    }
  }

  /** The line ends. */
  end(): void {
    if (this.#length === 0) return;
    this.#match();
    this.#length = 0;
    this.#pieces = [];
    this.#letGo = 0;
  }

  /** Masks what matches so far, and drops the line's text; what follows is still matched with it. */
  letGo(): void {
    this.#match();
    this.#letGo = this.#length;
  }

  #slide(): void {
    this.#match();
    const by = WINDOW_BYTES - PATTERN_BYTES;
    this.#pieces = this.#pieces.flatMap((piece, n) => {
      const end = this.#pieces[n + 1]?.at ?? this.#length;
      if (end <= by) return [];
      const cut = Math.max(0, by - piece.at);
      return [{ at: piece.at + cut - by, place: piece.place + cut }];
    });
    this.#text.copyWithin(0, by, this.#length);
    this.#length -= by;
    this.#letGo = Math.max(0, this.#letGo - by);
  }

  #match(): void {
    const bytes = this.#text.subarray(0, this.#length);
    const isText = isUtf8(bytes);
    const text = bytes.toString(isText ? 'utf8' : 'latin1');
    const lengthOf = (from: number, to: number): number =>
      isText && text.length !== bytes.length ? Buffer.byteLength(text.slice(from, to)) : to - from;
    for (const watched of this.#patterns) {
      if (this.#maskMatches(watched, text, lengthOf)) continue;
      for (let at = 0; at < this.#length; at++) this.#maskAt(at);
      if (!watched.wasBehind) this.#onBehind(watched.pattern);
      watched.wasBehind = true;
    }
  }

  /** Whether there was time to look for all matches. */
  #maskMatches(
    { pattern, allowance }: WatchedPattern,
    text: string,
    lengthOf: (from: number, to: number) => number,
  ): boolean {
    // What takes few steps cannot spend more than its text earns: looking at the clock would take longer.
    const isClocked = pattern.stepsOfAll(text) > text.length * FEW_STEPS;
    if (isClocked) allowance.begin();
    if (isClocked && allowance.isSpent()) return false;
    let index = 0;
    let at = 0;
    for (const [from, to] of pattern.matches(text)) {
      at += lengthOf(index, from);
      const end = at + lengthOf(from, to);
      for (; at < end; at++) this.#maskAt(at);
      index = to;
      if (isClocked && allowance.isSpent()) return false;
    }
    return true;
  }

  #maskAt(at: number): void {
    if (byteAt(this.#text, at) > 0x20) this.#finder.mask(this.#placeAt(at));
  }

  #placeAt(at: number): number {
    let found = this.#pieces[0];
    for (const piece of this.#pieces) {
      if (piece.at > at) break;
      found = piece;
    }
    return found === undefined ? Infinity : found.place + at - found.at;
  }
}
