import { itemAt } from '../../core/items/element-at.js';
import type { Resumable } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import { firstOfLastRows, noteRows, rowsTaken } from '../model/line-rows.js';
import { type LineBatch, linesOf, TextLines } from '../model/text-lines.js';
import { resumeLine, type SavedLine, saveLine } from '../model/saved-line.js';

/**
 * The lines that scrolled off last. Nothing tells the head of a frame that is taller than the screen from lines that stay,
 * before the program moves the cursor up beyond the top of the screen to draw it again; so they wait for that as long as
 * it may be theirs.
 */
export class RecentLines implements Resumable<RecentLinesState> {
  #batches: readonly LineBatch[] = [];
  readonly #styles: boolean;

  /** `styles`: lines that are resumed have their colours. */
  constructor(styles: boolean) {
    this.#styles = styles;
  }

  get all(): readonly Line[] {
    return linesOf(this.#batches);
  }

  save(): RecentLinesState {
    return this.all.map((line) => [saveLine(line), rowsTaken(line)]);
  }

  resume(state: RecentLinesState): void {
    const lines = state.map(([saved, rows]) => {
      const line = resumeLine(saved, this.#styles);
      noteRows(line, rows);
      return line;
    });
    this.#batches = lines.length === 0 ? [] : [lines];
  }

  /** Adds `lines`, of which the last `limit` wait; gives those that wait no longer. However they come, the same ones wait. */
  add(lines: LineBatch, limit: number): readonly LineBatch[] {
    const released = [...this.#batches];
    const last = released.at(-1);
    if (last === undefined || last instanceof TextLines || lines instanceof TextLines) released.push(lines);
    else released[released.length - 1] = last.concat(lines);
    const waiting: LineBatch[] = [];
    let room = { lines: limit, chars: MAX_RECENT_CHARS };
    for (let batch = released.pop(); batch !== undefined; batch = released.pop()) {
      const count = lastWithin(batch, room);
      const from = batch.length - count;
      if (count > 0) waiting.unshift(from === 0 ? batch : batch.slice(from));
      if (from > 0) {
        released.push(batch.slice(0, from));
        break;
      }
      room = { lines: room.lines - count, chars: room.chars - charsOf(batch) };
    }
    this.#batches = waiting;
    return released;
  }

  /** Takes the last lines, as many as took `rows` rows of the screen together; the others go on waiting. */
  takeLast(rows: number): readonly Line[] {
    const lines = this.all;
    const from = firstOfLastRows(lines, rows, rowsTaken);
    this.#batches = from === 0 ? [] : [lines.slice(0, from)];
    return lines.slice(from);
  }

  /** Takes them all. */
  take(): readonly LineBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    return batches;
  }
}

/** How many lines at the end of `batch` are no more than that. */
function lastWithin(batch: LineBatch, { lines, chars }: { readonly lines: number; readonly chars: number }): number {
  const most = Math.min(batch.length, lines);
  let count = 0;
  for (let left = chars; count < most; count++) {
    left -= charsAt(batch, batch.length - 1 - count);
    if (left < 0) break;
  }
  return count;
}

function charsAt(batch: LineBatch, at: number): number {
  if (batch instanceof TextLines) return batch.charsOf(at + 1) - batch.charsOf(at);
  return itemAt(batch, at).text.length;
}

function charsOf(batch: LineBatch): number {
  if (batch instanceof TextLines) return batch.charsOf(batch.length);
  return batch.reduce((chars, { text }) => chars + text.length, 0);
}

/** Of each line: the line, and how many rows it took. */
export type RecentLinesState = readonly (readonly [line: SavedLine, rows: number])[];

/** Lines with more text than this together are no frame. */
const MAX_RECENT_CHARS = 1_000_000;
