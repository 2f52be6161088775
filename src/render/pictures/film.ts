import type { Frame, Run } from '../model/frame.js';
import { runsToAnsi } from './print-frame.js';

/** What was on a screen over time: each row that ever stood there once, and when which of them stood where. */
export interface Film {
  /** Of the largest screen. */
  readonly cols: number;
  readonly rows: number;
  readonly contents: readonly (readonly Run[])[];
  /** In the order of their times; no two in a row show the same. */
  readonly shots: readonly Shot[];
  /** When the last shot ends, in milliseconds. */
  readonly endMs: number;
}

export interface Shot {
  /** From when on it is shown, in milliseconds. */
  readonly ms: number;
  /** For each row of its screen the number of its content. */
  readonly rows: readonly number[];
  readonly cursor: Frame['cursor'];
}

/** Takes a film, frame by frame: what it holds is each distinct row, and a list of numbers a shot. */
export class Camera {
  readonly #numbers = new Map<string, number>();
  readonly #contents: (readonly Run[])[] = [];
  readonly #shots: Shot[] = [];
  #cols = 1;
  #rows = 1;

  /** Shots so far. */
  get length(): number {
    return this.#shots.length;
  }

  /** `ms` never goes back. */
  take(ms: number, frame: Frame): void {
    const rows = frame.lines.map((runs) => this.#numberOf(runs));
    const last = this.#shots.at(-1);
    const { cursor } = frame;
    this.#cols = Math.max(this.#cols, frame.cols);
    this.#rows = Math.max(this.#rows, frame.rows);
    if (last !== undefined && sameCursor(last.cursor, cursor) && sameNumbers(last.rows, rows)) return;
    this.#shots.push({ ms, rows, cursor });
  }

  film(endMs: number): Film {
    return { cols: this.#cols, rows: this.#rows, contents: this.#contents, shots: this.#shots, endMs };
  }

  #numberOf(runs: readonly Run[]): number {
    // All that is drawn of a row is in its ANSI.
    const key = runsToAnsi(runs, { links: true });
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#contents.push(runs) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, at) => number === b[at]);
}

function sameCursor(a: Frame['cursor'], b: Frame['cursor']): boolean {
  return a.visible === b.visible && (!a.visible || (a.row === b.row && a.col === b.col));
}
