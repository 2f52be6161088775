import { TextLines } from '../model/text-lines.js';
import { INPUT_BYTES } from './line-kernel.js';
import { lineKernel } from './open-kernel.js';

/**
 * A run of whole lines, read by the kernel: the lines that have left the screen at its top are handed on, as bytes. Those that
 * may still stand on it are held as they came, for who goes on from there to read them again.
 */
export class LineRun {
  readonly #kernel = lineKernel();
  readonly #cols: number;
  /** As many as stand above the cursor. */
  readonly #rowsAbove: number;
  /** What was not handed on: lines that may stand on the screen, and the beginning of one more. */
  #held: Uint8Array = NOTHING;
  #offset = 0;
  #end = 0;
  #rows = 0;
  #isOpen = false;

  constructor({ cols, rows }: { readonly cols: number; readonly rows: number }) {
    this.#cols = cols;
    this.#rowsAbove = rows - 1;
  }

  /** It has begun, and goes on with what is read next. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many rows have left in it. */
  get rows(): number {
    return this.#rows;
  }

  /** Where the part that is held begins in the recording. */
  get offset(): number {
    return this.#offset;
  }

  /** Where the first line begins that the kernel did not read to its end. */
  get end(): number {
    return this.#end;
  }

  /** Ends it; gives what is held, which others have to read again. */
  close(): Uint8Array {
    const held = this.#held;
    this.#held = NOTHING;
    this.#isOpen = false;
    return held;
  }

  /**
   * Whether a run that begins with `bytes`, on a fresh row at the bottom of the screen, is worth it: it fills more than a screen. Then it
   * has begun at the offset `offset`, and `bytes` are to be read.
   */
  begin(bytes: Uint8Array, offset: number): boolean {
    const length = Math.min(bytes.length, INPUT_BYTES, PROBE_BYTES + this.#rowsAbove * this.#cols);
    this.#kernel.input.set(bytes.subarray(0, length));
    const count = this.#kernel.read(length, this.#cols);
    if ((this.#kernel.rowEnds[count - 1] ?? 0) < this.#rowsAbove + MIN_ROWS) return false;
    this.#offset = offset;
    this.#rows = 0;
    this.#isOpen = true;
    return true;
  }

  /**
   * Reads `bytes`, which come next, and hands on the lines that have left. Where it cannot go on it closes, and gives what others are
   * to read from `offset` on, beginning with what was held.
   */
  read(bytes: Uint8Array, left: (lines: TextLines) => void): Uint8Array {
    const { input, inputEnds } = this.#kernel;
    for (let taken = 0; taken < bytes.length; ) {
      const held = this.#held.length;
      const some = bytes.subarray(taken, taken + INPUT_BYTES - held);
      input.set(this.#held);
      input.set(some, held);
      const length = held + some.length;
      const count = this.#kernel.read(length, this.#cols);
      const { stop } = this.#kernel;
      const leaving = this.#leaving(count);
      const from = leaving === 0 ? 0 : (inputEnds[leaving - 1] ?? 0);
      if (leaving > 0) {
        this.#rows += this.#kernel.rowEnds[leaving - 1] ?? 0;
        left(this.#lines(leaving));
      }
      this.#end = this.#offset + (inputEnds[count - 1] ?? 0);
      this.#offset += from;
      const end = stop === 'full' ? Math.max(held, inputEnds[count - 1] ?? 0) : length;
      const isStuck = stop === 'full' && leaving === 0;
      if (stop === 'unknown' || isStuck || end - from > MAX_HELD) {
        this.close();
        if (from >= held) return bytes.subarray(taken + from - held);
        return Buffer.concat([input.subarray(from, held), bytes.subarray(taken)]);
      }
      this.#held = input.slice(from, end);
      taken += end - held;
    }
    return NOTHING;
  }

  /** How many of the first `count` lines have left: of those behind them, all rows above the cursor are full. */
  #leaving(count: number): number {
    const { rowEnds } = this.#kernel;
    const left = (rowEnds[count - 1] ?? 0) - this.#rowsAbove;
    let leaving = count;
    while (leaving > 0 && (rowEnds[leaving - 1] ?? 0) > left) leaving--;
    return leaving;
  }

  #lines(count: number): TextLines {
    const { output, inputEnds, outputEnds, rowEnds, savings } = this.#kernel;
    const length = outputEnds[count - 1] ?? 0;
    const bytes = Buffer.allocUnsafeSlow(length);
    bytes.set(output.subarray(0, length));
    return new TextLines({
      bytes,
      base: this.#offset,
      inputEnds: inputEnds.slice(0, count),
      outputEnds: outputEnds.slice(0, count),
      rowEnds: rowEnds.slice(0, count),
      savings: savings.slice(0, count),
    });
  }
}

const NOTHING = new Uint8Array(0);

/** Fewer rows than these are read as fast otherwise. */
const MIN_ROWS = 24;
/** It is seen in so many bytes, besides a screenful, whether it is worth it. */
const PROBE_BYTES = 8192;
/** Where the lines that may be on the screen are more than this, nothing is gained. */
const MAX_HELD = INPUT_BYTES / 2;
