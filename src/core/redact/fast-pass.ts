import { type Literals, ROOT } from './literals.js';

const ESC = 0x1b;
const CSI = 0x5b;
const BLANK = 0x20;
const DEL = 0x7f;
const LEAD = 0xc2;
/** What ends a string: BEL, CAN, SUB. */
const STRING_ENDS = [0x07, 0x18, 0x1a];
/** Two bytes that a literal may begin with, or that begin or end a sequence. */
const LITERAL = 1;
const SEQUENCE = 2;
/** So far it is looked ahead whether a literal goes on as it began. */
const LOOK_BYTES = 12;

/**
 * Passes over output in which nothing begins, two bytes at a time by a table of 64 KiB: what nearly all output is, and
 * this runs where it is captured.
 */
export class FastPass {
  readonly #literals: Literals;
  readonly #pairs = new Uint8Array(0x10000);
  /** Bytes that may begin something, whatever follows. */
  readonly #firsts = new Uint8Array(0x100);
  /** Where the text that was passed over last began, behind a sequence. */
  #textFrom = 0;

  constructor(literals: Literals) {
    this.#literals = literals;
    for (let first = 0; first < 0x100; first++) {
      const node = literals.child(ROOT, first);
      if (node !== ROOT) this.#mark(first, (second) => isDropped(second) || literals.child(node, second) !== ROOT, LITERAL);
    }
    for (const byte of [ESC, ...STRING_ENDS]) this.#mark(byte, () => true, SEQUENCE);
    this.#mark(LEAD, (second) => second >= 0x80 && second <= 0x9f, SEQUENCE);
  }

  get textFrom(): number {
    return this.#textFrom;
  }

  /** Where, from `from` on, something may begin; `sequences`: CSI sequences are passed over too. */
  pass(bytes: Uint8Array, from: number, sequences: boolean): number {
    const pairs = this.#pairs;
    const last = bytes.length - 1;
    this.#textFrom = from;
    let at = from;
    while (at < last) {
      const hit = pairs[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)];
      if (hit === 0) at++;
      else if (hit === LITERAL) {
        if (this.#mayBegin(bytes, at)) return at;
        at++;
      } else {
        const behind = sequences ? this.#behindSequence(bytes, at) : at;
        if (behind === at) return at;
        at = behind;
        this.#textFrom = at;
      }
    }
    return at === last && this.#firsts[bytes[last] ?? 0] === 0 ? last + 1 : at;
  }

  #mark(first: number, holds: (second: number) => boolean, as: number): void {
    this.#firsts[first] = 1;
    for (let second = 0; second < 0x100; second++) if (holds(second)) this.#pairs[(first << 8) | second] ||= as;
  }

  /** False: no literal begins at `from`. */
  #mayBegin(bytes: Uint8Array, from: number): boolean {
    let node: number = ROOT;
    for (let at = from; at < from + LOOK_BYTES; at++) {
      const byte = bytes[at];
      if (byte === undefined || byte === ESC || byte === LEAD) return true;
      if (isDropped(byte)) continue;
      node = this.#literals.child(node, byte);
      if (node === ROOT) return false;
      if (this.#literals.ends(node)) return true;
    }
    return true;
  }

  /** Behind the CSI sequence at `from`; the same place where it is none, or not plain enough to tell. */
  #behindSequence(bytes: Uint8Array, from: number): number {
    if (bytes[from] !== ESC || bytes[from + 1] !== CSI) return from;
    for (let at = from + 2; ; at++) {
      const byte = bytes[at];
      if (byte === undefined || byte < BLANK || byte >= DEL) return from;
      if (byte >= 0x40) return this.#firsts[byte] === 1 && this.#mayBegin(bytes, at) ? from : at + 1;
      if (this.#firsts[byte] === 1 && this.#mayBegin(bytes, at)) return from;
    }
  }
}

/** Bytes that values are squeezed of (squeeze.ts), and ESC. */
function isDropped(byte: number): boolean {
  return byte <= BLANK || byte === DEL || byte === LEAD;
}
