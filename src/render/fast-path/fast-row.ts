import { codePointOf } from '../../core/items/element-at.js';
import { cellWidth } from '../../core/terminal/cell-width.js';
import type { Latin1Bytes } from '../model/latin1-bytes.js';
import type { Ending } from '../model/provenance.js';

/** One row of the fast path's screen. */
export class FastRow {
  /** Columns up to the last that was written. */
  length = 0;
  wrapped = false;
  /** Where its bytes begin, and end; see Provenance. */
  offset: number | undefined;
  ending: Ending | undefined;
  /** Text was ever written to it. */
  hasText = false;
  readonly #cols: number;
  /** Code points; 0 where nothing was written, TAIL in the second column of a wide character. */
  readonly #cells: Uint32Array;
  /** Only ASCII was written since it was blank. */
  #plain = true;
  /** Instead of the cells, which are blank then, while it is one run of ASCII: the bytes it stands in. */
  #bytes: Latin1Bytes | undefined;
  #bytesFrom = 0;

  constructor(cols: number) {
    this.#cols = cols;
    this.#cells = new Uint32Array(cols + 2);
  }

  /**
   * Writes all of a blank row; false where the text has what a cell here cannot keep, or does not fit. `isGap`: whether a column
   * that the text has a blank for was never written.
   */
  load(text: string, isGap: (col: number) => boolean): boolean {
    // A mark alone has a cell without width, which is not in the text where nothing follows.
    if (text === '' && !isGap(0)) return false;
    let col = 0;
    for (const character of text) {
      const code = codePointOf(character);
      const width = cellWidth(code);
      if (width === 0 || col + width > this.#cols) return false;
      if (code >= 0x80) this.#plain = false;
      this.#cells[col++] = code;
      if (width === 2) this.#cells[col++] = TAIL;
    }
    this.length = col;
    // What is behind the last that was written is blank for a reason: the row continues.
    let written = col;
    while (written > 0 && this.#isGap(written - 1, isGap)) written--;
    for (let at = 0; at < written; at++) if (this.#isGap(at, isGap)) this.#cells[at] = 0;
    return true;
  }

  /** Has a blank row be `length` bytes of printable ASCII, in place, until `detach`. */
  pointTo(bytes: Latin1Bytes, from: number, length: number): void {
    this.#bytes = bytes;
    this.#bytesFrom = from;
    this.length = length;
  }

  /** Lets go of the bytes it points to. */
  detach(): void {
    this.#written();
  }

  writeAscii(bytes: Uint8Array, from: number, to: number, col: number): void {
    const cells = this.#written();
    this.#clearHalf(col);
    const shift = col - from;
    for (let at = from; at < to; at++) cells[at + shift] = bytes[at] ?? 0;
    this.#wroteTo(to + shift);
  }

  writeCharacter(code: number, width: number, col: number): void {
    if (this.#bytes !== undefined) this.detach();
    const cells = this.#cells;
    const end = col + width;
    if (cells[col] === TAIL) cells[col - 1] = 0;
    cells[col] = code;
    if (width === 2) cells[col + 1] = TAIL;
    if (cells[end] === TAIL) cells[end] = 0;
    if (end > this.length) this.length = end;
    this.#plain = false;
  }

  erase(from: number, to: number): void {
    if (from >= this.length) return;
    if (from === 0 && to >= this.length) {
      this.clear();
      return;
    }
    const cells = this.#written();
    if (cells[from] === TAIL) cells[from - 1] = 0;
    if (cells[to] === TAIL) cells[to] = 0;
    cells.fill(0, from, Math.min(to, this.length));
    while (this.length > 0 && cells[this.length - 1] === 0) this.length--;
  }

  clear(): void {
    if (this.#bytes === undefined) this.#cells.fill(0, 0, this.length);
    this.#bytes = undefined;
    this.length = 0;
    this.#plain = true;
  }

  get beginsWide(): boolean {
    return this.#written()[1] === TAIL;
  }

  /** `continues`: a row that goes on below is filled up with blanks, except for one column that a wide character may have left. */
  text(continues: boolean): string {
    const { length } = this;
    const from = this.#bytesFrom;
    const text = this.#bytes?.toString('latin1', from, from + length) ?? cellText(this.#cells, length, this.#plain);
    return continues && length < this.#cols - 1 ? text + ' '.repeat(this.#cols - length) : text;
  }

  /**
   * What draws its text on a blank row: the cursor is moved over what was not written, since a mark on such a cell stands alone. Where it
   * begins with that, only a character would bring the cursor from the end of the row above to a row that wraps.
   */
  paint(): string {
    const cells = this.#written();
    let painted = this.wrapped && (this.length === 0 || cells[0] === 0) ? TO_WRAPPED_ROW : '';
    for (let col = 0; col < this.length; ) {
      const from = col;
      while (col < this.length && cells[col] === 0) col++;
      if (col > from) painted += `\x1b[${col - from}C`;
      const written = col;
      while (col < this.length && cells[col] !== 0) col++;
      painted += cellText(cells.subarray(written, col), col - written, this.#plain);
    }
    return painted;
  }

  #isGap(col: number, isGap: (col: number) => boolean): boolean {
    return this.#cells[col] === BLANK && isGap(col);
  }

  #written(): Uint32Array {
    const cells = this.#cells;
    const bytes = this.#bytes;
    if (bytes !== undefined) {
      for (let col = 0; col < this.length; col++) cells[col] = bytes[this.#bytesFrom + col] ?? 0;
      this.#bytes = undefined;
    }
    return cells;
  }

  /** Writing begins at `col`: the first half of a wide character before it loses its second. */
  #clearHalf(col: number): void {
    if (!this.#plain && this.#cells[col] === TAIL) this.#cells[col - 1] = 0;
  }

  /** What is behind `col` may be the rest of a wide character. */
  #wroteTo(col: number): void {
    if (!this.#plain && this.#cells[col] === TAIL) this.#cells[col] = 0;
    if (col > this.length) this.length = col;
  }
}

const BLANK = 0x20;
const TAIL = 0xffffffff;
/** A blank, which is erased again (ECH). */
const TO_WRAPPED_ROW = ' \x1b[G\x1b[X';

function cellText(cells: Uint32Array, length: number, plain: boolean): string {
  return plain ? plainText(cells, length) : wideText(cells, length);
}

/** A string of bytes is half the size of one with other characters, and made faster. */
function plainText(cells: Uint32Array, length: number): string {
  const scratch = length > BYTE_SCRATCH.length ? Buffer.alloc(length) : BYTE_SCRATCH;
  for (let col = 0; col < length; col++) scratch[col] = cells[col] || BLANK;
  return scratch.toString('latin1', 0, length);
}

function wideText(cells: Uint32Array, length: number): string {
  let units = 0;
  const scratch = length * 2 > SCRATCH.length ? new Uint16Array(length * 2) : SCRATCH;
  for (let col = 0; col < length; col++) {
    const code = cells[col] ?? 0;
    if (code === TAIL) continue;
    if (code < 0x10000) scratch[units++] = code === 0 ? BLANK : code;
    else {
      scratch[units++] = 0xd7c0 + (code >> 10);
      scratch[units++] = 0xdc00 + (code & 0x3ff);
    }
  }
  return Buffer.from(scratch.buffer, 0, units * 2).toString('utf16le');
}

/** These hold one row while it becomes a string. */
const BYTE_SCRATCH = Buffer.alloc(1024);
const SCRATCH = new Uint16Array(1024);
