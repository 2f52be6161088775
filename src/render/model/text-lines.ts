import { wordAt } from '../../core/items/element-at.js';
import type { Line } from './line.js';
import { noteRows } from './line-rows.js';
import type { Row } from './row.js';
import { rowsOfText } from './rows-of-text.js';

/** Lines that came together. */
export type LineBatch = readonly Line[] | TextLines;

/** All of them as objects, in one list. */
export function linesOf(batches: readonly LineBatch[]): readonly Line[] {
  const lists = batches.map((batch) => (batch instanceof TextLines ? batch.lines() : batch));
  const [first, second] = lists;
  return first !== undefined && second === undefined ? first : lists.flat();
}

/** Final lines as bytes: most of them are only handed on; they become objects when they are asked for. Never changes. */
export class TextLines {
  readonly length: number;
  readonly #block: TextBlock;
  readonly #from: number;

  constructor(block: TextBlock, from = 0, to = block.outputEnds.length) {
    this.#block = block;
    this.#from = from;
    this.length = to - from;
  }

  /** The lines `from` up to `to`, as far as there are any, as an array gives them. */
  slice(from: number, to = Infinity): TextLines {
    return new TextLines(this.#block, this.#from + from, this.#from + Math.min(to, this.length));
  }

  /** The clean text, each line with its line feed, in UTF-8. */
  get bytes(): Uint8Array {
    const { bytes, outputEnds } = this.#block;
    return bytes.subarray(endAt(outputEnds, this.#from), endAt(outputEnds, this.#from + this.length));
  }

  /** How many rows of the screen they took. */
  get rows(): number {
    return this.#sumTo(this.#block.rowEnds, this.length);
  }

  /** How many of the first take `rows` rows together at most. */
  withinRows(rows: number): number {
    const { rowEnds } = this.#block;
    const most = endAt(rowEnds, this.#from) + rows;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (endAt(rowEnds, this.#from + middle) <= most) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where the first one begins in the recording. */
  get offset(): number {
    return this.#offsetOf(this.#from);
  }

  /** Where the last one ended in the recording. */
  get endOffset(): number {
    return this.endOffsetAt(this.length - 1);
  }

  /** Where line `at` ended in the recording. */
  endOffsetAt(at: number): number {
    return this.#offsetOf(this.#from + at + 1);
  }

  /** How many UTF-16 code units the texts of the first `count` have. */
  charsOf(count: number): number {
    const { outputEnds, savings } = this.#block;
    return this.#sumTo(outputEnds, count) - this.#sumTo(savings, count) - count;
  }

  /** How many of the first have `chars` UTF-16 code units together at most. */
  withinChars(chars: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.charsOf(middle) <= chars) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many columns of blanks were written at the end of line `at`, which its text has not. */
  blanksAt(at: number): number {
    return wordAt(this.#block.blanks, this.#from + at);
  }

  /** The line that byte `at` of `bytes` is in. */
  lineAt(at: number): number {
    const { outputEnds } = this.#block;
    const place = endAt(outputEnds, this.#from) + at;
    let low = this.#from;
    let high = this.#from + this.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (endAt(outputEnds, middle + 1) > place) high = middle;
      else low = middle + 1;
    }
    return low - this.#from;
  }

  /** As objects. */
  lines(): readonly Line[] {
    const { rowEnds } = this.#block;
    const lines: Line[] = [];
    this.eachText((text, at) => {
      const number = this.#from + at;
      const line = { text, offset: this.#offsetOf(number), endOffset: this.#offsetOf(number + 1), final: true };
      noteRows(line, endAt(rowEnds, number + 1) - endAt(rowEnds, number));
      lines.push(line);
    });
    return lines;
  }

  /** As the rows that they were on a screen of `cols` columns. */
  asRows(cols: number): readonly Row[] {
    const { rowEnds } = this.#block;
    return this.lines().flatMap(({ text, offset, endOffset }, at) => {
      const number = this.#from + at;
      const count = endAt(rowEnds, number + 1) - endAt(rowEnds, number);
      const ending = { offset: endOffset };
      return rowsOfText(text, cols, count).map((row, index) => ({
        text: row,
        wrapped: index > 0,
        continues: index < count - 1,
        offset,
        ending,
      }));
    });
  }

  /** Calls `give` with the text of each line, in their order. */
  eachText(give: (text: string, at: number) => void): void {
    const { bytes, outputEnds, savings } = this.#block;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const to = this.#from + this.length;
    for (let first = this.#from; first < to; ) {
      const start = endAt(outputEnds, first);
      let last = first + 1;
      while (last < to && endAt(outputEnds, last + 1) - start <= BLOCK) last++;
      const end = endAt(outputEnds, last);
      const isAscii = endAt(savings, last) === endAt(savings, first);
      const text = buffer.toString(isAscii ? 'latin1' : 'utf8', start, end);
      let at = 0;
      for (let line = first; line < last; line++) {
        const length =
          endAt(outputEnds, line + 1) - endAt(outputEnds, line) - endAt(savings, line + 1) + endAt(savings, line);
        give(text.substring(at, at + length - 1), line - this.#from);
        at += length;
      }
      first = last;
    }
  }

  /** Where line `number` of the block begins in the recording. */
  #offsetOf(number: number): number {
    const { start, base, inputEnds } = this.#block;
    return number === 0 ? start : base + endAt(inputEnds, number);
  }

  #sumTo(ends: Int32Array, count: number): number {
    return endAt(ends, this.#from + count) - endAt(ends, this.#from);
  }
}

/** The bytes of the lines, and for each line the end of all up to it. */
export interface TextBlock {
  /** Clean text, each line with its line feed. */
  readonly bytes: Uint8Array;
  /** Where the first line begins in the recording, and what `inputEnds` are counted from. */
  readonly start: number;
  readonly base: number;
  readonly inputEnds: Int32Array;
  readonly outputEnds: Int32Array;
  /** Rows of the screen. */
  readonly rowEnds: Int32Array;
  /** Bytes that are no UTF-16 code units of their own. */
  readonly savings: Int32Array;
  /** For each line, how many columns of blanks are left out at its end. */
  readonly blanks: Int32Array;
}

/** Where the first `count` lines end. */
function endAt(ends: Int32Array, count: number): number {
  return count === 0 ? 0 : wordAt(ends, count - 1);
}

/**
 * The most characters of one string that is cut into lines: that is faster than a string for each, but each line that is kept
 * keeps the whole of it.
 */
const BLOCK = 4096;
