import { FastRow } from './fast-row.js';
import type { Ending, ProvenanceState } from '../model/provenance.js';
import type { RedrawnRows } from '../model/redrawn-rows.js';
import type { Row } from '../model/row.js';

/** The screen that the fast path writes on: its rows, its cursor, and which bytes they came from. */
export class FastScreen {
  readonly cols: number;
  readonly rows: number;
  /** The cursor, from 0; `x` is `cols` where the next character wraps. */
  x = 0;
  y = 0;
  /** See EmulatorFeed; so the next. */
  overshoot = 0;
  hasDrawn = false;
  /** The offset after the last text that was read. */
  textEnd = 0;
  /** The rows of the screen, in a ring whose first is `#top`. */
  #ring: FastRow[] = [];
  #top = 0;
  /** Rows that left the screen at the top. */
  #left: Row[] = [];
  /** How many of the next that leave are known to have left. */
  #known = 0;

  /** Where the cursor came to its row, by what, and the row it came to; see Provenance. */
  #entered = 0;
  #byLineFeed = true;
  #entryRow = 0;
  #ending: Ending | undefined;

  /** The number of the first row, counted over the whole recording. */
  #firstRow: number;
  readonly #redraws: RedrawnRows;

  constructor({ cols, rows, firstRow, redraws }: FastScreenOptions) {
    this.cols = cols;
    this.rows = rows;
    this.#firstRow = firstRow;
    this.#redraws = redraws;
  }

  /** Takes over a screen; false where it has what the fast path cannot keep, such as a cell of several characters. */
  load({ rows, x, y, provenance, isGap }: FastScreenState): boolean {
    if (x >= this.cols) return false;
    for (const [at, row] of rows.entries()) {
      const fastRow = new FastRow(this.cols);
      if (!fastRow.load(row.text, (col) => isGap(at, col))) return false;
      fastRow.wrapped = row.wrapped;
      fastRow.offset = provenance.starts[at];
      fastRow.ending = provenance.ends[at];
      fastRow.hasText = provenance.texts[at] === true;
      this.#ring.push(fastRow);
    }
    this.x = x;
    this.y = y;
    this.#entered = provenance.entered;
    this.#byLineFeed = provenance.byLineFeed;
    this.#ending = provenance.ending;
    this.#entryRow = y;
    this.textEnd = provenance.entered;
    return true;
  }

  /** Where the rows came from, for the emulator's reader to go on with. */
  get provenance(): ProvenanceState {
    const rows = this.#inOrder;
    return {
      starts: rows.map((row) => row.offset),
      ends: rows.map((row) => row.ending),
      texts: rows.map((row) => row.hasText),
      entered: this.#entered,
      byLineFeed: this.#byLineFeed,
      ending: this.#ending ?? { offset: this.#entered },
    };
  }

  /**
   * What draws the rows on another terminal of this size, wraps and all; the cursor ends where it is here. Where the first
   * row goes on from one that has left, a blank one is drawn above it and scrolls off.
   */
  paint(): string {
    const screen = this.#inOrder;
    const above = screen[0]?.wrapped === true ? ' '.repeat(this.cols) : '';
    const rows = screen.map((row, at) => {
      const painted = row.paint();
      const next = screen[at + 1];
      if (next === undefined) return painted;
      if (!next.wrapped) return `${painted}\r\n`;
      const gap = this.cols - row.length;
      // One column is no text (see FastRow.text), and only a wide character leaves it so; what it wrote below is written over since.
      if (gap !== 1 || this.cols === 1) return painted + ' '.repeat(gap);
      return next.beginsWide ? painted : `${painted}\u3000\r\x1b[2X`;
    });
    return `\x1b[H\x1b[2J${above}${rows.join('')}\x1b[${this.y + 1};${this.x + 1}H`;
  }

  /** The rows that left at the top since the last call. */
  takeLeft(): readonly Row[] {
    const taken = this.#left;
    this.#left = [];
    return taken;
  }

  /** Lets go of the bytes that rows point to. */
  detach(): void {
    for (const row of this.#ring) row.detach();
  }

  /** The row of the cursor. */
  get row(): FastRow {
    return this.#rowAt(this.y);
  }

  /** At the beginning of a row that nothing was written to, nor to those below; where it does not matter what is written next. */
  get isOnFreshRow(): boolean {
    if (this.x > 0 || this.#redraws.areComing) return false;
    for (let y = this.y; y < this.rows; y++) {
      const { length, wrapped, offset } = this.#rowAt(y);
      if (length > 0 || wrapped || offset !== undefined) return false;
    }
    return true;
  }

  /** Where the cursor came to its row. */
  get entered(): number {
    return this.#entered;
  }

  /** On a fresh row: the rows above it leave, since lines come that fill more than the screen, and are read otherwise. */
  leaveAbove(): void {
    for (; this.y > 0; this.y--) this.#scroll(false);
    this.y = this.rows - 1;
  }

  /** `rows` rows more have left; those that are written now, from the offset `offset` on, push off what is blank, and known. */
  expectKnown(rows: number, offset: number): void {
    this.#known = this.rows - 1;
    this.#firstRow += rows - this.#known;
    this.textEnd = offset;
    this.enter(offset, true);
  }

  /** A line feed that ends at the offset `end`. */
  lineFeed(end: number): void {
    this.textEnd = end;
    this.wrote();
    this.touch();
    if (this.y === this.rows - 1) this.#scroll(false);
    else {
      const above = this.row;
      this.y++;
      const { row } = this;
      if (row.wrapped) row.wrapped = this.x < this.cols && isContinued(above, row, this.cols);
    }
    if (this.x >= this.cols) this.x = this.cols - 1;
    this.enter(end, true);
  }

  /** Text was written, or is about to be. */
  wrote(): void {
    this.overshoot = 0;
    this.hasDrawn = true;
  }

  carriageReturn(): void {
    if (this.x >= this.cols && this.y < this.rows - 1) this.#rowAt(this.y + 1).wrapped = false;
    this.x = 0;
  }

  wrap(): void {
    this.x = 0;
    if (this.y === this.rows - 1) {
      this.touch();
      this.#scroll(true);
    } else {
      this.y++;
      this.row.wrapped = true;
    }
  }

  /** Moves the cursor to row `y`, by what ends at the offset `end`. */
  moveToRow(y: number, end: number): void {
    this.touch();
    this.#redraws.moved(this.#firstRow + this.y, this.#firstRow + y);
    this.y = y;
    this.enter(end, false);
  }

  cursorHidden(): void {
    this.#redraws.cursorHidden();
  }

  /** Synchronized output (DEC mode 2026) begins or ends. */
  synchronized(on: boolean): void {
    this.touch();
    this.#redraws.synchronized(on, this.#firstRow + this.y);
  }

  /** The text since the cursor came went to the rows from there to here. */
  touch(): void {
    if (this.textEnd <= this.#entered) return;
    const ending = (this.#ending ??= { offset: 0 });
    ending.offset = this.textEnd;
    for (let at = Math.max(0, this.#entryRow); at <= this.y; at++) {
      const row = this.#rowAt(at);
      if (this.#redraws.areComing && row.length > 0) this.#redraws.wrote(this.#firstRow + at, !row.hasText);
      row.hasText ||= row.length > 0;
      row.offset = (this.#byLineFeed ? undefined : row.offset) ?? this.#entered;
      row.ending = ending;
    }
  }

  /** The cursor came to its row at the offset `offset`. */
  enter(offset: number, byLineFeed: boolean): void {
    this.#entered = offset;
    this.#byLineFeed = byLineFeed;
    this.#entryRow = this.y;
    this.#ending = undefined;
  }

  /** See Provenance.lineSplit; a row that was not wrapped to has nothing above it. */
  splitLine(): void {
    if (this.#entryRow === this.y && !this.row.wrapped) return;
    this.touch();
    this.#entryRow = this.y;
    this.#ending = { offset: this.#ending?.offset ?? this.#entered };
  }

  #scroll(wrapped: boolean): void {
    const row = this.#rowAt(0);
    if (this.#known > 0) this.#known--;
    else this.#left.push(this.#read(row, this.#rowAt(1).wrapped));
    row.clear();
    row.wrapped = wrapped;
    row.offset = undefined;
    row.ending = undefined;
    row.hasText = false;
    this.#firstRow++;
    this.#top = this.#top + 1 === this.rows ? 0 : this.#top + 1;
    this.#entryRow--;
  }

  #read(row: FastRow, continues: boolean): Row {
    const { wrapped, offset, ending } = row;
    return { text: row.text(continues), wrapped, continues, offset, ending };
  }

  #rowAt(y: number): FastRow {
    const at = this.#top + y;
    const row = this.#ring[at >= this.rows ? at - this.rows : at];
    if (row === undefined) throw new RangeError(`no row ${y}`);
    return row;
  }

  get #inOrder(): readonly FastRow[] {
    return [...this.#ring.slice(this.#top), ...this.#ring.slice(0, this.#top)];
  }
}

/** See keepWrapMarks. */
function isContinued(row: FastRow, next: FastRow, cols: number): boolean {
  return row.length >= cols || (row.length === cols - 1 && next.beginsWide);
}

export interface FastScreenOptions {
  readonly cols: number;
  readonly rows: number;
  /** The number of the first row, counted over the whole recording. */
  readonly firstRow: number;
  readonly redraws: RedrawnRows;
}

/** The screen of another reader. */
export interface FastScreenState {
  readonly rows: readonly Row[];
  /** The cursor, from 0; `x` is the number of columns where the next character wraps. */
  readonly x: number;
  readonly y: number;
  readonly provenance: ProvenanceState;
  /** Whether a cell that shows a blank was never written. */
  readonly isGap: (row: number, col: number) => boolean;
}
