import { EscapeScanner, type EscapeToken } from '../core/escape-sequences.js';

/** Which sequences matter; everything else is passed over without being looked at closely. */
export interface SequenceInterest {
  /** Final bytes of CSI sequences; those with a prefix of `<`, `=` or `>` are few and always matter. */
  readonly csi: string;
  /** First bytes of OSC payloads, such as `1` for 10 and 11; undefined: every OSC. */
  readonly osc?: string;
  /** What follows the ESC of all other sequences; undefined: every one. */
  readonly esc?: string;
}

const ESC = 0x1b;
const CSI = 0x5b;
const OSC = 0x5d;
const DEL = 0x7f;
const LESS = 0x3c;
const GREATER = 0x3e;
/** Sequences stand close together or far apart: so many bytes are looked at before a search is worth its call. */
const NEAR_BYTES = 32;
/** A sequence that matters is scanned in pieces of this size, bytes, until it has ended: longer than nearly all are. */
const PIECE_BYTES = 64;

/**
 * Finds the few sequences that matter in an agent's output, whatever the chunks, at the speed of a search: what an agent
 * draws consists of sequences, and this runs where its bytes are captured. (Sequences begun by an 8-bit C1 are not
 * looked for: no agent uses them.)
 */
export class SequenceSieve {
  readonly #scanner = new EscapeScanner();
  readonly #csi: ReadonlySet<number>;
  readonly #osc: ReadonlySet<number> | undefined;
  readonly #esc: ReadonlySet<number> | undefined;

  constructor({ csi, osc, esc }: SequenceInterest) {
    this.#csi = new Set(Buffer.from(csi));
    this.#osc = osc === undefined ? undefined : new Set(Buffer.from(osc));
    this.#esc = esc === undefined ? undefined : new Set(Buffer.from(esc));
  }

  /** The sequences of interest that end in the next `bytes` of the output, and perhaps some of no interest. */
  push(bytes: Uint8Array): readonly EscapeToken[] {
    const found: EscapeToken[] = [];
    for (let at = 0; at < bytes.length; ) {
      const next = this.#scanner.inGround ? this.#passOver(bytes, at) : at;
      this.#scanner.skip(next - at);
      const piece = bytes.subarray(next, next + PIECE_BYTES);
      if (piece.length > 0) found.push(...this.#scanner.push(piece));
      at = next + piece.length;
    }
    return found;
  }

  /** Where, from `from` on, a sequence of interest begins, or one that the chunk does not hold enough of to tell. */
  #passOver(bytes: Uint8Array, from: number): number {
    for (let at = nextEsc(bytes, from); at < bytes.length; at = nextEsc(bytes, at + 1)) {
      const kind = decisive(bytes[at + 1]);
      const deciding = kind === CSI ? finalOf(bytes, at + 2) : kind === OSC ? bytes[at + 2] : kind;
      const wanted = kind === CSI ? this.#csi : kind === OSC ? this.#osc : this.#esc;
      if (deciding === undefined || wanted === undefined || wanted.has(deciding)) return at;
    }
    return bytes.length;
  }
}

function nextEsc(bytes: Uint8Array, from: number): number {
  const near = Math.min(from + NEAR_BYTES, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === ESC) return at;
  const far = bytes.indexOf(ESC, near);
  return far === -1 ? bytes.length : far;
}

/** The first byte that is neither parameter nor intermediate (ECMA-48, 5.4), where it decides. */
function finalOf(bytes: Uint8Array, from: number): number | undefined {
  const prefix = bytes[from] ?? 0;
  if (prefix >= LESS && prefix <= GREATER) return undefined;
  let at = from;
  for (let byte = bytes[at]; byte !== undefined && byte >= 0x20 && byte < 0x40; byte = bytes[at]) at++;
  return decisive(bytes[at]);
}

/** A control acts within a sequence without ending it, and so decides nothing; nor does the end of the chunk. */
function decisive(byte: number | undefined): number | undefined {
  return byte === undefined || byte < 0x20 || byte === DEL ? undefined : byte;
}
