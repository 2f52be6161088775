import type { TerminalSize } from '../../core/terminal/size.js';
import type { Frame } from '../../render/model/frame.js';
import { runsToAnsi } from '../../render/pictures/print-frame.js';
import { padEnd } from '../../core/terminal/display-width.js';

/** A picture for a terminal: what of a screen is seen in it, and a line below. */
export interface Picture {
  /** As many rows as the terminal has but one, clipped to its columns. */
  readonly frame: Frame;
  /** One row of text, no wider than the terminal. */
  readonly status: string;
  /** The column of the cursor in the line below, where a pattern is typed there. */
  readonly prompt?: number;
}

/** The alternate screen, erased; nothing wraps; pastes come in brackets. */
const ENTER = '\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l\x1b[m\x1b[2J';
/** Between these a terminal that knows them shows nothing half done (synchronized output, DEC mode 2026). */
const BEGIN = '\x1b[?2026h\x1b[?25l';
const END = '\x1b[?2026l';

/**
 * Draws pictures on a terminal, each with what has changed since the one before. What it writes is made of the cells of the
 * screen model, so that nothing in a recording but text and colours reaches the terminal, and nothing reaches beyond its row.
 */
export class Painter {
  /** What stands in each row; undefined before the first picture, and where that is not known. */
  #rows: readonly string[] | undefined;
  #size: TerminalSize;
  #cursor = '';

  constructor(size: TerminalSize) {
    this.#size = size;
  }

  /** The terminal was resized, or something else has written on it: the next picture is drawn whole, with all its modes. */
  forget(size: TerminalSize): void {
    this.#size = size;
    this.#rows = undefined;
  }

  /** What brings the terminal from the last picture to this one; empty where they are alike. */
  paint({ frame, status, prompt }: Picture): string {
    const { cols, rows } = this.#size;
    const before = this.#rows;
    const drawn = [
      ...frame.lines.slice(0, rows - 1).map((runs) => this.#row(runsToAnsi(runs), widthOf(runs) < cols)),
      // The last row is the status line's, whatever is in the picture.
      this.#row(`\x1b[7m${padEnd(status, cols)}\x1b[m`, false),
    ];
    const changed = drawn.flatMap((row, at) => (before?.[at] === row ? [] : [`\x1b[${at + 1};1H${row}`]));
    const cursor = this.#cursorOf(frame, prompt);
    if (before !== undefined && changed.length === 0 && cursor === this.#cursor) return '';
    this.#rows = drawn;
    this.#cursor = cursor;
    return `${before === undefined ? ENTER : ''}${BEGIN}${changed.join('')}${cursor}${END}`;
  }

  #row(text: string, isShort: boolean): string {
    // Behind a full row the cursor still stands on its last cell; but a terminal that gives a character fewer cells than
    // the screen model does has something left there.
    return isShort ? `${text}\x1b[K` : `\x1b[K${text}`;
  }

  #cursorOf({ cursor }: Frame, prompt: number | undefined): string {
    const { cols, rows } = this.#size;
    if (prompt !== undefined) return `\x1b[${rows};${Math.min(prompt, cols - 1) + 1}H\x1b[?25h`;
    const isInside = cursor.row >= 0 && cursor.row < rows - 1 && cursor.col >= 0 && cursor.col < cols;
    return cursor.visible && isInside ? `\x1b[${cursor.row + 1};${cursor.col + 1}H\x1b[?25h` : '';
  }
}

function widthOf(runs: Frame['lines'][number]): number {
  return runs.reduce((width, run) => width + run.width, 0);
}
