import type { Line } from '../../render/model/line.js';

/** The last lines of many. */
export class LastLines {
  readonly #count: number;
  lines: readonly Line[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  hold(lines: readonly Line[]): void {
    if (lines.length > 0 && this.#count > 0) this.lines = [...this.lines, ...lines].slice(-this.#count);
  }
}
