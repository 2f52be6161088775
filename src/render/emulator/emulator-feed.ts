import { byteAt } from '../../core/items/element-at.js';
import { type Resumable, resumeAll, saveAll } from '../../core/resumable.js';
import { DEL, ESC } from '../../core/terminal/codes.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { Emulator, type EmulatorState, type OpenTerminal } from './emulator.js';
import { Provenance, type ProvenanceState, type SavedProvenance, type TextEnd } from '../model/provenance.js';
import { type RowStyles, readRows } from './read-rows.js';
import { RedrawnRows, type RedrawnRowsState } from '../model/redrawn-rows.js';
import type { Row } from '../model/row.js';
import type { TextLines } from '../model/text-lines.js';
import { type LeavingLines, rowsOf, type WholeLines } from './whole-lines.js';

/**
 * What the emulator is fed with, in slices so short that its scrollback cannot overrun: it reports the rows that leave
 * the normal screen after each, and knows which bytes they came from.
 */
export class EmulatorFeed implements Resumable<FeedState> {
  readonly provenance = new Provenance();
  /** Rows that have left the normal screen at the top. */
  scrolled = 0;
  readonly redraws = new RedrawnRows();
  /** The offset after the last byte that was fed. */
  end = 0;
  /** By how many rows the cursor would stand above the normal screen, had it gone where it was moved since text was written. */
  overshoot = 0;
  /** Text was written since the cursor went up or home last: a frame may be complete. */
  hasDrawn = false;
  #size: TerminalSize;
  readonly #styles: boolean;
  readonly #keepsRuns: boolean;
  #emulator: Emulator;
  readonly #open: OpenTerminal;
  readonly #events: FeedEvents;

  /** Bytes on their way to the emulator. */
  readonly #slice = new Uint8Array(SLICE_BYTES + ERASE_SCROLLBACK.length);
  #bytes = 0;
  /** Rows that the slice may push off the screen at most. */
  #scrolls = 0;
  /** A slice has text or moves between rows, not both, so that the rows a text went to are known. */
  #kind: 'text' | 'moves' | undefined;
  #lineFeeds: TextEnd[] = [];
  #textEnd = 0;
  /** There was text behind the last line feed. */
  #hasPrintable = false;
  #moveEnd = 0;
  /** How many rows the moves of the slice go up, where they are of that kind alone. */
  #rows = 0;
  /** How many of the next rows that the emulator lets go were reported before. */
  #known = 0;

  /** `styles`, `links`: rows are reported with their colours, or where they lead. */
  constructor(
    size: TerminalSize & { readonly styles: boolean; readonly links: boolean },
    open: OpenTerminal,
    events: FeedEvents,
  ) {
    this.#size = size;
    this.#styles = size.styles;
    this.#keepsRuns = size.links;
    this.#open = open;
    this.#events = events;
    this.#emulator = new Emulator(size, open);
  }

  /** Between two slices. */
  save(): FeedState {
    const { scrolled, end, overshoot, hasDrawn, redraws, provenance } = this;
    return { emulator: this.#emulator.save(), scrolled, end, overshoot, hasDrawn, ...saveAll({ redraws, provenance }) };
  }

  resume(state: FeedState): void {
    this.#emulator.dispose();
    this.#emulator = Emulator.resume(state.emulator, this.#size, { open: this.#open, styles: this.#styles });
    this.scrolled = state.scrolled;
    this.end = state.end;
    this.overshoot = state.overshoot;
    this.hasDrawn = state.hasDrawn;
    resumeAll({ redraws: this.redraws, provenance: this.provenance }, state);
  }

  /** Text has been fed and not handed on yet. */
  get hasText(): boolean {
    return this.#kind === 'text';
  }

  /** Another one after a fault. */
  get emulator(): Emulator {
    return this.#emulator;
  }

  /** Between two slices. The normal screen waits under the alternate one for `settle`. */
  resize(size: TerminalSize): void {
    this.#size = size;
    this.#emulator.resize(size);
    if (!this.#emulator.onAlternate) this.settle();
  }

  /**
   * Lays the normal screen out for the size there is now, and reports what does not fit on it: as in tmux rows below the
   * cursor first, then rows at the top. False where it has that size.
   */
  settle(): boolean {
    const emulator = this.#emulator;
    const { rows } = this.#size;
    const before = emulator.normalSize;
    if (before.cols === this.#size.cols && before.rows === rows) return false;
    const kept = Math.min(before.rows, Math.max(rows, emulator.normal.cursorY + 1));
    const below = kept < before.rows ? this.rows(kept, before.rows) : [];
    const layout = emulator.layOut(kept);
    this.#events.relaid((row) => (row < this.scrolled ? row : this.scrolled + layout.below(row - this.scrolled)));
    if (below.length > 0) this.#events.cut(below);
    this.provenance.relay(layout.rows, (row) => layout.sources(row));
    const cursor = layout.place(emulator.normal.cursorY, emulator.normal.cursorX).row;
    const used = Math.max(layout.usedRows, cursor + 1);
    const leaving = Math.min(Math.max(0, used - rows), cursor);
    for (let from = 0; from < leaving; from += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, leaving - from);
      // One more, which may go on from the last.
      emulator.show(layout, from, count + 1);
      const left = this.#leaving(0, count, -from);
      this.scrolled += count;
      if (left.length > 0) this.#events.scrolledOff(left);
    }
    const cut = used - leaving - rows;
    if (cut > 0) {
      emulator.show(layout, leaving + rows, cut);
      this.#events.cut(
        readRows(emulator.normal, [0, cut], this.provenance, -leaving - rows, this.#keepsRuns ? 'now' : 'none'),
      );
    }
    this.provenance.keep(leaving, rows);
    emulator.settle(layout, leaving);
    return true;
  }

  /** `bytes` are what `source`, at the offset `start`, became; line feeds are in both, in the same order. */
  text(bytes: Uint8Array, source: Uint8Array, start: number): void {
    const { cols } = this.#size;
    const longest = Math.min(SLICE_BYTES, (this.#emulator.scrollback / 2 - 2) * cols);
    let sourceAt = 0;
    for (let at = 0; at < bytes.length; ) {
      const feed = indexOfLineFeed(bytes, at);
      const to = Math.min(feed === -1 ? bytes.length : feed + 1, at + longest);
      this.#reserve('text', to - at, Math.ceil((to - at) / cols) + 1, byteAt(bytes, at));
      if ((this.overshoot > 0 || !this.hasDrawn) && isWriting(bytes)) {
        this.overshoot = 0;
        this.hasDrawn = true;
      }
      this.#slice.set(bytes.subarray(at, to), this.#bytes);
      this.#bytes += to - at;
      this.#hasPrintable ||= hasPrintable(bytes, at, to);
      if (to === feed + 1) {
        sourceAt = indexOfLineFeed(source, sourceAt) + 1;
        this.#lineFeeds.push({ end: start + sourceAt, hasText: this.#hasPrintable });
        this.#hasPrintable = false;
        this.#textEnd = start + sourceAt;
      } else this.#textEnd = start + source.length;
      this.end = this.#textEnd;
      at = to;
    }
  }

  /** A sequence that pushes off `scrolls` rows at most and ended at the offset `end`; `first` is its first byte. */
  sequence(bytes: string, kind: 'moves' | undefined, scrolls: number, end: number, first = ESC): void {
    this.#reserve(kind, bytes.length, scrolls, first);
    if (kind === 'moves') this.#moveEnd = end;
    for (let at = 0; at < bytes.length; at++) this.#slice[this.#bytes++] = bytes.charCodeAt(at);
    this.end = end;
  }

  /** Moves the cursor up by `rows` rows; such moves are counted by themselves. */
  moveUp(bytes: string, rows: number, end: number): void {
    if (this.#kind !== undefined && this.#rows === 0) this.flush();
    this.sequence(bytes, undefined, 0, end);
    this.#kind = 'moves';
    this.#moveEnd = end;
    this.#rows += rows;
  }

  /** Hands one sequence to the emulator, by itself. */
  run(bytes: string): void {
    this.sequence(bytes, 'moves', 0, this.end);
    this.flush();
  }

  /** Saves the cursor. Everything fed before must have been flushed. */
  saveCursor(bytes: string, end: number): void {
    this.sequence(bytes, undefined, 0, end);
    if (!this.#emulator.onAlternate) this.redraws.cursorSaved();
  }

  /** Moves the cursor to where it was saved. Everything fed before must have been flushed. */
  restoreCursor(bytes: string, end: number): void {
    this.sequence(bytes, 'moves', 0, end);
    this.flush((from, to) => {
      this.redraws.cursorRestored(from, to);
    });
  }

  /** Hands the slice to the emulator, and what left the screen to the observer. `moved` is called when that moved the cursor. */
  flush(
    moved = (from: number, to: number): void => {
      this.redraws.moved(from, to);
    },
  ): void {
    if (this.#bytes === 0) {
      // What was reserved for nothing says nothing of what comes next.
      this.#kind = undefined;
      this.#scrolls = 0;
      return;
    }
    const emulator = this.#emulator;
    const from = emulator.normal.cursorY;
    const slice = this.#slice.subarray(0, this.#bytes);
    const feeds = this.#lineFeeds;
    const rest = { end: this.#textEnd, hasText: this.#hasPrintable };
    const kind = this.#kind;
    const rows = this.#rows;
    this.#bytes = 0;
    this.#rows = 0;
    this.#scrolls = 0;
    this.#kind = undefined;
    this.#lineFeeds = [];
    this.#hasPrintable = false;
    try {
      emulator.write(slice);
    } catch (error) {
      this.#recover(error);
      return;
    }
    if (kind === 'moves' && !emulator.onAlternate) this.#movedUp(rows, from);
    const { reported } = emulator;
    const to = emulator.normal.baseY + emulator.normal.cursorY - reported;
    const fed = emulator.takeLineFeeds().map((row) => row - reported);
    // What is done on the alternate screen comes in slices of any kind, and is none of the normal screen's.
    if (!emulator.onAlternate) {
      if (kind === 'text') this.provenance.wrote(from, { fed, feeds, to, rest }, this.#redrawing());
      else {
        if (kind === 'moves') this.provenance.moved(this.#moveEnd);
        moved(this.#firstRow + from, this.#firstRow + to);
      }
    }
    this.drain();
  }

  /** The cursor was moved up by `rows` rows from row `from` on, or elsewhere where that is 0. */
  #movedUp(rows: number, from: number): void {
    if (rows === 0) this.overshoot = 0;
    if (rows <= from) return;
    this.overshoot += rows - from;
    this.#events.overshot(this.overshoot);
  }

  /** Has the emulator show what `paint` draws, which came from where `provenance` says. */
  replaceScreen(paint: string, provenance: ProvenanceState): void {
    const emulator = this.#emulator;
    emulator.forgetting();
    emulator.write(Buffer.from(`\x1b[3J${paint}`));
    emulator.takeLineFeeds();
    emulator.reported = emulator.normal.baseY;
    this.provenance.restore(provenance);
  }

  /** Reports what has scrolled off, then lets the emulator forget it. */
  drain(): void {
    const emulator = this.#emulator;
    const { reported } = emulator;
    const { baseY } = emulator.normal;
    if (baseY === reported) return;
    const known = Math.min(this.#known, baseY - reported);
    this.#known -= known;
    this.provenance.drop(known);
    emulator.reported = baseY;
    const rows = this.#leaving(reported + known, baseY, reported + known);
    this.dropped(baseY - reported - known);
    if (rows.length > 0) this.#events.scrolledOff(rows);
  }

  /**
   * On a fresh row: the rows above leave, then the lines, neither through the emulator. What is fed next begins behind the
   * lines, and has to push the rows above out of the emulator. `behind`: the rows above have
   * left, and other lines behind them.
   */
  leave(lines: WholeLines, leaving: LeavingLines, behind = false): void {
    const above = behind ? [] : this.#leaveAbove();
    const left = this.#events.leaving() === 'unread' ? [] : rowsOf(lines, leaving);
    this.#passed(lines.rows(leaving.count), leaving.base + lines.inputEnd(leaving.count - 1));
    if (left.length > 0) this.#events.scrolledOff([...above, ...left]);
  }

  /** The same with lines that are text already. */
  leaveText(lines: TextLines, behind: boolean): void {
    const above = behind ? [] : this.#leaveAbove();
    const isRead = this.#events.leaving() !== 'unread';
    this.#passed(lines.rows, lines.endOffset);
    if (above.length > 0) this.#events.scrolledOff(above);
    if (isRead) this.#events.linesLeft(lines);
  }

  /** The rows above the cursor's, which is the last, leave; the emulator lets go of them later. */
  #leaveAbove(): readonly Row[] {
    const count = this.#size.rows - 1;
    const { baseY } = this.#emulator.normal;
    const rows = this.#leaving(baseY, baseY + count, baseY);
    this.#known = count;
    this.scrolled += count;
    return rows;
  }

  /** Lines of `rows` rows have left that the emulator does not get; the last one ended at the offset `end`. */
  #passed(rows: number, end: number): void {
    this.scrolled += rows;
    this.end = end;
    this.provenance.fed(end);
  }

  /** A line feed that ended at `offset` brought the cursor to the beginning of the last row of the normal screen. */
  isOnFreshRow(offset: number): boolean {
    const { normal, onAlternate } = this.#emulator;
    if (!this.provenance.wasFed(offset)) return false;
    const { cursorX, cursorY, baseY } = normal;
    if (onAlternate || cursorX > 0 || cursorY < this.#size.rows - 1) return false;
    const line = normal.getLine(baseY + cursorY);
    return line?.isWrapped === false && line.translateToString(true) === '';
  }

  /** The rows `from` up to `to` of the emulator's normal buffer, which leave; none where no one reads them. */
  #leaving(from: number, to: number, origin: number): readonly Row[] {
    const what = this.#events.leaving();
    return what === 'unread' ? [] : readRows(this.#emulator.normal, [from, to], this.provenance, origin, what);
  }

  /** The number of the emulator's first row that was not reported, counted over the whole recording. */
  get #firstRow(): number {
    return this.scrolled - this.#known;
  }

  /** The number, counted over the whole recording, of the cursor's row of the normal screen. */
  get cursorRow(): number {
    return this.#firstRow + this.#emulator.normal.cursorY;
  }

  #redrawing(): ((row: number, fresh: boolean) => void) | undefined {
    const { redraws } = this;
    if (!redraws.areComing) return undefined;
    const first = this.#firstRow;
    return (row, fresh) => {
      redraws.wrote(first + row, fresh);
    };
  }

  /** The first `rows` rows have gone, or are about to. */
  dropped(rows: number): void {
    this.provenance.drop(rows);
    this.scrolled += rows;
  }

  /** The rows `from` up to `to` of the normal screen. */
  rows(from: number, to: number): readonly Row[] {
    const { normal } = this.#emulator;
    const { baseY } = normal;
    return readRows(normal, [baseY + from, baseY + to], this.provenance, baseY, this.#keepsRuns ? 'now' : 'none');
  }

  /** Nothing was written to that cell of the normal screen, which shows a blank. */
  isUnwritten(row: number, col: number): boolean {
    const { normal } = this.#emulator;
    return (
      normal
        .getLine(normal.baseY + row)
        ?.getCell(col)
        ?.getCode() === 0
    );
  }

  /** Makes room in the slice for bytes that push off `scrolls` rows at most and begin with `first`. */
  #reserve(kind: 'text' | 'moves' | undefined, bytes: number, scrolls: number, first: number): void {
    const emulator = this.#emulator;
    const mixes =
      kind !== undefined &&
      this.#kind !== undefined &&
      (kind !== this.#kind || this.#rows > 0) &&
      !emulator.onAlternate;
    const full = this.#bytes + bytes > SLICE_BYTES || this.#scrolls + scrolls > emulator.room;
    if (mixes || full) this.flush();
    if (this.#bytes === 0) this.#forgetScrollback(first);
    this.#kind = kind ?? this.#kind;
    this.#scrolls += scrolls;
  }

  /**
   * Has the emulator forget the rows that were reported, at the beginning of a slice. The sequence for it would make a mark
   * that follows forget its character: it goes by itself in front of what `first` says may be one, DEL or more, when the scrollback
   * is half full.
   */
  #forgetScrollback(first: number): void {
    const emulator = this.#emulator;
    if (emulator.onAlternate || !emulator.hasScrollback) return;
    if (first >= DEL) {
      if (emulator.room * 2 > emulator.scrollback) return;
      emulator.writeAside(ERASE_SCROLLBACK);
      emulator.forgetting();
      return;
    }
    this.#slice.set(ERASE_SCROLLBACK);
    this.#bytes = ERASE_SCROLLBACK.length;
    emulator.forgetting();
  }

  /** After a throw the emulator takes no more input, so a new one goes on from an empty screen. */
  #recover(error: unknown): void {
    this.drain();
    this.#known = 0;
    this.#events.failing();
    const rows = this.rows(0, this.#emulator.normalSize.rows);
    this.#emulator.dispose();
    this.#emulator = new Emulator(this.#size, this.#open);
    this.provenance.clear();
    this.#events.fault(error, rows);
  }
}

export interface FeedState {
  readonly emulator: EmulatorState;
  readonly scrolled: number;
  readonly redraws: RedrawnRowsState;
  readonly end: number;
  readonly overshoot: number;
  readonly hasDrawn: boolean;
  readonly provenance: SavedProvenance;
}

export interface FeedEvents {
  /** Asked before rows leave: which of them need their colours; `unread` where no one reads them. */
  leaving(): RowStyles | 'unread';
  /** Rows that left the normal screen at the top, the oldest first. */
  scrolledOff(rows: readonly Row[]): void;
  /** Lines that left behind those. */
  linesLeft(lines: TextLines): void;
  /** See ScreenObserver. */
  relaid(moved: (row: number) => number): void;
  cut(rows: readonly Row[]): void;
  /** The cursor of the normal screen was moved up beyond its top, by `rows` rows since text was written. */
  overshot(rows: number): void;
  /** The emulator failed, and is about to be replaced; what it shows can still be read. */
  failing(): void;
  /** The emulator failed and was replaced by an empty one; `rows` is what stood on the normal screen. */
  fault(error: unknown, rows: readonly Row[]): void;
}

const SLICE_BYTES = 32_768;
/** How many of the rows that a resize pushes off are read at a time: they may be a million. */
const BATCH_ROWS = 1000;
const ERASE_SCROLLBACK = Buffer.from('\x1b[3J');

/** Whether there is a line feed, or a character, among controls that stay on the row. */
function isWriting(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte >= 0x20 || (byte >= 0x0a && byte <= 0x0c));
}

function hasPrintable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (byteAt(bytes, at) >= 0x20) return true;
  return false;
}

function indexOfLineFeed(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x0a || byte === 0x0b || byte === 0x0c) return at;
  }
  return -1;
}
