import type { Resumable } from '../../core/resumable.js';
import { firstChars } from '../model/frame.js';
import type { AlternateScreen, Line } from '../model/line.js';
import type { Row } from '../model/row.js';
import { resumeLine, type SavedLine, saveLine } from '../model/saved-line.js';
import { scrolledBy } from './scrolled-rows.js';

/**
 * Rows of the normal screen that went by in a window: a program that goes home, or up, and paints each row with what stood beneath
 * it scrolls without the terminal's knowing. With `diff` such rows are emitted when others have been painted over them.
 */
export class RedrawnWindow implements Resumable<WindowState> {
  readonly #mode: AlternateScreen;
  readonly #styles: boolean;
  /** The rows of the frame before, and the number of the first, counted over the whole recording. */
  #previous: readonly Line[] = [];
  #firstRow = 0;
  /** What was emitted last, so that a program may scroll back and forth over it. */
  #emitted: readonly string[] = [];

  /** `styles`: rows that are resumed have their colours. */
  constructor(mode: AlternateScreen, styles: boolean) {
    this.#mode = mode;
    this.#styles = styles;
  }

  save(): WindowState {
    return { previous: this.#previous.map(saveLine), firstRow: this.#firstRow, emitted: this.#emitted };
  }

  resume({ previous, firstRow, emitted }: WindowState): void {
    this.#previous = previous.map((line) => resumeLine(line, this.#styles));
    this.#firstRow = firstRow;
    this.#emitted = emitted;
  }

  /**
   * The cursor is about to go home or up, so `rows`, the first of which is number `firstRow`, may be a whole frame. Gives
   * what went by, and the number of the row that it went by in front of.
   */
  frame(rows: () => readonly Row[], firstRow: number): { readonly lines: readonly Line[]; readonly row: number } {
    if (this.#mode !== 'diff') return { lines: [], row: firstRow };
    // What has truly scrolled off is emitted as a line of its own.
    const previous = this.#previous.slice(Math.max(0, firstRow - this.#firstRow));
    const now = rows().map(lineOf);
    const shift = scrolledBy(
      previous.map(({ text }) => text),
      now.map(({ text }) => text),
    );
    const gone = shift.rows
      .flatMap((at) => previous[at] ?? [])
      .filter(({ text }) => text !== '' && !this.#emitted.includes(text));
    this.#emitted = [...this.#emitted, ...gone.map(({ text }) => text)].slice(-MAX_EMITTED);
    this.#previous = now;
    this.#firstRow = firstRow;
    return { lines: gone, row: firstRow + (shift.rows[0] ?? 0) };
  }

  /** There was a frame that another may follow. */
  get isOpen(): boolean {
    return this.#previous.length > 0;
  }

  /** None follows. */
  close(): void {
    this.#previous = [];
  }
}

export interface WindowState {
  readonly previous: readonly SavedLine[];
  readonly firstRow: number;
  readonly emitted: readonly string[];
}

function lineOf({ text, runs, offset = 0, ending }: Row): Line {
  const shown = text.trimEnd();
  const colours = runs === undefined ? {} : { runs: firstChars(runs, shown.length) };
  return { text: shown, ...colours, offset, endOffset: ending?.offset ?? offset, final: true };
}

/** Rows emitted before are not emitted again when the program scrolls back and forth over them. */
const MAX_EMITTED = 1000;
