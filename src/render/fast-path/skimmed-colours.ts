import { itemAt } from '../../core/items/element-at.js';
import type { Run } from '../model/frame.js';
import type { Row } from '../model/row.js';
import type { WholeLines } from '../emulator/whole-lines.js';

/** The colours of lines that were skimmed. They are hardly ever asked for: the lines are read again when they are. */
export class SkimmedColours {
  readonly #read: () => readonly Row[];
  /** Where each line begins, by rows. */
  readonly #starts: number[] = [];
  #rows: readonly Row[] | undefined;

  /** The colours of the lines `from` up to `to`, whose rows `read` gives. */
  constructor(lines: WholeLines, [from, to]: readonly [from: number, to: number], read: () => readonly Row[]) {
    this.#read = read;
    let row = 0;
    for (let line = from; line < to; line++) {
      this.#starts.push(row);
      row += Math.max(1, Math.ceil(lines.columns(line) / lines.cols));
    }
  }

  /** The runs of row `row` of line `line`, counted from the first of the lines. */
  runs(line: number, row: number): readonly Run[] {
    this.#rows ??= this.#read();
    return this.#rows[itemAt(this.#starts, line) + row]?.runs ?? [];
  }
}
