import type { Resumable } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import type { Row } from '../model/row.js';
import type { AltChoices } from './alt-choices.js';
import { type AssemblerState, type Endings, LineAssembler } from './line-assembler.js';

/** Makes lines of rows that leave the normal screen; blocks that are anchored to them come loose. */
export class LeavingRows implements Resumable<AssemblerState> {
  readonly #assembler: LineAssembler;
  readonly #alts: AltChoices;

  /** `endings`, `styles`: see LineAssembler. */
  constructor(alts: AltChoices, options: { readonly endings: Endings; readonly styles: boolean }) {
    this.#alts = alts;
    this.#assembler = new LineAssembler(options);
  }

  /** When all finished lines were taken. */
  save(): AssemblerState {
    return this.#assembler.save();
  }

  resume(state: AssemblerState): void {
    this.#assembler.resume(state);
  }

  /** How many rows have left of a line that goes on in those of the screen. */
  get openRows(): number {
    return this.#assembler.openRows;
  }

  /** Where the last finished line ended. */
  get end(): number {
    return this.#assembler.end;
  }

  /** The lines of `rows`, the first of which is number `first`. */
  linesOf(rows: readonly Row[], first: number): readonly Line[] {
    const { all } = this.#alts;
    if (all.every(({ blocks }) => blocks.isEmpty)) {
      this.#assembler.add(rows);
      return this.#assembler.take();
    }
    const lines: Line[] = [];
    const nextAbove = (): number => Math.min(...all.map(({ blocks }) => blocks.rowsAbove(first)));
    let done = 0;
    for (let above = nextAbove(); above < rows.length; above = nextAbove()) {
      this.#assembler.add(rows.slice(done, above));
      lines.push(...this.take());
      for (const { blocks } of all) {
        if (blocks.rowsAbove(first) === above) blocks.leaveRow(this.#assembler.isOpen);
      }
      done = Math.max(done, above);
    }
    this.#assembler.add(done === 0 ? rows : rows.slice(done));
    lines.push(...this.take());
    return lines;
  }

  /** Lines have left that are whole, the last of which ended at the offset `end`. */
  passed(end: number): void {
    this.#assembler.passed(end);
  }

  /** The lines of all `rows` of the screen, the first of which is number `first`, when they are about to go. */
  linesOfScreen(rows: readonly Row[], first: number): readonly Line[] {
    const last = rows.findLastIndex((row) => row.text.trimEnd() !== '');
    const lines = this.linesOf(rows.slice(0, last + 1), first);
    this.#assembler.finish();
    const rest = this.take();
    for (const { blocks } of this.#alts.all) while (blocks.rowsAbove(0) !== Infinity) blocks.leaveRow(false);
    return lines.concat(rest);
  }

  /** Rows go from below others that stay. */
  addCut(rows: readonly Row[]): void {
    this.#assembler.addCut(rows);
  }

  /** The lines finished since the last call. */
  take(): readonly Line[] {
    const lines = this.#assembler.take();
    this.later(lines);
    return lines;
  }

  /** Lines that stand behind all that were made of rows so far. */
  later(lines: readonly Line[]): void {
    for (const { blocks } of this.#alts.all) blocks.later(lines);
  }
}
