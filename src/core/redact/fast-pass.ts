import { BEL, C2, CAN, CSI, DEL, ESC, SPACE, SUB } from '../terminal/codes.js';
import { csiFinal } from '../terminal/grammar.js';
import { type Literals, ROOT } from './literals.js';

/** What begins a sequence, or ends a string: ESC, BEL, CAN, SUB. */
const STOPS: readonly number[] = [ESC, BEL, CAN, SUB];
/** Each byte is in one of 64 classes; the classes of the last three bytes are the table's index. */
const CLASS_BITS = 6;
const INDEXES = 1 << (3 * CLASS_BITS);
/** Classes of bytes that no literal distinguishes: of no interest, dropped, a stop, 80 to 9F. */
const OTHER = 0;
const DROP = 1;
const STOP = 2;
const C1 = 3;
const FIRST_OWN = 4;
/** How far a possible literal is compared, characters. */
const LOOK_CHARACTERS = 8;

/**
 * Skips output in which no match can begin, by a table indexed by the last three bytes. It runs where
 * output is captured: nearly all of it is of no interest, and most bytes cost one lookup. (Where there are more than 60
 * distinct bytes, some share a class: a hit is checked, a miss is certain.)
 */
export class FastPass {
  readonly #literals: Literals;
  readonly #classes = new Uint8Array(0x100);
  readonly #hits = new Uint8Array(INDEXES);
  /** Bytes that a literal begins with. */
  readonly #firsts = new Uint8Array(0x100);
  /** The first two of each. */
  readonly #seconds = new Uint8Array(0x10000);
  /** Where the skipped text behind the last sequence began. */
  #textFrom = 0;

  /** Literals have three bytes or more. */
  constructor(literals: Literals) {
    this.#literals = literals;
    const begins = literals.begins(3);
    this.#classify(begins);
    for (let index = STOP; index < INDEXES; index += 1 << CLASS_BITS) this.#hits[index] = 1;
    const lead = this.#classes[C2] ?? DROP;
    for (let first = 0; first < 1 << CLASS_BITS; first++) this.#hit(first, lead, C1);
    for (const [first = 0, second = 0, third = 0] of begins) {
      this.#firsts[first] = 1;
      this.#seconds[(first << 8) | second] = 1;
      const [a, b, c] = [first, second, third].map((byte) => this.#classes[byte] ?? OTHER) as [number, number, number];
      for (const next of [b, DROP, lead]) {
        this.#hit(a, DROP, next);
        this.#hit(a, lead, next);
      }
      for (const next of [c, DROP, lead]) this.#hit(a, b, next);
    }
  }

  #classify(begins: readonly (readonly number[])[]): void {
    for (let byte = 0; byte < 0x100; byte++) {
      if (STOPS.includes(byte)) this.#classes[byte] = STOP;
      else if (isDropped(byte)) this.#classes[byte] = DROP;
      else if (byte >= 0x80 && byte < 0xa0) this.#classes[byte] = C1;
    }
    const own = new Set(begins.flat().filter((byte) => this.#classes[byte] === OTHER));
    const count = (1 << CLASS_BITS) - FIRST_OWN;
    [...own].forEach((byte, n) => {
      this.#classes[byte] = FIRST_OWN + (n % count);
    });
  }

  /** Where the text behind the last skipped sequence began. */
  get textFrom(): number {
    return this.#textFrom;
  }

  /** The index, from `from` on, at which a match may begin. With `sequences`, CSI sequences are skipped too. */
  pass(bytes: Uint8Array, from: number, sequences: boolean): number {
    this.#textFrom = from;
    for (let at = this.#next(bytes, from); at < bytes.length; at = this.#next(bytes, at + 1)) {
      const byte = bytes[at] ?? 0;
      const isStop = this.#classes[byte] === STOP;
      const isLed = this.#classes[byte] === C1 && at > from && bytes[at - 1] === C2;
      if (!isStop && !isLed) {
        // A hit of fewer than three bytes is a C1 without its lead byte.
        if (at - 2 >= this.#textFrom && this.#mayBegin(bytes, at - 2)) return at - 2;
        continue;
      }
      const end = isStop ? at : at - 1;
      const begun = this.#begunBefore(bytes, end);
      if (begun !== undefined) return begun;
      const behind = sequences && isStop ? this.#behindSequence(bytes, at) : end;
      if (behind === end) return end;
      this.#textFrom = behind;
      at = behind - 1;
    }
    const end = bytes[bytes.length - 1] === C2 ? bytes.length - 1 : bytes.length;
    return this.#begunBefore(bytes, end) ?? end;
  }

  /** The next index, from `from` on, whose last three bytes are in the table; else the end. */
  #next(bytes: Uint8Array, from: number): number {
    const hits = this.#hits;
    const classes = this.#classes;
    const { length } = bytes;
    let last = 0;
    for (let at = Math.max(this.#textFrom, from - 2); at < from; at++)
      last = (last << CLASS_BITS) | (classes[bytes[at] ?? 0] ?? 0);
    let at = from;
    // Four bytes with one branch; a hit is located below.
    for (; at + 4 <= length; at += 4) {
      const a = ((last << CLASS_BITS) | (classes[bytes[at] ?? 0] ?? 0)) & (INDEXES - 1);
      const b = ((a << CLASS_BITS) | (classes[bytes[at + 1] ?? 0] ?? 0)) & (INDEXES - 1);
      const c = ((b << CLASS_BITS) | (classes[bytes[at + 2] ?? 0] ?? 0)) & (INDEXES - 1);
      const d = ((c << CLASS_BITS) | (classes[bytes[at + 3] ?? 0] ?? 0)) & (INDEXES - 1);
      if (((hits[a] ?? 0) | (hits[b] ?? 0) | (hits[c] ?? 0) | (hits[d] ?? 0)) !== 0) break;
      last = d;
    }
    for (; at < length; at++) {
      last = ((last << CLASS_BITS) | (classes[bytes[at] ?? 0] ?? 0)) & (INDEXES - 1);
      if (hits[last] !== 0) return at;
    }
    return length;
  }

  #hit(first: number, second: number, third: number): void {
    this.#hits[(first << (2 * CLASS_BITS)) | (second << CLASS_BITS) | third] = 1;
  }

  /** Where a literal may have begun in the two bytes before `end`. */
  #begunBefore(bytes: Uint8Array, end: number): number | undefined {
    return this.#begunAt(bytes, end - 2) ?? this.#begunAt(bytes, end - 1);
  }

  #begunAt(bytes: Uint8Array, at: number): number | undefined {
    return at >= this.#textFrom && this.#firsts[bytes[at] ?? 0] === 1 && this.#mayBegin(bytes, at) ? at : undefined;
  }

  /** Whether a literal may begin at `from`; false is certain. */
  #mayBegin(bytes: Uint8Array, from: number): boolean {
    const first = bytes[from] ?? 0;
    const second = bytes[from + 1] ?? 0;
    const third = bytes[from + 2] ?? 0;
    // The most frequent miss: another word begins where the literal would go on.
    if (second <= SPACE && second !== ESC && !isDropped(third) && this.#seconds[(first << 8) | third] === 0)
      return false;
    let node: number = ROOT;
    let characters = 0;
    for (let at = from; characters < LOOK_CHARACTERS; at++) {
      const byte = bytes[at];
      if (byte === ESC) {
        const final = finalOf(bytes, at);
        if (final === -1) return true;
        at = final;
      } else if (byte === undefined || byte === C2) return true;
      else if (!isDropped(byte)) {
        node = this.#literals.child(node, byte);
        if (node === ROOT) return false;
        if (this.#literals.ends(node)) return true;
        characters++;
      }
    }
    return true;
  }

  /** The index behind the CSI sequence at `from`; `from` where there is none, or a literal may begin in it. */
  #behindSequence(bytes: Uint8Array, from: number): number {
    const final = finalOf(bytes, from);
    if (final === -1) return from;
    for (let at = from + 2; at <= final; at++) {
      if (this.#firsts[bytes[at] ?? 0] === 1 && this.#mayBegin(bytes, at)) return from;
    }
    return final + 1;
  }
}

/** The index of the final byte of the CSI sequence at `from`; -1 where there is none, or it is not a plain one. */
function finalOf(bytes: Uint8Array, from: number): number {
  return bytes[from] === ESC && bytes[from + 1] === CSI ? csiFinal(bytes, from + 2) : -1;
}

/** Bytes that may stand within a literal: those that strip-whitespace.ts removes, and lead bytes of controls. */
function isDropped(byte: number): boolean {
  return byte <= SPACE || byte === DEL || byte === C2;
}
