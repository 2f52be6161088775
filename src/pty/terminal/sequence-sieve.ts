import { byteAt } from '../../core/items/element-at.js';
import { C2, CAN, CSI, DCS, DEL, ESC, isC1, OSC, STRING_KINDS, SUB } from '../../core/terminal/codes.js';
import { EscapeScanner, type EscapeToken } from '../../core/terminal/escape-sequences.js';
import { csiFinal, stringEnd } from '../../core/terminal/grammar.js';

/** Which sequences are reported; all others are skipped without being parsed. */
export interface SequenceInterest {
  /** Final bytes of CSI sequences; those with a prefix of `<`, `=` or `>` are few and always matter. */
  readonly csi: string;
  /** First bytes of OSC payloads, such as `1` for 10 and 11; undefined: every OSC. */
  readonly osc?: string;
  /** Bytes after the ESC of all other sequences; undefined: every one. */
  readonly esc?: string;
  /** Bytes kept of a string's payload; see EscapeScanner. */
  readonly payloadBytes?: number;
}

const LESS = 0x3c;
const GREATER = 0x3e;
/** Bytes that are examined in a loop before a native search pays: sequences are close together or far apart. */
const NEAR_BYTES = 16;
/** A sequence of interest is scanned in pieces of this size, bytes: longer than nearly all of them. */
const PIECE_BYTES = 64;
/** Kinds of strings whose payload may hold bytes that elsewhere begin a sequence. */
const STRINGS: ReadonlySet<number> = new Set([DCS, ...Object.values(STRING_KINDS)]);

/**
 * Finds the few sequences of interest in an agent's output, whatever the chunks, at the speed of a native search: what an agent
 * draws consists of sequences, and this runs where its bytes are captured.
 */
export class SequenceSieve {
  readonly #scanner: EscapeScanner;
  readonly #csi: Uint8Array;
  readonly #osc: Uint8Array;
  readonly #esc: Uint8Array;
  /** Index of the next possible C1 control in the current chunk; searched again only when passed. */
  #nextC1 = -1;

  constructor({ csi, osc, esc, ...payload }: SequenceInterest) {
    this.#scanner = new EscapeScanner(payload);
    this.#csi = tableOf(csi);
    this.#osc = tableOf(osc);
    this.#esc = tableOf(esc);
  }

  /** Where the sequence begins, in all that was pushed, that has not ended yet; the end of that where there is none. */
  get openAt(): number {
    return this.#scanner.openAt;
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

  /** The index, from `from` on, of a sequence of interest, or of one that the chunk cuts too early to tell. */
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

  /** The index behind the unwanted sequence at `from`, or within it before any other; `from` if it may be of interest. */
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
    // Any other byte breaks the sequence off.
    return kind === ESC || kind >= 0x80 ? kindAt : body;
  }

  #behindCsi(bytes: Buffer, from: number, body: number): number {
    const prefix = byteAt(bytes, body);
    if (prefix >= LESS && prefix <= GREATER) return from;
    const final = csiFinal(bytes, body);
    return final === -1 || this.#csi[byteAt(bytes, final)] === 1 ? from : final + 1;
  }
}

/** The index behind a string; undefined where it does not end in `bytes`, or is not a plain one. */
function behindString(bytes: Buffer, kind: number, body: number): number | undefined {
  const payload = kind === DCS ? csiFinal(bytes, body) + 1 : body;
  const end = payload === 0 ? -1 : stringEnd(bytes, payload, kind !== DCS);
  return end === -1 ? undefined : end;
}

/** A table with 1 for each wanted byte: those of `bytes`, or all where it is undefined. */
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

/** The index of a C2 that begins a C1 control, or ends the chunk. */
function nextC1(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(C2, from); at !== -1; at = bytes.indexOf(C2, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined || isC1(next)) return at;
  }
  return bytes.length;
}

/** Skips C0 controls, which act within a sequence without belonging to it, except those that break it off. */
function afterControls(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isControl(bytes[at])) at++;
  return at;
}

function isControl(byte: number | undefined): boolean {
  return byte !== undefined && (byte < 0x20 || byte === DEL) && byte !== ESC && byte !== CAN && byte !== SUB;
}
