import type { Line } from '../model/line.js';

/**
 * Lines that were shown before they were final. When one becomes final it need not be shown again: that line itself, made
 * of the same bytes, not any other that says the same.
 *
 * What a program erases with all of the screen it may print again, and then it is one line of the transcript (see
 * RedrawFilter): such lines are known by their text.
 */
export class ShownLines {
  #standing: ShownLine[] = [];
  /** Texts, in their order. */
  #erased: string[] = [];

  /** `row`: the number of its first row, counted over the whole recording; undefined for a line that is not of the screen. */
  add(line: Line, row: number | undefined): void {
    this.#standing.push({ line, row });
    if (this.#standing.length > MAX_LINES) this.#standing.splice(0, this.#standing.length - MAX_LINES);
  }

  /** Whether no line that comes can be one that was shown. */
  get isEmpty(): boolean {
    return this.#standing.length === 0 && this.#erased.length === 0;
  }

  /** The lines of `final` that were not shown. */
  unshown(final: readonly Line[]): readonly Line[] {
    if (this.isEmpty) return final;
    return final.filter((line) => !this.#takeStanding(line) && !this.#takeErased(line.text));
  }

  /** A line that stands on the screen was shown before that was erased; it is one that was shown from now on. */
  takeOver(line: Line, row: number): boolean {
    if (!this.#takeErased(line.text)) return false;
    this.add(line, row);
    return true;
  }

  /** All of the screen was erased. */
  erased(): void {
    const { rows, others } = this.#split(0);
    this.#standing = others;
    this.#erased.push(...rows.map(({ line }) => line.text));
    if (this.#erased.length > MAX_LINES) this.#erased.splice(0, this.#erased.length - MAX_LINES);
  }

  /** From `row` on the screen was drawn over: what was shown of it is something else than what comes, even if it looks the same. */
  drawnOver(row: number): { readonly any: boolean } {
    const { rows, others } = this.#split(row);
    this.#standing = others;
    return { any: rows.length > 0 };
  }

  /**
   * The terminal has another size, and the lines of the screen stand on other rows of it: `lines`, in their order. Gives
   * the last of those that were shown; undefined where none was.
   */
  reflowed<T extends { readonly line: Line; readonly row: number }>(lines: readonly T[]): T | undefined {
    const { rows, others } = this.#split(0);
    let from = 0;
    let last: T | undefined;
    const moved = rows.map((shown) => {
      const at = lines.findIndex(({ line }, index) => index >= from && line.text === shown.line.text);
      const found = lines[at];
      if (found === undefined) return shown;
      from = at + 1;
      last = found;
      return { line: found.line, row: found.row };
    });
    this.#standing = [...others, ...moved];
    return last;
  }

  /** Whether there are any of the screen. */
  get hasRows(): boolean {
    return this.#standing.some(({ row }) => row !== undefined);
  }

  #split(from: number): { readonly rows: ShownLine[]; readonly others: ShownLine[] } {
    const isOfRows = ({ row }: ShownLine): boolean => row !== undefined && row >= from;
    return {
      rows: this.#standing.filter(isOfRows),
      others: this.#standing.filter((shown) => !isOfRows(shown)),
    };
  }

  #takeStanding({ text, offset, endOffset }: Line): boolean {
    const at = this.#standing.findIndex(
      ({ line }) => line.offset === offset && line.endOffset === endOffset && line.text === text,
    );
    if (at === -1) return false;
    this.#standing.splice(at, 1);
    return true;
  }

  /** They come again in their order, so those above did not; but a blank line may be any. */
  #takeErased(text: string): boolean {
    const at = text === '' && this.#erased[0] !== '' ? -1 : this.#erased.indexOf(text);
    if (at === -1) return false;
    this.#erased.splice(0, at + 1);
    return true;
  }
}

interface ShownLine {
  readonly line: Line;
  readonly row: number | undefined;
}

/** More than a screen of lines, which is the most that can wait to become final; what is older was drawn over. */
const MAX_LINES = 2000;
