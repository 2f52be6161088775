import { EscapeScanner } from '../core/escape-sequences.js';
import { TerminalModes } from './terminal-modes.js';
import { queryIn, type TerminalQuery } from './terminal-queries.js';

/** A query, and the absolute offset behind it. */
export interface FoundQuery {
  readonly query: TerminalQuery;
  readonly end: number;
}

const ESC = 0x1b;
/** What follows the ESC of a query, or of what changes a mode that a query asks about: CSI, OSC, RIS. */
const BEGINNINGS: ReadonlySet<number> = new Set(Buffer.from('[]c'));
/** A sequence is scanned in pieces of this size, bytes, until it has ended: longer than nearly all are. */
const PIECE_BYTES = 64;

/**
 * Finds the queries in an agent's output, whatever the chunks, at the speed of a search: only what may be a query is
 * scanned byte by byte. (Sequences begun by an 8-bit C1 are not looked for: no program asks with them.)
 */
export class QueryFinder {
  readonly #scanner = new EscapeScanner();
  readonly #modes = new TerminalModes();

  /** The queries that end in the next `bytes` of the output. */
  find(bytes: Uint8Array): readonly FoundQuery[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const found: FoundQuery[] = [];
    for (let at = 0; at < chunk.length; ) {
      const next = this.#skipText(chunk, at);
      this.#scanner.skip(next - at);
      const piece = chunk.subarray(next, next + PIECE_BYTES);
      for (const token of this.#scanner.push(piece)) {
        const query = queryIn(token, this.#modes);
        if (query !== undefined) found.push({ query, end: token.end });
        this.#modes.apply(token);
      }
      at = next + piece.length;
    }
    return found;
  }

  /** The next place, from `from` on, where a byte matters; the chunk's length where none does. */
  #skipText(chunk: Buffer, from: number): number {
    if (!this.#scanner.inGround) return from;
    for (let at = chunk.indexOf(ESC, from); at !== -1; at = chunk.indexOf(ESC, at + 1)) {
      const next = chunk[at + 1];
      if (next === undefined || BEGINNINGS.has(next)) return at;
    }
    return chunk.length;
  }
}
