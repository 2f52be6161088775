import type { CharacterWidths } from './cluster-widths.js';
import type { Ending, ProvenanceState } from './provenance.js';
import type { Row } from './row.js';

/**
 * A second, small reader for what most output is made of: text, line feeds, `\r`, tabs, colours, and the few movements
 * that bars, spinners and frames are drawn with. It keeps the rows of the normal screen itself and does with them what
 * the emulator would, several times as fast; at the first byte it does not know it stops, and the emulator goes on from
 * the screen as it then is. `npm run fuzz` compares the two.
 *
 * It knows no margins, modes, tab stops or character sets: it is for screens where those are as after a reset.
 */
export class FastLane {
  readonly cols: number;
  readonly rows: number;
  private readonly widths: CharacterWidths;
  private readonly events: LaneEvents;
  /** The rows of the screen, in a ring whose first is `top`. */
  private ring: LaneRow[] = [];
  private top = 0;
  private x = 0;
  private y = 0;
  private upward = 0;

  /** Where the cursor came to its row, by what, and the row it came to; see Provenance. */
  private entered = 0;
  private byLineFeed = true;
  private entryRow = 0;
  private ending: Ending | undefined;
  private textEnd = 0;

  /** The last character, if nothing but colours came after it: where its bytes begin, and its width. */
  private lastAt = -1;
  private lastWidth = 0;

  constructor(cols: number, rows: number, widths: CharacterWidths, events: LaneEvents) {
    this.cols = cols;
    this.rows = rows;
    this.widths = widths;
    this.events = events;
  }

  /** Takes over a screen; false where it has what the lane cannot keep, such as a cell of several characters. */
  load({ rows, x, y, provenance }: LaneState): boolean {
    const ring = rows.map((row, at) => this.loadRow(row, provenance.starts[at], provenance.ends[at]));
    if (ring.includes(undefined) || x >= this.cols) return false;
    this.ring = ring.filter((row) => row !== undefined);
    this.top = 0;
    this.x = x;
    this.y = y;
    this.entered = provenance.entered;
    this.byLineFeed = provenance.byLineFeed;
    this.ending = provenance.ending;
    this.entryRow = y;
    this.textEnd = provenance.entered;
    this.upward = 0;
    return true;
  }

  /** Where the rows came from, for the emulator's reader to go on with; and how often the cursor was moved up. */
  unload(): { readonly provenance: ProvenanceState; readonly upward: number } {
    const { screen, entered, byLineFeed, upward } = this;
    const ending = this.ending ?? { offset: entered };
    const starts = screen.map((row) => row.offset);
    const ends = screen.map((row) => row.ending);
    return { provenance: { starts, ends, entered, byLineFeed, ending }, upward };
  }

  /**
   * What draws the rows on another terminal of this size, wraps and all; the cursor ends where it is here. Where the first
   * row goes on from one that has left, a blank one is drawn above it and scrolls off.
   */
  paint(): string {
    const { screen } = this;
    const above = screen[0]?.wrapped === true ? ' '.repeat(this.cols) : '';
    const rows = screen.map((row, at) => {
      const text = this.textOf(row, false);
      const next = screen[at + 1];
      const shown = text === '' && row.wrapped ? ' ' : text;
      if (next === undefined) return shown;
      if (!next.wrapped) return `${shown}\r\n`;
      const columns = Math.max(row.length, shown.length === 0 ? 0 : 1);
      const gap = this.cols - columns;
      const leftByWide = gap === 1 && this.cellsOf(next)[1] === TAIL;
      return leftByWide ? shown : shown + ' '.repeat(gap);
    });
    return `\x1b[H\x1b[2J${above}${rows.join('')}\x1b[${this.y + 1};${this.x + 1}H`;
  }

  /** Lets go of the bytes that were read: rows that only point into them get cells. */
  detach(): void {
    for (const row of this.ring) this.cellsOf(row);
  }

  /**
   * Reads `input`, which stands at `base` in the recording. Gives where the emulator has to go on:
   * at what the lane does not know, and in front of the last character, which the emulator must have written itself to
   * repeat it, to wrap after it or to put a mark on it.
   */
  run(input: Uint8Array, base: number): number {
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
    this.lastAt = -1;
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0;
      let next: number;
      if (byte >= 0x20 && byte < 0x7f) next = this.ascii(bytes, at);
      else if (byte === ESC) next = this.sequence(bytes, at, base);
      else if (byte >= 0x80) next = this.characters(bytes, at);
      else next = this.control(byte, at, base);
      if (next === at) break;
      at = next;
      if (byte !== ESC) this.textEnd = base + at;
    }
    const stop = this.lastAt === -1 ? at : this.takeBack();
    if (this.textEnd > base + stop) this.textEnd = base + stop;
    this.touch();
    return stop;
  }

  /** Undoes the cursor's step over the last character; its cells are written again with the same. */
  private takeBack(): number {
    this.x -= this.lastWidth;
    return this.lastAt;
  }

  private ascii(bytes: Buffer, from: number): number {
    let at = from;
    if (this.x >= this.cols) this.wrap();
    const row = this.rowAtCursor();
    if (this.x === 0 && row.length === 0) {
      const to = printableEnd(bytes, at, at + this.cols);
      row.text = bytes;
      row.textFrom = at;
      row.length = to - at;
      this.x = to - at;
      at = to;
    } else {
      const cells = this.cellsOf(row);
      const to = printableEnd(bytes, at, at + this.cols - this.x);
      this.clearHalf(row, this.x);
      for (; at < to; at++) cells[this.x++] = bytes[at] ?? 0;
      this.wrote(row);
    }
    this.lastAt = at - 1;
    this.lastWidth = 1;
    return at;
  }

  private characters(bytes: Uint8Array, from: number): number {
    for (let at = from; ; ) {
      const next = this.character(bytes, at);
      if (next === at || next >= bytes.length || (bytes[next] ?? 0) < 0x80) return next;
      at = next;
    }
  }

  private character(bytes: Uint8Array, at: number): number {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    const code = decode(bytes, at, length);
    const width = this.widthOf(code);
    if (width === 0) return at;
    if (this.x + width > this.cols) {
      const row = this.rowAtCursor();
      if (this.x < this.cols) this.erase(row, this.x, this.cols);
      this.wrap();
    }
    const row = this.rowAtCursor();
    const cells = this.cellsOf(row);
    this.clearHalf(row, this.x);
    cells[this.x++] = code;
    if (width === 2) {
      cells[this.x++] = TAIL;
    }
    row.plain = false;
    this.wrote(row);
    this.lastAt = at;
    this.lastWidth = width;
    return at + length;
  }

  /** 0 for C1 controls and for what goes into the cell before: neither is for the lane. */
  private widthOf(code: number): number {
    if (code < 0xa0) return 0;
    if (code >= WIDTHS.length) return this.widths.wcwidth(code);
    const known = WIDTHS[code] ?? UNKNOWN;
    return known === UNKNOWN ? (WIDTHS[code] = this.widths.wcwidth(code)) : known;
  }

  /** After writing up to the cursor: what is behind it may be the rest of a wide character. */
  private wrote(row: LaneRow): void {
    if (!row.plain && row.cells[this.x] === TAIL) row.cells[this.x] = 0;
    if (this.x > row.length) row.length = this.x;
  }

  /** Writing begins at `col`: the first half of a wide character before it loses its second. */
  private clearHalf(row: LaneRow, col: number): void {
    if (!row.plain && row.cells[col] === TAIL) row.cells[col - 1] = 0;
  }

  private control(byte: number, at: number, base: number): number {
    // About to wrap: what does not move the cursor leaves that as it is, and only the character can tell the emulator.
    if (this.x >= this.cols && byte !== 0x0d && byte !== 0x08 && (byte < 0x0a || byte > 0x0c)) return at;
    switch (byte) {
      case 0x0a:
      case 0x0b:
      case 0x0c:
        this.textEnd = base + at + 1;
        this.touch();
        this.lineFeed();
        this.enter(base + at + 1, true);
        break;
      case 0x0d:
        this.x = 0;
        break;
      case 0x08:
        this.x = Math.max(0, Math.min(this.x, this.cols - 1) - 1);
        break;
      case 0x09:
        this.x = Math.min((this.x | 7) + 1, this.cols - 1);
        break;
      case 0x0e:
      case 0x0f:
      case 0x18:
      case 0x1a:
        return at;
      default:
        break;
    }
    this.lastAt = -1;
    return at + 1;
  }

  /** CSI with at most one parameter that the lane knows, colours, and the cursor shown or hidden; else the same place. */
  private sequence(bytes: Uint8Array, from: number, base: number): number {
    if (bytes[from + 1] !== 0x5b) return from;
    let at = from + 2;
    let count = 0;
    let simple = true;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x30 && byte <= 0x39) count = Math.min(count * 10 + byte - 0x30, MAX_COUNT);
      else if (byte === 0x3b || byte === 0x3a || byte === 0x3f) simple = false;
      else break;
    }
    if (at - from > MAX_SEQUENCE) return from;
    const final = bytes[at];
    if (final === 0x6d) return bytes[from + 2] === 0x3f ? from : at + 1;
    if (!simple) return this.mode(bytes, from + 2, at) ? at + 1 : from;
    return this.movement(final, count, base + at + 1) ? at + 1 : from;
  }

  /** The cursor's visibility and synchronized output: no matter to the text. */
  private mode(bytes: Uint8Array, from: number, at: number): boolean {
    const on = bytes[at] === 0x68;
    if (!on && bytes[at] !== 0x6c) return false;
    if (isAscii(bytes, from, at, '?2026')) this.events.synchronized(on);
    else return isAscii(bytes, from, at, '?25');
    return true;
  }

  private movement(final: number | undefined, count: number, end: number): boolean {
    const steps = Math.max(1, count);
    const col = Math.min(this.x, this.cols - 1);
    switch (final) {
      case 0x41: // CUU
        this.touch();
        if (this.y > 0) this.upward++;
        this.y = Math.max(0, this.y - steps);
        this.x = col;
        this.enter(end, false);
        break;
      case 0x42: // CUD
        this.touch();
        this.y = Math.min(this.rows - 1, this.y + steps);
        this.x = col;
        this.enter(end, false);
        break;
      case 0x43: // CUF
        this.x = Math.min(this.cols - 1, col + steps);
        break;
      case 0x44: // CUB
        this.x = Math.max(0, col - steps);
        break;
      case 0x47: // CHA
        this.x = Math.min(this.cols, steps) - 1;
        break;
      case 0x4b: // EL
        if (this.x >= this.cols || count > 2) return false;
        this.part();
        this.eraseInLine(count);
        break;
      default:
        return false;
    }
    this.lastAt = -1;
    return true;
  }

  private eraseInLine(what: number): void {
    const row = this.rowAtCursor();
    this.erase(row, what === 0 ? this.x : 0, what === 1 ? this.x + 1 : this.cols);
    if (what === 2 || (what === 0 && this.x === 0)) row.wrapped = false;
  }

  private erase(row: LaneRow, from: number, to: number): void {
    if (from >= row.length) return;
    if (from === 0 && to >= row.length) {
      clear(row);
      return;
    }
    const cells = this.cellsOf(row);
    if (cells[from] === TAIL) cells[from - 1] = 0;
    if (cells[to] === TAIL) cells[to] = 0;
    cells.fill(0, from, Math.min(to, row.length));
    while (row.length > 0 && cells[row.length - 1] === 0) row.length--;
  }

  private lineFeed(): void {
    if (this.y === this.rows - 1) this.scroll(false);
    else {
      this.y++;
      this.rowAtCursor().wrapped = false;
    }
    if (this.x >= this.cols) this.x = this.cols - 1;
  }

  private wrap(): void {
    this.x = 0;
    if (this.y === this.rows - 1) {
      this.touch();
      this.scroll(true);
    } else {
      this.y++;
      this.rowAtCursor().wrapped = true;
    }
  }

  private scroll(wrapped: boolean): void {
    const row = this.rowAt(0);
    this.events.left(this.read(row, this.rowAt(1).wrapped));
    clear(row);
    row.wrapped = wrapped;
    row.offset = undefined;
    row.ending = undefined;
    this.top = this.top + 1 === this.rows ? 0 : this.top + 1;
    this.entryRow--;
  }

  /** The text since the cursor came went to the rows from there to here. */
  private touch(): void {
    if (this.textEnd <= this.entered) return;
    const ending = (this.ending ??= { offset: 0 });
    ending.offset = this.textEnd;
    for (let at = Math.max(0, this.entryRow); at <= this.y; at++) {
      const row = this.rowAt(at);
      row.offset = (this.byLineFeed ? undefined : row.offset) ?? this.entered;
      row.ending = ending;
    }
  }

  private enter(offset: number, byLineFeed: boolean): void {
    this.entered = offset;
    this.byLineFeed = byLineFeed;
    this.entryRow = this.y;
    this.ending = undefined;
  }

  /** See Provenance.parted; a row that was not wrapped to has nothing above it. */
  private part(): void {
    if (this.entryRow === this.y) return;
    this.touch();
    this.entryRow = this.y;
    this.ending = { offset: this.ending?.offset ?? this.entered };
  }

  private rowAtCursor(): LaneRow {
    return this.rowAt(this.y);
  }

  private rowAt(y: number): LaneRow {
    const at = this.top + y;
    const row = this.ring[at >= this.rows ? at - this.rows : at];
    if (row === undefined) throw new RangeError(`no row ${y}`);
    return row;
  }

  private get screen(): readonly LaneRow[] {
    return [...this.ring.slice(this.top), ...this.ring.slice(0, this.top)];
  }

  private cellsOf(row: LaneRow): Uint32Array {
    const { text } = row;
    if (text !== undefined) {
      for (let col = 0; col < row.length; col++) row.cells[col] = text[row.textFrom + col] ?? 0;
      row.text = undefined;
    }
    return row.cells;
  }

  private loadRow(row: Row, offset: number | undefined, ending: Ending | undefined): LaneRow | undefined {
    const cells = new Uint32Array(this.cols + 2);
    let col = 0;
    let plain = true;
    for (const character of row.text) {
      const code = character.codePointAt(0) ?? 0;
      const width = this.widths.wcwidth(code);
      if (width === 0 || col + width > this.cols) return undefined;
      plain &&= code < 0x80;
      cells[col++] = code;
      if (width === 2) cells[col++] = TAIL;
    }
    return { cells, length: col, plain, wrapped: row.wrapped, offset, ending, text: undefined, textFrom: 0 };
  }

  private read(row: LaneRow, continues: boolean): Row {
    const { wrapped, offset, ending } = row;
    return { text: this.textOf(row, continues), wrapped, continues, offset, ending };
  }

  private textOf(row: LaneRow, continues: boolean): string {
    const text =
      row.text === undefined ? cellText(row) : row.text.toString('latin1', row.textFrom, row.textFrom + row.length);
    return continues && row.length < this.cols - 1 ? text + ' '.repeat(this.cols - row.length) : text;
  }
}

/** What is told while the lane reads. */
export interface LaneEvents {
  /** A row left the screen at the top. */
  left(row: Row): void;
  synchronized(on: boolean): void;
}

/** The screen of another reader. */
export interface LaneState {
  readonly rows: readonly Row[];
  /** The cursor, from 0; `x` is the number of columns where the next character wraps. */
  readonly x: number;
  readonly y: number;
  readonly provenance: ProvenanceState;
}

interface LaneRow {
  /** Code points; 0 where nothing was written, TAIL in the second column of a wide character. */
  readonly cells: Uint32Array;
  /** Columns up to the last that was written. */
  length: number;
  /** Only ASCII was written since it was blank. */
  plain: boolean;
  wrapped: boolean;
  offset: number | undefined;
  ending: Ending | undefined;
  /** Instead of the cells, which are blank then, while it is one run of ASCII: the bytes it stands in. */
  text: Buffer | undefined;
  textFrom: number;
}

/** The widths looked up so far, of the two planes that text is written in; they are the same for every screen. */
const WIDTHS = new Uint8Array(0x20000).fill(0xff);
const UNKNOWN = 0xff;

const ESC = 0x1b;
const TAIL = 0xffffffff;
const MAX_COUNT = 9999;
/** Longer ones are left to the scanner, which bounds them. */
const MAX_SEQUENCE = 64;

function clear(row: LaneRow): void {
  if (row.text === undefined) row.cells.fill(0, 0, row.length);
  row.text = undefined;
  row.length = 0;
  row.plain = true;
}

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

/** The length of the well-formed UTF-8 character at `at` (Unicode, table 3-7); 0 where there is none, or not all of it. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(bytes[at + 2] ?? 0) ? 3 : 0;
  }
  if (first < 0xf0 || first > 0xf4) return 0;
  const low = first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xf4 ? 0x8f : 0xbf;
  const rest = isContinuation(bytes[at + 2] ?? 0) && isContinuation(bytes[at + 3] ?? 0);
  return second >= low && second <= high && rest ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function decode(bytes: Uint8Array, at: number, length: number): number {
  let code = (bytes[at] ?? 0) & (0xff >> (length + 1));
  for (let more = 1; more < length; more++) code = (code << 6) | ((bytes[at + more] ?? 0) & 0x3f);
  return code;
}

function cellText(row: LaneRow): string {
  return row.plain ? plainText(row) : wideText(row);
}

/** A string of bytes is half the size of one with other characters, and made faster. */
function plainText({ cells, length }: LaneRow): string {
  const scratch = length > BYTE_SCRATCH.length ? Buffer.alloc(length) : BYTE_SCRATCH;
  for (let col = 0; col < length; col++) scratch[col] = cells[col] || 0x20;
  return scratch.toString('latin1', 0, length);
}

function wideText(row: LaneRow): string {
  let units = 0;
  const scratch = row.length * 2 > SCRATCH.length ? new Uint16Array(row.length * 2) : SCRATCH;
  for (let col = 0; col < row.length; col++) {
    const code = row.cells[col] ?? 0;
    if (code === TAIL) continue;
    if (code < 0x10000) scratch[units++] = code === 0 ? 0x20 : code;
    else {
      scratch[units++] = 0xd7c0 + (code >> 10);
      scratch[units++] = 0xdc00 + (code & 0x3ff);
    }
  }
  return Buffer.from(scratch.buffer, 0, units * 2).toString('utf16le');
}

/** These hold one row while it becomes a string. */
const BYTE_SCRATCH = Buffer.alloc(1024);
const SCRATCH = new Uint16Array(1024);
