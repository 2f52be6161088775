import { wordAt } from '../../core/items/element-at.js';
import { TextLines } from '../model/text-lines.js';
import { INPUT_BYTES, type LineKernel } from './line-kernel.js';
import { lineKernel } from './open-kernel.js';

/**
 * A run of whole lines from a fresh row on, read by the kernel. Lines are handed on when they have left the
 * screen at its top; those that may still stand on it are held, and who goes on from there writes them to its own.
 */
export class LineRun {
  readonly #cols: number;
  /** As many as stand above the cursor. */
  readonly #rowsAbove: number;
  #isOpen = false;
  /** How many rows have left. */
  #rows = 0;
  /** Lines that may stand on the screen, and how many rows they take. */
  #held: TextLines[] = [];
  #heldRows = 0;
  /** Where the line begins in the recording that is not complete. */
  #start = 0;
  /** What that line was written with, as far as it matters, and where that begins. */
  #rest: Uint8Array = NOTHING;
  #restOffset = 0;

  /** `held`: how many rows more stay behind, for who reads the last ones in another way. */
  constructor({ cols, rows }: { readonly cols: number; readonly rows: number }, held = 0) {
    this.#cols = cols;
    this.#rowsAbove = rows - 1 + held;
  }

  /** Opened with the first run: most screens have none. */
  get #kernel(): LineKernel {
    return lineKernel();
  }

  /** It has begun, and goes on with what is read next. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many rows of it have left; where there are any, no row from before it is on the screen. */
  get rows(): number {
    return this.#rows;
  }

  /** Where what has not been read as lines begins in the recording: what `read` and `close` give. */
  get offset(): number {
    return this.#restOffset;
  }

  /**
   * Whether it is worth it to begin with `bytes`, at the offset `offset`, on a row that the cursor came to at `entered`. Then it has
   * begun, and they are to be read.
   */
  open(bytes: Uint8Array, offset: number, entered: number): boolean {
    const length = Math.min(bytes.length, PROBE_BYTES);
    this.#kernel.input.set(bytes.subarray(0, length));
    const count = this.#kernel.read(length, this.#cols);
    const end = this.#kernel.stop === 'unknown' ? wordAt(this.#kernel.inputEnds, count - 1) : length;
    if (end < WORTHWHILE_BYTES) return false;
    this.#isOpen = true;
    this.#rows = 0;
    this.#start = entered;
    this.#restOffset = offset;
    return true;
  }

  /**
   * Reads `bytes`, which come next, and hands on the lines that have left. Where it cannot go on it gives what is left to be
   * read by others; it is to be closed then.
   */
  read(bytes: Uint8Array, left: (lines: TextLines) => void): Uint8Array {
    const { input, inputEnds } = this.#kernel;
    for (let taken = 0; taken < bytes.length; ) {
      const before = this.#rest.length;
      const some = bytes.subarray(taken, taken + INPUT_BYTES - before);
      input.set(this.#rest);
      input.set(some, before);
      const length = before + some.length;
      const count = this.#kernel.read(length, this.#cols);
      const { stop, restart } = this.#kernel;
      const end = wordAt(inputEnds, count - 1);
      if (count > 0) this.#add(count, left);
      const from = stop === 'ended' ? restart : end;
      const goesOn = stop === 'ended' ? length - from <= MAX_REST : stop === 'full' && count > 0;
      this.#restOffset += from;
      if (!goesOn) {
        this.#rest = NOTHING;
        if (from >= before) return bytes.subarray(taken + from - before);
        return Buffer.concat([input.subarray(from, before), bytes.subarray(taken)]);
      }
      const to = stop === 'full' ? Math.max(before, end) : length;
      this.#rest = input.slice(from, to);
      taken += to - before;
    }
    return NOTHING;
  }

  /** Ends it: gives the lines that may stand on the screen, and what the line behind them begins with. */
  close(): { readonly lines: readonly TextLines[]; readonly rest: Uint8Array } {
    const lines = this.#held;
    const rest = this.#rest;
    this.#isOpen = false;
    this.#held = [];
    this.#heldRows = 0;
    this.#rest = NOTHING;
    return { lines, rest };
  }

  /** Lines were read: as many leave as there are rows behind them above the cursor. */
  #add(count: number, left: (lines: TextLines) => void): void {
    const added = this.#lines(count);
    this.#held.push(added);
    this.#heldRows += added.rows;
    this.#start = added.endOffset;
    for (;;) {
      const [first] = this.#held;
      if (first === undefined) return;
      const leaving = first.withinRows(this.#heldRows - this.#rowsAbove);
      if (leaving === 0) return;
      const lines = leaving === first.length ? first : first.slice(0, leaving);
      if (lines === first) this.#held.shift();
      else this.#held[0] = first.slice(leaving);
      this.#heldRows -= lines.rows;
      left(lines);
      this.#rows += lines.rows;
    }
  }

  #lines(count: number): TextLines {
    const { output, inputEnds, outputEnds, rowEnds, savings, blanks } = this.#kernel;
    const length = wordAt(outputEnds, count - 1);
    const bytes = Buffer.allocUnsafeSlow(length);
    bytes.set(output.subarray(0, length));
    return new TextLines({
      bytes,
      start: this.#start,
      base: this.#restOffset,
      inputEnds: inputEnds.slice(0, count),
      outputEnds: outputEnds.slice(0, count),
      rowEnds: rowEnds.slice(0, count),
      savings: savings.slice(0, count),
      blanks: blanks.slice(0, count),
    });
  }
}

const NOTHING = new Uint8Array(0);

/** The beginning of a line is no longer than this: it is read again with all that comes. */
const MAX_REST = 65_536;
/** How many bytes show whether lines come, and how many of them have to be lines. */
const PROBE_BYTES = 4096;
const WORTHWHILE_BYTES = 1024;
