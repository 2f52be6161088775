import type { Resumable } from '../../core/resumable.js';
import type { Run } from '../model/frame.js';
import type { Row } from '../model/row.js';

/**
 * The rows of the alternate screen that were erased since text was last written there. A program may blank its screen row by
 * row before it leaves: then these are its last frame.
 */
export class BlankedRows implements Resumable<BlankedRowsState> {
  /** By number of the row. */
  #rows: (Row | undefined)[] = [];
  readonly #styles: boolean;

  /** `styles`: rows that are resumed have their colours. */
  constructor(styles: boolean) {
    this.#styles = styles;
  }

  save(): BlankedRowsState {
    return Array.from(this.#rows, (row) => (row === undefined ? null : [row.text, row.runs ?? []]));
  }

  resume(state: BlankedRowsState): void {
    this.#rows = state.map((saved) => (saved === null ? undefined : rowOf(saved, this.#styles)));
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** Whether each of the rows `from` up to `to` was erased before. */
  has(from: number, to: number): boolean {
    for (let row = from; row < to; row++) if (this.#rows[row] === undefined) return false;
    return true;
  }

  /** `rows`, the first of which is number `from`, are about to be erased or moved. */
  erasing(rows: readonly Row[], from: number): void {
    for (const [index, row] of rows.entries()) if (row.text.trimEnd() !== '') this.#rows[from + index] ??= row;
  }

  /** Text was written, or what stands there is known otherwise. */
  forget(): void {
    this.#rows = [];
  }

  /** `rows` of a screen that has become blank, as they were before. */
  restored(rows: readonly Row[]): readonly Row[] {
    return rows.map((row, at) => this.#rows[at] ?? row);
  }
}

/** The text and the runs of each. */
export type BlankedRowsState = readonly (readonly [text: string, runs: readonly Run[]] | null)[];

function rowOf([text, runs]: readonly [string, readonly Run[]], styles: boolean): Row {
  const plain = { text, wrapped: false, continues: false, offset: undefined, ending: undefined };
  return styles ? { ...plain, runs } : plain;
}
