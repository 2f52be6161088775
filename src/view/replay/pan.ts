import type { TerminalSize } from '../../core/size.js';
import type { Window } from '../../render/frame.js';

/** What of a screen is seen where the user's terminal is smaller: what the cursor is in, until somebody looks elsewhere. */
export class Pan {
  #corner: { readonly top: number; readonly left: number } | undefined;

  /** `cursor`: the row it is in, from 0. */
  window(screen: TerminalSize, view: TerminalSize, cursor: number): Window {
    const { top, left } = this.#corner ?? { top: cursor - view.rows + 1, left: 0 };
    return { ...view, top: within(top, screen.rows - view.rows), left: within(left, screen.cols - view.cols) };
  }

  /** Looks so many cells further, from what was seen last. */
  move(rows: number, cols: number, seen: Window): void {
    this.#corner = { top: seen.top + rows, left: seen.left + cols };
  }

  followCursor(): void {
    this.#corner = undefined;
  }
}

function within(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}
