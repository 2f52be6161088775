import { displayWidth } from '../../core/terminal/display-width.js';

/**
 * The last rows of a terminal, redrawn in place while whole lines scroll by above them. What it gives is to be written as
 * it is; it changes no mode of the terminal, so nothing has to be put back.
 */
export class LiveRegion {
  #rows: readonly string[] = [];
  #widths: readonly number[] = [];

  /** What to write so that `text` (whole lines, or nothing) scrolls by, and `rows`, each narrower than `columns`, follow. */
  update(text: string, rows: readonly string[], columns: number): string {
    const stays = text === '' && rows.length === this.#rows.length && rows.every((row, at) => row === this.#rows[at]);
    if (stays) return '';
    const erased = this.#erase(columns);
    this.#rows = rows;
    this.#widths = rows.map(displayWidth);
    return erased + text + rows.join('\n');
  }

  /** What to write so that something else can be written in its place; the next update draws it again. */
  clear(columns: number): string {
    const erased = this.#erase(columns);
    this.#rows = [];
    this.#widths = [];
    return erased;
  }

  /** Leaves what stands there, and ends its last row. */
  end(): string {
    const open = this.#rows.length > 0;
    this.#rows = [];
    this.#widths = [];
    return open ? '\n' : '';
  }

  /**
   * A terminal that has become narrower has wrapped the rows. Each is erased by itself: erasing all below the upper left
   * corner would push what stands there into the scrollback of some terminals (tmux), where it cannot be erased.
   */
  #erase(columns: number): string {
    if (this.#widths.length === 0) return '';
    const height = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return `\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(height - 1)}`;
  }
}
