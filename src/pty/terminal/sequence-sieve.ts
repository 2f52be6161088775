import { EscapeScanner, type EscapeToken } from '../../core/terminal/escape-sequences.js';

/** Which sequences matter; everything else is passed over without being looked at closely. */
export interface SequenceInterest {
  /** Final bytes of CSI sequences; those with a prefix of `<`, `=` or `>` are few and always matter. */
  readonly csi: string;
  /** First bytes of OSC payloads, such as `1` for 10 and 11; undefined: every OSC. */
  readonly osc?: string;
  /** What follows the ESC of all other sequences; undefined: every one. */
  readonly esc?: string;
}

const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const CSI = 0x5b;
const OSC = 0x5d;
const DEL = 0x7f;
const LESS = 0x3c;
const GREATER = 0x3e;
/** Sequences stand close together or far apart: so many bytes are looked at before a search is worth its call. */
const NEAR_BYTES = 16;
/** A sequence that matters is scanned in pieces of this size, bytes, until it has ended: longer than nearly all are. */
const PIECE_BYTES = 64;

/**
 * Finds the few sequences that matter in an agent's output, whatever the chunks, at the speed of a search: what an agent
 * draws consists of sequences, and this runs where its bytes are captured. (Sequences begun by an 8-bit C1 are not
 * looked for: no agent uses them.)
 */
export class SequenceSieve {
  readonly #scanner = new EscapeScanner();
  readonly #csi: Uint8Array;
  readonly #osc: Uint8Array;
  readonly #esc: Uint8Array;

  constructor({ csi, osc, esc }: SequenceInterest) {
    this.#csi = tableOf(csi);
    this.#osc = tableOf(osc);
    this.#esc = tableOf(esc);
  }

  /** The sequences of interest that end in the next `bytes` of the output, and perhaps some of no interest. */
  push(bytes: Uint8Array): readonly EscapeToken[] {
    const found: EscapeToken[] = [];
    // A Buffer's indexOf is memchr(3), a typed array's is a loop.
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < chunk.length; ) {
      const next = this.#scanner.inGround ? this.#passOver(chunk, at) : at;
      this.#scanner.skip(next - at);
      const piece = chunk.subarray(next, next + PIECE_BYTES);
      if (piece.length > 0) found.push(...this.#scanner.push(piece));
      at = next + piece.length;
    }
    return found;
  }

  /** Where, from `from` on, a sequence of interest begins, or one that the chunk does not hold enough of to tell. */
  #passOver(bytes: Buffer, from: number): number {
    for (let at = nextEsc(bytes, from); at < bytes.length; at = nextEsc(bytes, at + 1)) {
      const kindAt = afterControls(bytes, at + 1);
      const kind = bytes[kindAt];
      const deciding = kind === CSI ? finalOf(bytes, kindAt + 1) : kind === OSC ? bytes[kindAt + 1] : kind;
      const wanted = kind === CSI ? this.#csi : kind === OSC ? this.#osc : this.#esc;
      if (deciding === undefined || wanted[deciding] === 1) return at;
    }
    return bytes.length;
  }
}

/** A byte's 1 says that it is wanted: `bytes`, or without them every one. */
function tableOf(bytes: string | undefined): Uint8Array {
  const table = new Uint8Array(256);
  if (bytes === undefined) table.fill(1);
  else for (const byte of Buffer.from(bytes)) table[byte] = 1;
  return table;
}

function nextEsc(bytes: Buffer, from: number): number {
  const near = Math.min(from + NEAR_BYTES, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === ESC) return at;
  const far = bytes.indexOf(ESC, near);
  return far === -1 ? bytes.length : far;
}

/** Controls act within a sequence without being of it, but for those that break it off. */
function afterControls(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isControl(bytes[at])) at++;
  return at;
}

function isControl(byte: number | undefined): boolean {
  return byte !== undefined && (byte < 0x20 || byte === DEL) && byte !== ESC && byte !== CAN && byte !== SUB;
}

/** The first byte that is neither parameter nor intermediate (ECMA-48, 5.4); undefined where that is not to be told here. */
function finalOf(bytes: Uint8Array, from: number): number | undefined {
  const prefix = bytes[from] ?? 0;
  if (prefix >= LESS && prefix <= GREATER) return undefined;
  let at = from;
  for (let byte = bytes[at]; byte !== undefined && byte >= 0x20 && byte < 0x40; byte = bytes[at]) at++;
  return isControl(bytes[at]) ? undefined : bytes[at];
}
