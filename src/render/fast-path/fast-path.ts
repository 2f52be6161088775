import { byteAt } from '../../core/items/element-at.js';
import { ESC, LF } from '../../core/terminal/codes.js';
import { cellWidth } from '../../core/terminal/cell-width.js';
import { FastScreen, type FastScreenOptions, type FastScreenState } from './fast-screen.js';
import type { ProvenanceState } from '../model/provenance.js';
import type { Row } from '../model/row.js';
import type { TextLines } from '../model/text-lines.js';
import { characterLength, codePointAt } from '../model/utf8-characters.js';

/**
 * A second, small reader for what most output is made of: text, line feeds, `\r`, tabs, colours, and the few movements
 * that bars, spinners and frames are drawn with. It keeps the rows of the normal screen itself and does with them what
 * the emulator would, several times as fast; at the first byte it does not know it stops, and the emulator goes on from
 * the screen as it then is. `npm run fuzz` compares the two.
 *
 * It knows no margins, modes, tab stops or character sets: it is for screens where those are as after a reset.
 */
export class FastPath {
  readonly #screen: FastScreen;
  readonly #movesUp: boolean;
  readonly #events: FastPathEvents;

  /** Where the input stands in the recording. */
  #base = 0;
  /** The last character, if nothing but colours came after it: where its bytes begin, and its width. */
  #lastAt = -1;
  #lastWidth = 0;
  #isAtLines = false;

  constructor({ movesUp, ...options }: FastPathOptions, events: FastPathEvents) {
    this.#movesUp = movesUp;
    this.#screen = new FastScreen(options);
    this.#events = events;
  }

  /** Takes over a screen; false where it has what the fast path cannot keep, such as a cell of several characters. */
  load(state: FastScreenState, { overshoot, hasDrawn }: Pick<FastScreen, 'overshoot' | 'hasDrawn'>): boolean {
    this.#screen.overshoot = overshoot;
    this.#screen.hasDrawn = hasDrawn;
    return this.#screen.load(state);
  }

  /** The rows that left the screen at the top since the last call. */
  takeLeft(): readonly Row[] {
    return this.#screen.takeLeft();
  }

  /** Where the rows came from, for the emulator's reader to go on with. */
  get provenance(): ProvenanceState {
    return this.#screen.provenance;
  }

  /** See EmulatorFeed. */
  get overshoot(): number {
    return this.#screen.overshoot;
  }

  /** See EmulatorFeed. */
  get hasDrawn(): boolean {
    return this.#screen.hasDrawn;
  }

  /** What draws the rows on another terminal of this size; see FastScreen. */
  paint(): string {
    return this.#screen.paint();
  }

  /** It stopped where a line begins on a fresh row, and a run of whole lines may be read. */
  get isAtLines(): boolean {
    return this.#isAtLines;
  }

  /** See FastScreen. */
  get entered(): number {
    return this.#screen.entered;
  }

  /** See FastScreen. */
  leaveAbove(): void {
    this.#screen.leaveAbove();
  }

  /** On a fresh row: writes lines that may stand above it; `left`: how many rows in front of them have left since `leaveAbove`. */
  writeLines(batches: readonly TextLines[], left: number): void {
    const screen = this.#screen;
    screen.wrote();
    if (left > 0) screen.expectKnown(left, batches[0]?.offset ?? 0);
    for (const lines of batches) {
      const bytes = Buffer.from(lines.bytes.buffer, lines.bytes.byteOffset, lines.bytes.length);
      let from = 0;
      for (let line = 0; line < lines.length; line++) {
        const to = bytes.indexOf(LF, from);
        // Where a row leaves before the line ends, its end is counted already.
        this.#base = lines.endOffsetAt(line);
        screen.textEnd = this.#base;
        this.#writeAll(bytes, from, to);
        for (let left = lines.blanksAt(line); left > 0; ) {
          const some = Math.min(left, BLANKS.length);
          this.#writeAll(BLANKS, 0, some);
          left -= some;
        }
        screen.carriageReturn();
        screen.lineFeed(lines.endOffsetAt(line));
        from = to + 1;
      }
    }
    screen.detach();
    this.#lastAt = -1;
  }

  /**
   * Reads `input`, which stands at `base` in the recording. Gives where the emulator has to go on:
   * at what the fast path does not know, and in front of the last character, which the emulator must have written itself to
   * repeat it, to wrap after it or to put a mark on it. `lines` are between these places: where one of them begins on a fresh row,
   * it stops too.
   */
  run(input: Uint8Array, base: number, lines: readonly [from: number, to: number] = NO_LINES): number {
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
    const screen = this.#screen;
    const [linesFrom, linesTo] = lines;
    this.#base = base;
    this.#lastAt = -1;
    this.#isAtLines = linesFrom <= 0 && linesTo > 0 && screen.isOnFreshRow;
    let at = 0;
    while (at < bytes.length && !this.#isAtLines) {
      const byte = bytes[at] ?? 0;
      let next: number;
      if (byte >= 0x20 && byte < 0x7f) next = this.#ascii(bytes, at, bytes.length);
      else if (byte === ESC) next = this.#sequence(bytes, at, base);
      else if (byte >= 0x80) next = this.#characters(bytes, at);
      else next = this.#control(byte, at, base);
      if (next === at) break;
      at = next;
      if (byte !== ESC) screen.textEnd = base + at;
      this.#isAtLines = byte === LF && at >= linesFrom && at < linesTo && screen.isOnFreshRow;
    }
    const stop = this.#lastAt === -1 ? at : this.#takeBack();
    if (screen.textEnd > base + stop) screen.textEnd = base + stop;
    screen.touch();
    screen.detach();
    return stop;
  }

  /** Undoes the cursor's step over the last character; its cells are written again with the same. */
  #takeBack(): number {
    this.#screen.x -= this.#lastWidth;
    return this.#lastAt;
  }

  /** Writes text that the fast path knows. */
  #writeAll(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; )
      at = byteAt(bytes, at) < 0x80 ? this.#ascii(bytes, at, to) : this.#character(bytes, at);
  }

  /** Writes printable ASCII from `from` on, up to `end` or the edge of the screen. */
  #ascii(bytes: Buffer, from: number, end: number): number {
    const screen = this.#screen;
    screen.wrote();
    if (screen.x >= screen.cols) screen.wrap();
    const { row, x } = screen;
    const to = printableEnd(bytes, from, Math.min(end, from + screen.cols - x));
    if (x === 0 && row.length === 0) row.pointTo(bytes, from, to - from);
    else row.writeAscii(bytes, from, to, x);
    screen.x = x + to - from;
    this.#lastAt = to - 1;
    this.#lastWidth = 1;
    return to;
  }

  #characters(bytes: Uint8Array, from: number): number {
    for (let at = from; ; ) {
      const next = this.#character(bytes, at);
      if (next === at || next >= bytes.length || byteAt(bytes, next) < 0x80) return next;
      at = next;
    }
  }

  #character(bytes: Uint8Array, at: number): number {
    const length = characterLength(bytes, at);
    if (length === 0) return at;
    const code = codePointAt(bytes, at, length);
    // C1 controls, and what goes into the cell before: neither is for the fast path.
    const width = code < 0xa0 ? 0 : cellWidth(code);
    if (width === 0) return at;
    const screen = this.#screen;
    screen.wrote();
    if (screen.x + width > screen.cols) {
      if (screen.x < screen.cols) screen.row.erase(screen.x, screen.cols);
      // A row that has no room for the character belongs to the text too, though nothing else may have been written there.
      screen.textEnd = this.#base + at + length;
      screen.wrap();
    }
    screen.row.writeCharacter(code, width, screen.x);
    screen.x += width;
    this.#lastAt = at;
    this.#lastWidth = width;
    return at + length;
  }

  #control(byte: number, at: number, base: number): number {
    const screen = this.#screen;
    // About to wrap: what does not move the cursor leaves that as it is, and only the character can tell the emulator.
    if (screen.x >= screen.cols && byte !== 0x0d && byte !== 0x08 && (byte < 0x0a || byte > 0x0c)) return at;
    switch (byte) {
      case 0x0a:
      case 0x0b:
      case 0x0c:
        screen.lineFeed(base + at + 1);
        break;
      case 0x0d:
        screen.carriageReturn();
        break;
      case 0x08:
        screen.x = Math.max(0, Math.min(screen.x, screen.cols - 1) - 1);
        break;
      case 0x09:
        screen.x = Math.min((screen.x | 7) + 1, screen.cols - 1);
        break;
      case 0x0e:
      case 0x0f:
      case 0x18:
      case 0x1a:
        return at;
      default:
        break;
    }
    this.#lastAt = -1;
    return at + 1;
  }

  /** CSI with at most one parameter that the fast path knows, colours, and the cursor shown or hidden; else the same place. */
  #sequence(bytes: Uint8Array, from: number, base: number): number {
    if (bytes[from + 1] !== 0x5b) return from;
    let at = from + 2;
    let count = 0;
    let simple = true;
    for (; at < bytes.length; at++) {
      const byte = byteAt(bytes, at);
      if (byte >= 0x30 && byte <= 0x39) count = Math.min(count * 10 + byte - 0x30, MAX_COUNT);
      else if (byte === 0x3b || byte === 0x3a || byte === 0x3f) simple = false;
      else break;
    }
    if (at - from > MAX_SEQUENCE) return from;
    const final = bytes[at];
    if (final === 0x6d) return bytes[from + 2] === 0x3f ? from : at + 1;
    if (!simple) return this.#mode(bytes, from + 2, at, base + at + 1) ? at + 1 : from;
    return this.#movement(final, count, base + at + 1) ? at + 1 : from;
  }

  /** The cursor's visibility and synchronized output: no matter to the text. */
  #mode(bytes: Uint8Array, from: number, at: number, end: number): boolean {
    const on = bytes[at] === 0x68;
    if (!on && bytes[at] !== 0x6c) return false;
    if (isAscii(bytes, from, at, '?2026')) {
      this.#screen.synchronized(on);
      this.#events.synchronized(on, end);
    } else if (isAscii(bytes, from, at, '?25')) {
      if (!on) this.#screen.cursorHidden();
    } else return false;
    return true;
  }

  #movement(final: number | undefined, count: number, end: number): boolean {
    const screen = this.#screen;
    const steps = Math.max(1, count);
    const col = Math.min(screen.x, screen.cols - 1);
    switch (final) {
      case 0x41: // CUU
        if (!this.#movesUp) return false;
        if (steps > screen.y) {
          screen.overshoot += steps - screen.y;
          this.#events.overshot(screen.overshoot);
        }
        screen.moveToRow(Math.max(0, screen.y - steps), end);
        screen.x = col;
        break;
      case 0x42: // CUD
        screen.overshoot = 0;
        screen.moveToRow(Math.min(screen.rows - 1, screen.y + steps), end);
        screen.x = col;
        break;
      case 0x43: // CUF
        screen.x = Math.min(screen.cols - 1, col + steps);
        break;
      case 0x44: // CUB
        screen.x = Math.max(0, col - steps);
        break;
      case 0x47: // CHA
        screen.x = Math.min(screen.cols, steps) - 1;
        break;
      case 0x4b: // EL
        if (screen.x >= screen.cols || count > 2) return false;
        screen.splitLine();
        this.#eraseInLine(count);
        break;
      default:
        return false;
    }
    this.#lastAt = -1;
    return true;
  }

  #eraseInLine(what: number): void {
    const { row, x, cols } = this.#screen;
    row.erase(what === 0 ? x : 0, what === 1 ? x + 1 : cols);
    if (what === 2 || (what === 0 && x === 0)) row.wrapped = false;
  }
}

export interface FastPathOptions extends FastScreenOptions {
  /** It reads what moves the cursor up; else it stops there. */
  readonly movesUp: boolean;
}

/** Called while it reads; what left the screen before may be taken then. */
export interface FastPathEvents {
  /** Synchronized output (DEC mode 2026) begins, or has ended, at the offset `offset`. */
  synchronized(on: boolean, offset: number): void;
  /** See FeedEvents. */
  overshot(rows: number): void;
}

const BLANKS = Buffer.alloc(1024, ' ');
const NO_LINES = [0, 0] as const;

const MAX_COUNT = 9999;
/** Longer ones are left to the scanner, which bounds them. */
const MAX_SEQUENCE = 64;

function printableEnd(bytes: Uint8Array, from: number, limit: number): number {
  const end = Math.min(limit, bytes.length);
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e) break;
  }
  return at;
}

function isAscii(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text.charCodeAt(at)) return false;
  return true;
}
