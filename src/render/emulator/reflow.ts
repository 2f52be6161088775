import { itemAt, wordAt } from '../../core/items/element-at.js';
import { CELL_WORDS, type InternalLine, UNTOUCHED } from './terminal-state.js';

/**
 * Lays the rows of a screen out for another width: rows that the terminal wrapped are one line, which is cut into rows again.
 * No text is lost or added, and the cursor stays at the character that it stood at. Rows are made when they are asked for,
 * since a large screen that becomes two columns wide has millions.
 */
export class Reflow {
  readonly cols: number;
  /** How many rows there are now. */
  readonly rows: number;
  readonly #empty: InternalLine;
  readonly #lines: readonly LogicalLine[];
  /** Of each old row, the line that it belongs to. */
  readonly #lineOf: readonly LogicalLine[];

  constructor(old: readonly InternalLine[], cols: number) {
    this.cols = cols;
    this.#empty = emptyLine(old[0]);
    const lines: LogicalLine[] = [];
    const lineOf: LogicalLine[] = [];
    let rows = 0;
    for (let from = 0; from < old.length; ) {
      let to = from + 1;
      while (old[to]?.isWrapped === true) to++;
      const line = new LogicalLine(old.slice(from, to), { empty: this.#empty, from, row: rows, cols });
      lines.push(line);
      for (let at = from; at < to; at++) lineOf.push(line);
      rows += line.rows;
      from = to;
    }
    this.rows = rows;
    this.#lines = lines;
    this.#lineOf = lineOf;
  }

  /** How many rows there are without the blank ones at the end. */
  get usedRows(): number {
    const last = this.#lines.findLast(({ length }) => length > 0);
    return last === undefined ? 0 : last.row + last.rows;
  }

  /** A row in its new width; a blank one behind the last. */
  make(row: number): InternalLine {
    return row >= this.rows ? blankLine(this.#empty, this.cols) : this.#at(row).make(row);
  }

  /** The old rows that a row has characters of, the first and the last. */
  sources(row: number): readonly [from: number, to: number] {
    return this.#at(row).sources(row);
  }

  /** Where a place of the old screen is now; a column behind the last is where the next character wraps. */
  place(row: number, col: number): { readonly row: number; readonly col: number } {
    return this.#lineOf[row]?.place(row, col) ?? { row: this.rows, col: Math.min(col, this.cols - 1) };
  }

  /** The first row that has nothing of the rows above an old one. */
  below(row: number): number {
    return this.#lineOf[row]?.below(row) ?? this.rows + row - this.#lineOf.length;
  }

  #at(row: number): LogicalLine {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (itemAt(this.#lines, middle).row <= row) low = middle;
      else high = middle - 1;
    }
    return itemAt(this.#lines, low);
  }
}

/** Rows that the terminal wrapped, as one line of cells. */
class LogicalLine {
  /** The number of its first row now. */
  readonly row: number;
  /** Cells up to the last one that was written. */
  readonly length: number;
  readonly #old: readonly InternalLine[];
  readonly #empty: InternalLine;
  readonly #cols: number;
  readonly #from: number;
  /** Where the first cell of each old row is in the line; the same for each row of the new width. */
  readonly #oldStarts: readonly number[];
  readonly #starts: readonly number[];

  constructor(
    old: readonly InternalLine[],
    { empty, from, row, cols }: { readonly empty: InternalLine } & Record<'from' | 'row' | 'cols', number>,
  ) {
    this.#old = old;
    this.#empty = empty;
    this.#from = from;
    this.#cols = cols;
    this.row = row;
    const oldStarts: number[] = [];
    const starts = [0];
    let length = 0;
    let start = 0;
    for (const [at, line] of old.entries()) {
      oldStarts.push(length);
      const next = old[at + 1];
      const cells = next === undefined ? writtenCells(line) : continuedCells(line, next);
      for (let col = 0; col < cells; ) {
        const width = isWide(line, col) ? 2 : 1;
        if (length + width - start > cols) {
          start = length;
          starts.push(start);
        }
        length += width;
        col += width;
      }
    }
    this.length = length;
    this.#oldStarts = oldStarts;
    this.#starts = starts;
  }

  get rows(): number {
    return this.#starts.length;
  }

  make(row: number): InternalLine {
    const at = row - this.row;
    const isLast = at === this.rows - 1;
    const start = itemAt(this.#starts, at);
    // Cells behind the text may have colours, and are kept where there is room for them.
    const end = isLast ? start + this.#cols : itemAt(this.#starts, at + 1);
    const made = blankLine(this.#empty, this.#cols);
    made.isWrapped = at > 0 || this.#old[0]?.isWrapped === true;
    for (let index = this.#oldRowAt(start); index < this.#old.length; index++) {
      const from = itemAt(this.#oldStarts, index);
      if (from >= end) break;
      const line = itemAt(this.#old, index);
      const to = Math.min(end, this.#oldStarts[index + 1] ?? from + line.length);
      copyCells(line, Math.max(start, from) - from, to - from, made, Math.max(from - start, 0));
    }
    if (!isLast && end - start === this.#cols) fill(made, this.#cols - 1);
    return made;
  }

  sources(row: number): readonly [from: number, to: number] {
    const at = row - this.row;
    const start = itemAt(this.#starts, at);
    const last = this.#oldRowAt(Math.max(start, (this.#starts[at + 1] ?? this.length) - 1));
    // Rows that were wrapped to and have nothing yet belong to the last.
    const to = at === this.rows - 1 ? this.#old.length - 1 : last;
    return [this.#from + this.#oldRowAt(start), this.#from + to];
  }

  place(row: number, col: number): { readonly row: number; readonly col: number } {
    const index = row - this.#from;
    const offset = Math.min(itemAt(this.#oldStarts, index) + col, this.#oldStarts[index + 1] ?? Infinity);
    const at = offset < this.length ? lastAtMost(this.#starts, offset) : this.rows - 1;
    const start = itemAt(this.#starts, at);
    // Behind the text of a full row the next character wraps; elsewhere there is room for it.
    const isFull = offset >= this.length && this.length - start >= this.#cols;
    return { row: this.row + at, col: Math.min(offset - start, isFull ? this.#cols : this.#cols - 1) };
  }

  below(row: number): number {
    const offset = itemAt(this.#oldStarts, row - this.#from);
    const at = this.#starts.findIndex((start) => start >= offset);
    return this.row + (at === -1 ? this.rows : at);
  }

  #oldRowAt(offset: number): number {
    return lastAtMost(this.#oldStarts, offset);
  }
}

/** The index of the last of `sorted` that is at most `value`. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (itemAt(sorted, middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function writtenCells(line: InternalLine): number {
  let end = line.length;
  while (end > 0 && !isWritten(line, end - 1)) end--;
  return end;
}

/** The one cell at the end that a wide character did not fit in does not belong to the text. */
function continuedCells(line: InternalLine, next: InternalLine): number {
  return isWritten(line, line.length - 1) || !isWide(next, 0) ? line.length : line.length - 1;
}

/** Or the second half of a wide character. */
export function isWritten({ _data: data }: InternalLine, col: number): boolean {
  const content = data[col * CELL_WORDS] ?? UNTOUCHED;
  return (content & HAS_CONTENT) !== 0 || content >>> WIDTH_SHIFT === 0;
}

/** The first of the two cells of a wide character. */
export function isWide({ _data: data, length }: InternalLine, col: number): boolean {
  return (
    col + 1 < length &&
    wordAt(data, col * CELL_WORDS) >>> WIDTH_SHIFT === 2 &&
    wordAt(data, (col + 1) * CELL_WORDS) >>> WIDTH_SHIFT === 0
  );
}

/** A line without cells, to make others from: cloning a line copies its cells. */
export function emptyLine(other: InternalLine | undefined): InternalLine {
  if (other === undefined) throw new RangeError('a screen has at least one row');
  const made = other.clone();
  made._data = new Uint32Array(0);
  made.length = 0;
  made.isWrapped = false;
  made._combined = {};
  made._extendedAttrs = {};
  return made;
}

/** A line of `cols` cells that nothing was written to. */
export function blankLine(empty: InternalLine, cols: number): InternalLine {
  const made = empty.clone();
  made._data = new Uint32Array(cols * CELL_WORDS);
  for (let at = 0; at < made._data.length; at += CELL_WORDS) made._data[at] = UNTOUCHED;
  made.length = cols;
  return made;
}

/** The cells `from` up to `to` of a line, to column `col` of another. */
export function copyCells(line: InternalLine, from: number, to: number, target: InternalLine, col: number): void {
  const { _data: data, _combined: combined, _extendedAttrs: extended } = line;
  target._data.set(data.subarray(from * CELL_WORDS, to * CELL_WORDS), col * CELL_WORDS);
  for (let at = from; at < to; at++) {
    const cell = at * CELL_WORDS;
    if ((wordAt(data, cell) & IS_COMBINED) !== 0) target._combined[at - from + col] = combined[at] ?? '';
    if ((wordAt(data, cell + 2) & HAS_EXTENDED) !== 0) target._extendedAttrs[at - from + col] = extended[at];
  }
}

/** Makes a blank of a cell in the last column that nothing was written to: it would be the gap in front of a wide character. */
function fill(line: InternalLine, col: number): void {
  const content = wordAt(line._data, col * CELL_WORDS);
  if ((content & HAS_CONTENT) === 0 && content >>> WIDTH_SHIFT === 1) line._data[col * CELL_WORDS] = content | BLANK;
}

/** Of the first number of a cell: its code point or that it has several, and its columns. */
const HAS_CONTENT = 0x3fffff;
const WIDTH_SHIFT = 22;
const IS_COMBINED = 0x200000;
/** Of the third number: it has a kind or a colour of underline. */
const HAS_EXTENDED = 0x10000000;
const BLANK = 0x20;
