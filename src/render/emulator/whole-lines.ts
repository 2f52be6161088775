import { byteAt, wordAt } from '../../core/items/element-at.js';
import { CR, ESC, LF, TAB } from '../../core/terminal/codes.js';
import type { Latin1Bytes } from '../model/latin1-bytes.js';
import type { Run } from '../model/frame.js';
import type { Row } from '../model/row.js';
import { withRuns } from '../model/runs-later.js';

/**
 * Reads lines that are each one row of printable ASCII from the first column on, with nothing in them but colours, tabs
 * and EL to the right, and ended by CR LF; where it is asked for, lines that wrap too. On a screen that scrolls, what such
 * lines become depends on nothing but themselves, so that hundreds of them are read at once.
 */
export class WholeLines {
  /** The cells of the lines read last, one line after the other; blanks where a tab went over them. */
  readonly cells: Latin1Bytes = Buffer.alloc(CELLS + WORD);
  /** How many lines were read last. */
  count = 0;
  readonly #cols: number;
  /** The longest line that is read. */
  readonly #maxColumns: number;
  readonly #cellWords = wordsOf(this.cells);
  /** For each line, where its cells begin and end, and where its bytes end in the input. */
  readonly #starts = new Int32Array(MAX_LINES);
  readonly #ends = new Int32Array(MAX_LINES);
  readonly #inputEnds = new Int32Array(MAX_LINES);
  #used = 0;
  #input = NOTHING;
  /** Behind the last line feed of the input that has a word behind it: in front of that nothing has to look for the end. */
  #inputEnd = 0;
  /** Some cells as a string, which the texts of the lines in there share; where it begins and ends. */
  #block = '';
  #blockFrom = 0;
  #blockTo = 0;

  constructor(cols: number, { wraps = false }: { readonly wraps?: boolean } = {}) {
    this.#cols = cols;
    this.#maxColumns = wraps ? Math.max(cols, MAX_WRAPPED) : cols;
  }

  get hasRoom(): boolean {
    return this.#used + this.#maxColumns <= CELLS;
  }

  /** The cells of all lines read so far are needed no longer. */
  clear(): void {
    this.#used = 0;
    this.#blockTo = 0;
  }

  /** Lines will be read from `bytes`, until `close`. */
  open(bytes: Uint8Array): void {
    this.#input = wordsOf(bytes);
    this.#inputEnd = bytes.subarray(0, Math.max(0, bytes.length - WORD)).lastIndexOf(LF) + 1;
  }

  close(): void {
    this.#input = NOTHING;
    this.clear();
  }

  /** Reads lines from `from` on; gives where the first thing begins that is no such line, or not all of it. */
  read(from: number): number {
    this.count = 0;
    this.#blockTo = 0;
    let at = from;
    while (at < this.#inputEnd && this.count < MAX_LINES && this.hasRoom) {
      const next = this.#readLine(at);
      if (next === at) break;
      at = next;
    }
    return at;
  }

  /** Reads one line. Returns its end, or `from` for a line of another kind. */
  #readLine(from: number): number {
    const input = this.#input;
    const { bytes } = input;
    const cells = this.#cellWords;
    const start = this.#used;
    const right = start + this.#cols;
    const longest = start + this.#maxColumns;
    let out = start;
    let written = start;
    let at = from;
    let byte = 0;
    for (;;) {
      const end = copyPrintable(input, at, cells, out, longest);
      if (end > at) {
        out += end - at;
        at = end;
        written = out;
      }
      byte = byteAt(bytes, at);
      if (byte === CR) break;
      let next = at;
      if (byte === ESC) next = skipSequence(bytes, at, out < right);
      else if (byte === TAB && out < right) {
        const stop = Math.min(start + ((out - start) | 7) + 1, right - 1);
        while (out < stop) cells.bytes[out++] = 0x20;
        next = at + 1;
      }
      if (next === at) break;
      at = next;
    }
    while (byte === CR) {
      byte = byteAt(bytes, ++at);
      out = start;
    }
    // Without CR, LF leaves the cursor in its column, and the next line begins there.
    if (byte !== LF || out > start) return from;
    this.#used = written;
    this.#starts[this.count] = start;
    this.#ends[this.count] = written;
    this.#inputEnds[this.count] = at + 1;
    this.count++;
    return at + 1;
  }

  /** Of the screen. */
  get cols(): number {
    return this.#cols;
  }

  /** How many rows the first `count` lines are. */
  rows(count: number): number {
    let rows = 0;
    for (let line = 0; line < count; line++) rows += Math.max(1, Math.ceil(this.columns(line) / this.#cols));
    return rows;
  }

  /** Where the cells of a line begin. */
  cellsFrom(line: number): number {
    return wordAt(this.#starts, line);
  }

  columns(line: number): number {
    return wordAt(this.#ends, line) - wordAt(this.#starts, line);
  }

  /** Where the bytes of a line end in the input; those of the next begin there. */
  inputEnd(line: number): number {
    return wordAt(this.#inputEnds, line);
  }

  text(line: number): string {
    const from = wordAt(this.#starts, line);
    const to = wordAt(this.#ends, line);
    if (to > this.#blockTo) {
      this.#blockFrom = from;
      this.#blockTo = Math.min(this.#used, Math.max(to, from + BLOCK));
      this.#block = this.cells.toString('latin1', from, this.#blockTo);
    }
    return this.#block.substring(from - this.#blockFrom, to - this.#blockFrom);
  }
}

/**
 * The first `count` of the lines read last, as rows that left: they begin at the offset `from`, and what they were read
 * from begins at `base`.
 */
export function rowsOf(lines: WholeLines, { count, from, base, coloured }: LeavingLines): Row[] {
  const { cols } = lines;
  const rows: Row[] = [];
  let offset = from;
  for (let line = 0; line < count; line++) {
    const text = lines.text(line);
    const ending = { offset: base + lines.inputEnd(line) };
    const isColoured = coloured !== undefined && line >= coloured.first;
    if (text.length > cols) {
      for (let at = 0; at < text.length; at += cols) {
        const continues = at + cols < text.length;
        const row = { text: text.slice(at, at + cols), wrapped: at > 0, continues, offset, ending };
        rows.push(isColoured ? withRuns(row, () => coloured.runs(line - coloured.first, at / cols)) : row);
      }
    } else if (isColoured) {
      const readRuns = (): readonly Run[] => coloured.runs(line - coloured.first, 0);
      rows.push({ text, wrapped: false, continues: false, offset, ending, readRuns });
    } else rows.push({ text, wrapped: false, continues: false, offset, ending });
    offset = ending.offset;
  }
  return rows;
}

/** See rowsOf. */
export interface LeavingLines {
  readonly count: number;
  readonly from: number;
  readonly base: number;
  /** The lines from `first` on have their colours; `runs`: those of row `row` of the line that is number `line` among these. */
  readonly coloured?: { readonly first: number; readonly runs: (line: number, row: number) => readonly Run[] };
}

/** Bytes, and the same by the word. */
interface Words {
  readonly bytes: Uint8Array;
  readonly words: DataView;
}

function wordsOf(bytes: Uint8Array): Words {
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/**
 * Copies printable ASCII to `out` in `cells`, up to `right` there; gives where it ends in `input`. Four bytes at a time:
 * in a word without high bits, only a byte below 20 borrows from the high bit, and only 7F carries into it.
 */
function copyPrintable(input: Words, from: number, cells: Words, out: number, right: number): number {
  const { words } = input;
  const { words: cellWords } = cells;
  const shift = out - from;
  const stop = right - shift;
  for (let at = from; at < stop; at += WORD) {
    const word = words.getInt32(at, true);
    cellWords.setInt32(at + shift, word, true);
    const others = (word | (word - 0x20202020) | (word + 0x01010101)) & 0x80808080;
    if (others !== 0) return Math.min(stop, at + ((31 - Math.clz32(others & -others)) >> 3));
  }
  return stop;
}

/** After the colours (SGR) or, where `blank` is to the right of the cursor, the EL at `from`; `from` where it is another. */
function skipSequence(bytes: Uint8Array, from: number, blank: boolean): number {
  if (bytes[from + 1] !== 0x5b) return from;
  for (let at = from + 2; at < from + MAX_SEQUENCE; at++) {
    const byte = byteAt(bytes, at);
    if (byte >= 0x30 && byte <= 0x3b) continue;
    return byte === 0x6d || (byte === 0x4b && at === from + 2 && blank) ? at + 1 : from;
  }
  return from;
}

const NOTHING = wordsOf(new Uint8Array(0));

const CELLS = 65_536;
/** Columns of a line that wraps; longer ones are left to others. */
const MAX_WRAPPED = 4096;
const MAX_LINES = 2048;
/** Bytes. */
const WORD = 4;
/**
 * The most characters of one string that is cut into lines: that is faster than a string for each, but each line that is kept
 * keeps the whole of it.
 */
const BLOCK = 4096;
/** Longer ones are left to others. */
const MAX_SEQUENCE = 64;
