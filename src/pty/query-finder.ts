import { EscapeScanner } from '../core/escape-sequences.js';
import { TerminalModes } from './terminal-modes.js';
import { queryIn, type TerminalQuery } from './terminal-queries.js';

/** A query, and the absolute offset behind it. */
export interface FoundQuery {
  readonly query: TerminalQuery;
  readonly end: number;
}

/** What queries and the modes they ask about begin with: CSI, OSC, RIS. */
const BEGINNINGS: readonly Buffer[] = ['\x1b[', '\x1b]', '\x1bc'].map((text) => Buffer.from(text));
const ESC = 0x1b;
/** A sequence is scanned in pieces of this size, bytes, until it has ended: longer than nearly all are. */
const PIECE_BYTES = 64;

/**
 * Finds the queries in an agent's output, whatever the chunks, at the speed of a search: only what may be a query is
 * scanned byte by byte. (Sequences begun by an 8-bit C1 are not looked for: no program asks with them.)
 */
export class QueryFinder {
  readonly #scanner = new EscapeScanner();
  readonly #modes = new TerminalModes();
  #scanned = 0;

  /** The queries that end in `bytes`, of which the first is the recording's byte at `offset`. */
  find(bytes: Uint8Array, offset: number): readonly FoundQuery[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const found: FoundQuery[] = [];
    for (let at = this.#skipText(chunk, 0); at < chunk.length; at = this.#skipText(chunk, at)) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      // The scanner counts what it is given, which is less than the recording.
      const shift = offset + at - this.#scanned;
      for (const token of this.#scanner.push(piece)) {
        const query = queryIn(token, this.#modes);
        if (query !== undefined) found.push({ query, end: token.end + shift });
        this.#modes.apply(token);
      }
      this.#scanned += piece.length;
      at += piece.length;
    }
    return found;
  }

  /** The next place, from `from` on, where a byte matters; the chunk's length where none does. */
  #skipText(chunk: Buffer, from: number): number {
    if (!this.#scanner.inGround) return from;
    const places = BEGINNINGS.map((beginning) => chunk.indexOf(beginning, from)).filter((at) => at !== -1);
    const last = chunk.length - 1;
    return Math.min(...places, chunk[last] === ESC && last >= from ? last : chunk.length);
  }
}
