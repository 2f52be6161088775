import { C2, CAN, CSI, DCS, DEL, ESC, isC1, OSC, STRING_KINDS, SUB } from '../../core/terminal/codes.js';
import { EscapeScanner, type EscapeToken } from '../../core/terminal/escape-sequences.js';
import { csiFinal, stringEnd } from '../../core/terminal/grammar.js';

/** Which sequences matter; everything else is passed over without being looked at closely. */
export interface SequenceInterest {
  /** Final bytes of CSI sequences; those with a prefix of `<`, `=` or `>` are few and always matter. */
  readonly csi: string;
  /** First bytes of OSC payloads, such as `1` for 10 and 11; undefined: every OSC. */
  readonly osc?: string;
  /** What follows the ESC of all other sequences; undefined: every one. */
  readonly esc?: string;
  /** What is kept of a string's payload; see EscapeScanner. */
  readonly payloadBytes?: number;
}

const LESS = 0x3c;
const GREATER = 0x3e;
/** Sequences stand close together or far apart: so many bytes are looked at before a search is worth its call. */
const NEAR_BYTES = 16;
/** A sequence that matters is scanned in pieces of this size, bytes, until it has ended: longer than nearly all are. */
const PIECE_BYTES = 64;
/** Those whose payload may hold what elsewhere begins a sequence. */
const STRINGS: ReadonlySet<number> = new Set([DCS, ...Object.values(STRING_KINDS)]);

/**
 * Finds the few sequences that matter in an agent's output, whatever the chunks, at the speed of a search: what an agent
 * draws consists of sequences, and this runs where its bytes are captured.
 */
export class SequenceSieve {
  readonly #scanner: EscapeScanner;
  readonly #csi: Uint8Array;
  readonly #osc: Uint8Array;
  readonly #esc: Uint8Array;
  /** The next C1 control in the chunk at hand, or what may be one; searched again only when passed. */
  #nextC1 = -1;

  constructor({ csi, osc, esc, ...payload }: SequenceInterest) {
    this.#scanner = new EscapeScanner(payload);
    this.#csi = tableOf(csi);
    this.#osc = tableOf(osc);
    this.#esc = tableOf(esc);
  }

  /** The sequences of interest that end in the next `bytes` of the output, and perhaps some of no interest. */
  push(bytes: Uint8Array): readonly EscapeToken[] {
    const found: EscapeToken[] = [];
    // A Buffer's indexOf is memchr(3), a typed array's is a loop.
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#nextC1 = -1;
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
    let at = this.#nextBegin(bytes, from);
    while (at < bytes.length) {
      const behind = this.#behindUnwanted(bytes, at);
      if (behind === at) return at;
      at = this.#nextBegin(bytes, behind);
    }
    return at;
  }

  #nextBegin(bytes: Buffer, from: number): number {
    if (this.#nextC1 < from) this.#nextC1 = nextC1(bytes, from);
    return Math.min(nextEsc(bytes, from), this.#nextC1);
  }

  /** Behind the sequence that begins at `from`, or so far in it that no other begins in front; the same place if it may matter. */
  #behindUnwanted(bytes: Buffer, from: number): number {
    const isEscape = bytes[from] === ESC;
    const kindAt = isEscape ? afterControls(bytes, from + 1) : from + 1;
    const byte = bytes[kindAt];
    if (byte === undefined) return from;
    const kind = isEscape ? byte : byte - 0x40;
    const body = kindAt + 1;
    if (kind === CSI) return this.#behindCsi(bytes, from, body);
    const wanted = kind === OSC ? this.#osc[bytes[body] ?? ESC] : this.#esc[kind];
    if (wanted === 1) return from;
    if (STRINGS.has(kind)) return behindString(bytes, kind, body) ?? from;
    // Something else breaks the sequence off.
    return kind === ESC || kind >= 0x80 ? kindAt : body;
  }

  #behindCsi(bytes: Buffer, from: number, body: number): number {
    const prefix = bytes[body] ?? 0;
    if (prefix >= LESS && prefix <= GREATER) return from;
    const final = csiFinal(bytes, body);
    return final === -1 || this.#csi[bytes[final] ?? 0] === 1 ? from : final + 1;
  }
}

/** Undefined where the string does not end in `bytes`, or is not plain enough to tell. */
function behindString(bytes: Buffer, kind: number, body: number): number | undefined {
  const payload = kind === DCS ? csiFinal(bytes, body) + 1 : body;
  const end = payload === 0 ? -1 : stringEnd(bytes, payload, kind !== DCS);
  return end === -1 ? undefined : end;
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

/** Where C2 stands with the rest of a C1 control, or with nothing, after it. */
function nextC1(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(C2, from); at !== -1; at = bytes.indexOf(C2, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined || isC1(next)) return at;
  }
  return bytes.length;
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
