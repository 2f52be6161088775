import type { TerminalSize } from '../../core/terminal/size.js';
import type { Window } from '../../render/model/frame.js';

/** What of a screen is seen where the user's terminal is smaller: what the cursor is in, until the user looks elsewhere. */
export class Pan {
  #corner: { readonly top: number; readonly left: number } | undefined;

  /** `cursor`: the row it is in, from 0. */
  window(screen: TerminalSize, view: TerminalSize, cursor: number): Window {
    const wanted = this.#corner ?? { top: cursor - view.rows + 1, left: 0 };
    const top = within(wanted.top, screen.rows - view.rows);
    const left = within(wanted.left, screen.cols - view.cols);
    if (this.#corner !== undefined) this.#corner = { top, left };
    return { ...view, top, left };
  }

  /** Looks a number of cells further; `seen` is what was seen last. */
  move(rows: number, cols: number, seen: Window): void {
    const { top, left } = this.#corner ?? seen;
    this.#corner = { top: top + rows, left: left + cols };
  }

  followCursor(): void {
    this.#corner = undefined;
  }
}

function within(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}
