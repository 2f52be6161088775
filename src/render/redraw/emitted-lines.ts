import type { Resumable } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import { type LineBatch, TextLines } from '../model/text-lines.js';
import { condensed } from './line-state.js';

/**
 * The lines that were emitted and may be printed again. It only grows, so that those who look at its beginning need no
 * copy of it.
 */
export class EmittedLines implements Resumable<EmittedLinesState> {
  length = 0;
  /** As they were emitted, together: most of them are never looked at. */
  readonly #batches: (Batch | TextLines | undefined)[] = [];
  /** Those of lines emitted before, then of the lines of the first `#readBatches`. */
  readonly #texts: string[] = [];
  /** Where each ended in the recording. */
  readonly #ends: number[] = [];
  #readBatches = 0;
  /** The first texts without their white space. */
  readonly #condensed: string[] = [];
  /** Lines emitted before that were not looked at yet. */
  #before: EmittedLinesState | undefined;

  save(): EmittedLinesState {
    this.#readTo(this.length - 1);
    return { length: this.length, texts: [...this.#texts], ends: [...this.#ends] };
  }

  /** Of none yet. */
  resume(before: EmittedLinesState): void {
    this.#before = before;
    this.length = before.length;
  }

  add(lines: LineBatch): void {
    this.#batches.push(lines instanceof TextLines ? lines : batchOf(lines));
    this.length += lines.length;
  }

  /** Line `at` without its white space. */
  condensed(at: number): string {
    this.#readTo(at);
    for (let next = this.#condensed.length; next <= at; next++)
      this.#condensed.push(condensed(this.#texts[next] ?? ''));
    return this.#condensed[at] ?? '';
  }

  /** The last `count` lines, without their white space. */
  last(count: number): readonly string[] {
    const from = Math.max(0, this.length - count);
    return Array.from({ length: this.length - from }, (_, index) => this.condensed(from + index));
  }

  /** Makes texts of what was emitted, up to line `at`. */
  #readTo(at: number): void {
    if (this.#before !== undefined) {
      const { texts, ends } = this.#before;
      for (const text of texts) this.#texts.push(text);
      for (const end of ends) this.#ends.push(end);
      this.#before = undefined;
    }
    while (this.#texts.length <= at && this.#readBatches < this.#batches.length) {
      this.#read(this.#batches[this.#readBatches] ?? NO_LINES);
      this.#batches[this.#readBatches] = undefined;
      this.#readBatches++;
    }
  }

  #read(batch: Batch | TextLines): void {
    if (batch instanceof TextLines) {
      batch.eachText((text, at) => {
        this.#texts.push(text);
        this.#ends.push(batch.endOffsetAt(at));
      });
      return;
    }
    const { text, lengths, ends } = batch;
    let from = 0;
    for (const length of lengths) {
      this.#texts.push(text.slice(from, from + length));
      from += length;
    }
    for (const end of ends) this.#ends.push(end);
  }
}

/** What was emitted: each line, with its white space or without, and the offset behind its last byte. */
export interface EmittedLinesState {
  /** Of both. */
  readonly length: number;
  readonly texts: readonly string[];
  readonly ends: readonly number[];
}

/** Lines that were emitted at once. Twenty thousand lines one by one would outlive the garbage collector's young generation. */
interface Batch {
  /** One behind the other. */
  readonly text: string;
  readonly lengths: readonly number[];
  /** Where each ended in the recording. */
  readonly ends: readonly number[];
}

const NO_LINES: Batch = { text: '', lengths: [], ends: [] };

function batchOf(lines: readonly Line[]): Batch {
  const [first] = lines;
  return {
    text: lines.length === 1 && first !== undefined ? first.text : lines.map(({ text }) => text).join(''),
    lengths: lines.map(({ text }) => text.length),
    ends: lines.map(({ endOffset }) => endOffset),
  };
}
