import type { Resumable } from '../../core/resumable.js';

/**
 * Which rows of the normal screen a program has drawn over, or drawn first within a synchronized update: from those on
 * it may do so again. Rows are numbered over the whole recording.
 *
 * A program draws over rows when it moves the cursor up and then writes where text was. A move that only comes back from
 * further down, to where nothing was written yet, is none: a program that keeps a bar at the bottom of the screen moves so,
 * most of all by restoring the cursor that it saved.
 */
export class RedrawnRows implements Resumable<RedrawnRowsState> {
  /** The highest row that the cursor was moved up to, until something is written there. */
  #reached: number | undefined;
  /** The same when the cursor was saved; undefined where it was not, or has been restored since. */
  #saved: { readonly reached: number | undefined } | undefined;
  #synchronized = false;
  #over = new Set<number>();
  #updated = new Set<number>();
  #movedDown = false;
  #likely = false;

  /** The program did what those do that draw over rows: it moved the cursor up, hid it, erased the screen, or began a synchronized update. */
  get areLikely(): boolean {
    return this.#likely;
  }

  /** Whether it matters where text is written next. */
  get areComing(): boolean {
    return this.#reached !== undefined;
  }

  /** The cursor was moved from one row to another by something else than text. */
  moved(from: number, to: number): void {
    if (to < from) {
      this.#reached = Math.min(to, this.#reached ?? to);
      this.#likely = true;
    } else if (to > from) this.#movedDown = true;
  }

  cursorHidden(): void {
    this.#likely = true;
  }

  /** The cursor was saved: text until it is restored is written elsewhere. */
  cursorSaved(): void {
    this.#saved = { reached: this.#reached };
    this.#reached = undefined;
  }

  /** The cursor was moved to another row by being restored. */
  cursorRestored(from: number, to: number): void {
    if (this.#saved === undefined) this.moved(from, to);
    else this.#reached = this.#saved.reached;
    this.#saved = undefined;
  }

  /** Text was written to a row, which was blank before (`fresh`) or was not. To be called while `areComing`. */
  wrote(row: number, fresh: boolean): void {
    if (!fresh) this.#over = this.#withRow(this.#over, row);
    else if (this.#synchronized) this.#updated = this.#withRow(this.#updated, row);
    this.#reached = undefined;
  }

  /** A synchronized update (DEC mode 2026) begins or ends with the cursor on that row. */
  synchronized(on: boolean, row: number): void {
    this.#synchronized = on;
    if (!on) return;
    this.#likely = true;
    this.#reached = Math.min(row, this.#reached ?? row);
  }

  /** All of the screen, the first row of which is `first`, is erased with text on it. */
  erased(first: number): void {
    this.#over = this.#withRow(this.#over, first);
    this.#likely = true;
  }

  /** What was seen since the last call. */
  take(): Redraws {
    const { over, updated, movedDown } = this.save();
    this.#over.clear();
    this.#updated.clear();
    this.#movedDown = false;
    return { over, updated, movedDown };
  }

  save(): RedrawnRowsState {
    return {
      over: [...this.#over],
      updated: [...this.#updated],
      movedDown: this.#movedDown,
      likely: this.#likely,
      reached: this.#reached ?? null,
      saved: this.#saved === undefined ? null : { reached: this.#saved.reached ?? null },
      synchronized: this.#synchronized,
    };
  }

  resume({ over, updated, movedDown, likely, reached, saved, synchronized }: RedrawnRowsState): void {
    this.#likely = likely;
    this.#over = new Set(over);
    this.#updated = new Set(updated);
    this.#movedDown = movedDown;
    this.#reached = reached ?? undefined;
    this.#saved = saved === null ? undefined : { reached: saved.reached ?? undefined };
    this.#synchronized = synchronized;
  }

  /** Where `take` is not called, only rows that may still be on the screen are kept. */
  #withRow(rows: Set<number>, row: number): Set<number> {
    rows.add(Math.min(row, this.#reached ?? row));
    rows.add(row);
    return rows.size <= MAX_ROWS ? rows : new Set([...rows].filter((other) => other > row - MAX_SCREEN_ROWS));
  }
}

export interface Redraws {
  /** The first rows of what was drawn over, and rows within that; in no order. */
  readonly over: readonly number[];
  /** The same of what was first drawn within a synchronized update. */
  readonly updated: readonly number[];
  /** The cursor was moved down as well: not all below those rows need have been drawn again. */
  readonly movedDown: boolean;
}

export interface RedrawnRowsState extends Redraws {
  readonly likely: boolean;
  readonly reached: number | null;
  readonly saved: { readonly reached: number | null } | null;
  readonly synchronized: boolean;
}

/** As many as a screen has at most. */
const MAX_SCREEN_ROWS = 1024;
const MAX_ROWS = 2 * MAX_SCREEN_ROWS;
