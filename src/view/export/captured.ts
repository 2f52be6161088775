import { indexEntries } from '../../store/times/index-entries.js';
import type { IndexEntry } from '../../store/times/time-index.js';

/** When what was captured, asked for from the beginning of a recording to its end. */
export class Captured {
  readonly #entries: Iterator<IndexEntry, void, void>;
  #next: IndexEntry | undefined;
  #ms = 0;

  constructor(folder: string) {
    this.#entries = indexEntries(folder);
    this.#next = this.#entries.next().value ?? undefined;
  }

  /**
   * When the byte at `offset` was captured, and the offset up to which those behind it came with it. What the index does
   * not reach has its last time. Milliseconds after the start.
   */
  byteAt(offset: number): { readonly ms: number; readonly until: number } {
    while (this.#next !== undefined && this.#next[2] <= offset) this.#take(this.#next);
    if (this.#next === undefined) return { ms: this.#ms, until: Infinity };
    this.#ms = this.#next[0];
    return { ms: this.#ms, until: this.#next[2] };
  }

  /** When the terminal was resized in front of the byte at `offset`: each call is about the next time there. */
  resizeAt(offset: number): number {
    while (this.#next !== undefined && this.#next[2] <= offset) {
      const isIt = this.#next[1] === 'r' && this.#next[2] === offset;
      this.#take(this.#next);
      if (isIt) break;
    }
    return this.#ms;
  }

  [Symbol.dispose](): void {
    this.#entries.return?.();
  }

  #take([ms]: IndexEntry): void {
    this.#ms = ms;
    this.#next = this.#entries.next().value ?? undefined;
  }
}
