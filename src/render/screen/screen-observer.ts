import type { Row } from '../model/row.js';
import type { TextLines } from '../model/text-lines.js';

/** Called with what happens on a screen, while the bytes are read. A screen that is asked from within shows the moment before. */
export interface ScreenObserver {
  /**
   * Asked when rows are about to leave the normal screen at the top: the colours of those that are a line of their own, and
   * came from bytes in front of this offset, will not be asked for, and need not be kept. Default 0: of none.
   */
  coloursFrom?(): number;
  /** How many of the lines that left last can be asked for their colours all the same (see `runsOf`). Default 0. */
  colouredLines?(): number;
  /** Rows that left the normal screen at the top, the oldest first. */
  scrolledOff?(rows: readonly Row[]): void;
  /** Lines that left the normal screen at the top whole; where that is not asked for, `scrolledOff` tells their rows. */
  linesLeft?(lines: TextLines): void;
  /** The whole normal screen is about to be erased; `overshoot`: rows that `overshot` reported, where nothing was written since. */
  erasing?(rows: readonly Row[], overshoot: number): void;
  scrollbackErased?(): void;
  /** Rows that go from below others that stay: dropped by a resize, or out of a scrolling region. */
  cut?(rows: readonly Row[]): void;
  /** The rows of the normal screen are laid out for another width; `moved` has the new number of a row, counted over the recording. */
  relaid?(moved: (row: number) => number): void;
  /** The alternate screen is about to come, to be erased as a whole, or to go. */
  alternate?(event: 'enter' | 'erase' | 'leave'): void;
  /**
   * The cursor is about to go home, or up on the normal screen for the first time since text was written, so the next frame may begin. Costs a
   * pause each time, and on the normal screen the fast path at what moves up.
   */
  homing?(): void;
  /** Synchronized output (DEC mode 2026) is about to begin, or has ended, at the offset `offset`. */
  synchronized?(on: boolean, offset: number): void;
  /**
   * The cursor of the normal screen was moved up to its top, and would have been moved up by `rows` rows more since text
   * was written: what scrolled off last is about to be drawn again.
   */
  overshot?(rows: number): void;
  /** The emulator failed and was replaced by an empty one; `rows` is what stood on the normal screen. */
  fault?(error: unknown, rows: readonly Row[]): void;
}

/** See ScreenObserver. Without `scrolledOff`, nothing of a row that leaves is asked for. */
export function coloursFrom(observer: ScreenObserver): number {
  return observer.scrolledOff === undefined ? Infinity : (observer.coloursFrom?.() ?? 0);
}

export function colouredLines(observer: ScreenObserver): number {
  return observer.colouredLines?.() ?? 0;
}

/** Tells of `lines`, which left a screen of `cols` columns, in the way that is asked for. */
export function tellLinesLeft(observer: ScreenObserver, lines: TextLines, cols: number): void {
  if (observer.linesLeft !== undefined) observer.linesLeft(lines);
  else observer.scrolledOff?.(lines.asRows(cols));
}
