/**
 * Reads lines as most output has them, from bytes to bytes: printable text, colours (SGR), tabs, `\r`, EL on the line itself, ended by
 * CR LF. On a screen that scrolls, what such a line becomes depends on nothing but itself, when it begins on a fresh row at
 * the bottom: so a kernel has no screen. It stops in front of the first line that has anything else in it, an invalid or
 * invisible character too.
 *
 * There are two that do the same: one in WebAssembly, sixteen bytes a step, and one in TypeScript, for where there is no
 * WebAssembly, and for comparison (docs/decisions/0027-line-kernel.md).
 */
export interface LineKernel {
  /** To be filled with what `read` is to read. */
  readonly input: Uint8Array;
  /** The clean text of the lines read last, without trailing blanks, each with a line feed. */
  readonly output: Uint8Array;
  /** For each line, where it ends in the input, and in the output. */
  readonly inputEnds: Int32Array;
  readonly outputEnds: Int32Array;
  /** How many rows of the screen the line and those before it take. */
  readonly rowEnds: Int32Array;
  /** How many UTF-16 code units fewer than bytes the line and those before it have. */
  readonly savings: Int32Array;
  /** How many columns of blanks were written at its end, more or less, that are left out. */
  readonly blanks: Int32Array;
  /** Why `read` went no further. */
  readonly stop: KernelStop;
  /**
   * Where the input ended within a line: where reading it has to begin again, in the first column, when more has come. What a row was
   * before all of it was written over does not matter.
   */
  readonly restart: number;
  /** Reads lines from the first `length` bytes of the input, for a screen of `cols` columns; gives how many. */
  read(length: number, cols: number): number;
  /**
   * Puts a CR in front of each LF that has none among the first `length` bytes of the input, half of it at most; `before` is
   * the byte in front of them. Gives how many bytes of output that makes.
   */
  expandLineFeeds(length: number, before: number): number;
}

/**
 * The input `ended`, perhaps within a line; a line begins that is `unknown`, being of another kind or too long; or the output
 * is `full`.
 */
export type KernelStop = 'ended' | 'unknown' | 'full';

/** In bytes. */
export const INPUT_BYTES = 524_288;
/** Tabs and rewritten rows make more bytes than were read. */
export const OUTPUT_BYTES = 786_432;
export const MAX_LINES = 32_768;
