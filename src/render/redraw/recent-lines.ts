import type { Resumable } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import { firstOfLastRows, noteRows, rowsTaken } from '../model/line-rows.js';
import { resumeLine, type SavedLine, saveLine } from '../model/saved-line.js';

/**
 * The lines that scrolled off last. Nothing tells the head of a frame that is taller than the screen from lines that stay,
 * before the program moves the cursor up beyond the top of the screen to draw it again; so they wait for that as long as
 * it may be theirs.
 */
export class RecentLines implements Resumable<RecentLinesState> {
  #lines: readonly Line[] = [];
  readonly #styles: boolean;

  /** `styles`: lines that are resumed have their colours. */
  constructor(styles: boolean) {
    this.#styles = styles;
  }

  get all(): readonly Line[] {
    return this.#lines;
  }

  save(): RecentLinesState {
    return this.#lines.map((line) => [saveLine(line), rowsTaken(line)]);
  }

  resume(state: RecentLinesState): void {
    this.#lines = state.map(([saved, rows]) => {
      const line = resumeLine(saved, this.#styles);
      noteRows(line, rows);
      return line;
    });
  }

  /** Adds `lines`, of which the last `limit` wait; gives those that wait no longer. However they come, the same ones wait. */
  add(lines: readonly Line[], limit: number): readonly Line[] {
    const all = this.#lines.length === 0 ? lines : this.#lines.concat(lines);
    const oldest = Math.max(0, all.length - limit);
    let from = all.length;
    for (let chars = 0; from > oldest; from--) {
      chars += all[from - 1]?.text.length ?? 0;
      if (chars > MAX_RECENT_CHARS) break;
    }
    this.#lines = all.slice(from);
    return all.slice(0, from);
  }

  /** Takes the last lines, as many as took `rows` rows of the screen together; the others go on waiting. */
  takeLast(rows: number): readonly Line[] {
    const from = firstOfLastRows(this.#lines, rows, rowsTaken);
    const taken = this.#lines.slice(from);
    this.#lines = this.#lines.slice(0, from);
    return taken;
  }

  /** Takes them all. */
  take(): readonly Line[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

/** Of each line: the line, and how many rows it took. */
export type RecentLinesState = readonly (readonly [line: SavedLine, rows: number])[];

/** Lines with more text than this together are no frame. */
const MAX_RECENT_CHARS = 1_000_000;
