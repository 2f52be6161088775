import { firstChars, PLAIN, type Run } from './frame.js';
import type { Line } from './line.js';
import type { Row } from './row.js';

/** Joins rows that the terminal wrapped into lines, and takes the blanks off their ends. */
export class LineAssembler {
  #pending: Pending | undefined;
  #lines: Line[] = [];

  /** Rows that left the screen, in order; the last may go on in one that is still there. */
  add(rows: readonly Row[]): void {
    for (const row of rows) {
      if (!row.wrapped) this.#finish();
      if (this.#pending === undefined && !row.continues) {
        this.#lines.push(lineOf(row.text, row.runs, row.offset, row.ending.offset));
        continue;
      }
      this.#pending ??= { text: '', rows: [], runs: row.runs === undefined ? undefined : [] };
      this.#pending.runs?.push(...paddedRuns(row));
      this.#pending.text += row.text;
      this.#pending.rows.push({ offset: row.offset, ending: row.ending });
      if (!row.continues || this.#pending.text.length > MAX_LINE_CHARS) this.#finish();
    }
  }

  /** A whole screen that is about to go: its rows down to the last one with text. */
  addScreen(rows: readonly Row[]): void {
    this.add(rows.slice(0, rows.findLastIndex((row) => row.text.trimEnd() !== '') + 1));
    this.#finish();
  }

  /** Rows taken from below others that stay: what has left above them and goes on in those is not touched. */
  addCut(rows: readonly Row[]): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.addScreen(rows);
    this.#pending = pending;
  }

  /** The lines finished since the last call. */
  take(): readonly Line[] {
    const taken = this.#lines;
    this.#lines = [];
    return taken;
  }

  #finish(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const offset = Math.min(...pending.rows.map((row) => row.offset));
    const endOffset = Math.max(...pending.rows.map((row) => row.ending.offset));
    this.#lines.push(lineOf(pending.text, pending.runs, offset, endOffset));
    this.#pending = undefined;
  }
}

function lineOf(text: string, runs: readonly Run[] | undefined, offset: number, endOffset: number): Line {
  const line = { text: text.trimEnd(), offset, endOffset, final: true };
  return runs === undefined ? line : { ...line, runs: firstChars(runs, line.text.length) };
}

/** The runs of a row that goes on in the next, plain blanks at its end included. */
function paddedRuns({ text, runs = [] }: Row): readonly Run[] {
  const missing = text.length - runs.reduce((chars, run) => chars + run.text.length, 0);
  if (missing <= 0) return firstChars(runs, text.length);
  return [...runs, { text: ' '.repeat(missing), width: missing, style: PLAIN }];
}

/** A line whose last row has not come yet. */
interface Pending {
  text: string;
  readonly runs: Run[] | undefined;
  readonly rows: Pick<Row, 'offset' | 'ending'>[];
}

/** A line without an end is told in pieces of this size, so that it is not held until memory ends. */
const MAX_LINE_CHARS = 1_048_576;
