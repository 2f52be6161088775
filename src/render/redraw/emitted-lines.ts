import type { Line } from '../model/line.js';
import { condensed } from './line-state.js';

/**
 * The lines that were emitted and may be printed again. It only grows, so that those who look at its beginning need no
 * copy of it.
 */
export class EmittedLines {
  length: number;
  /** As they were emitted, without their colours: most of them are never looked at. */
  readonly #batches: (readonly EmittedLine[])[] = [];
  /** Without their white space: those of lines emitted before, then of the lines of the first `#condensedBatches`. */
  readonly #texts: string[] = [];
  /** Where each ended in the recording. */
  readonly #ends: number[] = [];
  #condensedBatches = 0;
  /** Lines emitted before that nobody has looked at. */
  #before: EmittedLinesState | undefined;

  constructor(before?: EmittedLinesState) {
    this.#before = before;
    this.length = before?.length ?? 0;
  }

  get state(): EmittedLinesState {
    this.condensed(this.length - 1);
    return { length: this.length, inks: [...this.#texts], ends: [...this.#ends] };
  }

  add(lines: readonly Line[]): void {
    this.#batches.push(withoutRuns(lines));
    this.length += lines.length;
  }

  /** Line `at` without its white space. */
  condensed(at: number): string {
    if (this.#before !== undefined) {
      const { inks, ends } = this.#before;
      for (const ink of inks) this.#texts.push(ink);
      for (const end of ends) this.#ends.push(end);
      this.#before = undefined;
    }
    while (this.#texts.length <= at && this.#condensedBatches < this.#batches.length) {
      for (const line of this.#batches[this.#condensedBatches] ?? []) {
        this.#texts.push(condensed(line.text));
        this.#ends.push(line.endOffset);
      }
      this.#batches[this.#condensedBatches] = [];
      this.#condensedBatches++;
    }
    return this.#texts[at] ?? '';
  }

  /** The last `count` lines, without their white space. */
  last(count: number): readonly string[] {
    const from = Math.max(0, this.length - count);
    return Array.from({ length: this.length - from }, (_, index) => this.condensed(from + index));
  }
}

/** What was emitted: each line without its white space, and the offset behind its last byte. */
export interface EmittedLinesState {
  /** Of both. */
  readonly length: number;
  readonly inks: readonly string[];
  readonly ends: readonly number[];
}

/** What is kept of a line. */
type EmittedLine = Pick<Line, 'text' | 'endOffset'>;

/** They are kept for long, and colours are many times as large as the text. */
function withoutRuns(lines: readonly Line[]): readonly EmittedLine[] {
  const haveRuns = lines.some((line) => 'runs' in line);
  return haveRuns ? lines.map(({ text, endOffset }) => ({ text, endOffset })) : lines;
}
