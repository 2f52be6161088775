import type { Run } from './frame.js';

/** One row as it stands on the screen, or as it stood when it left. */
export interface Row {
  /** Up to the last cell that was written; a row that continues is filled up with blanks where cells in between were not. */
  readonly text: string;
  /** The same with its colours, except for plain blanks at its end; where a screen keeps them. */
  readonly runs?: readonly Run[];
  /** Reads the colours of a row for which they will hardly be asked: see `runsOf`. */
  readonly readRuns?: () => readonly Run[];
  /** The terminal wrapped the row above into this one. */
  readonly wrapped: boolean;
  /** The terminal wrapped this row into the one below. */
  readonly continues: boolean;
  /**
   * Where the bytes it came from begin, and end: as far as is known, when a row that it continues in is being written.
   * Undefined for a row that no text was written to.
   */
  readonly offset: number | undefined;
  readonly ending: { readonly offset: number } | undefined;
}
