import { join } from 'node:path';
import type { Clock, Timer } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { type LineFailureListener, LineFile } from '../files/line-file.js';
import type { TaskFolder } from '../layout/task-folder.js';

export const INDEX_FILE = 'backend.idx';

/** The format of backend.idx. A reader that meets a larger one rebuilds what it can instead. */
export const INDEX_VERSION = 1;

/** The first line: when millisecond 0 was, and how large the terminal was then. */
export interface IndexHeader {
  readonly v: typeof INDEX_VERSION;
  /** RFC 3339, UTC, milliseconds. */
  readonly start: string;
  readonly size: TerminalSize;
}

/**
 * Every other line; the second member says of which kind it is: milliseconds since the start by the monotonic clock, then
 * `o`: the recording had reached this offset; `r`: at this offset the terminal became this large (columns, rows).
 * Readers skip letters they do not know.
 */
export type IndexEntry =
  | readonly [ms: number, type: 'o', offset: number]
  | readonly [ms: number, type: 'r', offset: number, cols: number, rows: number];

/** Chunks closer than this become one entry: finer than any screen shows, and it bounds the index to 250 lines a second. */
const MERGE_MS = 4;

/** How long entries may wait to be written: short for a live reader, long enough to make a write a rarity. */
const FLUSH_MS = 100;

/** Entries held back at most (about four seconds' worth), should the timer be late because the process is busy. */
const MAX_WAITING = 1024;

/**
 * Writes backend.idx: when which byte was captured. Cheap (no system call an output), bounded in memory and time,
 * and disposable: it never throws, and a recording is whole without it.
 *
 * Milliseconds and offsets must not go back from call to call.
 */
export class TimeIndexWriter implements Disposable {
  readonly #clock: Clock;
  readonly #file: LineFile;
  readonly #waiting: string[] = [];
  #group: { first: number; ms: number; offset: number } | undefined;
  #timer: Timer | undefined;

  constructor(task: TaskFolder, clock: Clock, header: Omit<IndexHeader, 'v'>, onFailure: LineFailureListener) {
    this.#clock = clock;
    this.#file = new LineFile(join(task.path, INDEX_FILE), onFailure);
    const first: IndexHeader = { v: INDEX_VERSION, ...header };
    this.#file.append(JSON.stringify(first));
  }

  /** At `ms` milliseconds after the start, the recording had reached `offset`. */
  output(ms: number, offset: number): void {
    if (this.#group !== undefined && ms - this.#group.first < MERGE_MS) {
      this.#group.ms = ms;
      this.#group.offset = offset;
    } else {
      this.#endGroup();
      this.#group = { first: ms, ms, offset };
    }
    this.#timer ??= this.#clock.after(FLUSH_MS, () => {
      this.flush();
    });
  }

  /** At `ms` milliseconds after the start, before the byte at `offset`, the terminal became `size`. */
  resize(ms: number, offset: number, size: TerminalSize): void {
    this.#endGroup();
    this.#wait([Math.round(ms), 'r', offset, size.cols, size.rows]);
    this.flush();
  }

  /** Writes what waits; a reader sees it from then on. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#endGroup();
    this.#write();
  }

  close(): void {
    this.flush();
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #endGroup(): void {
    if (this.#group === undefined) return;
    this.#wait([Math.round(this.#group.ms), 'o', this.#group.offset]);
    this.#group = undefined;
  }

  #wait(entry: IndexEntry): void {
    this.#waiting.push(JSON.stringify(entry));
    if (this.#waiting.length >= MAX_WAITING) this.#write();
  }

  #write(): void {
    if (this.#waiting.length > 0) this.#file.append(...this.#waiting);
    this.#waiting.length = 0;
  }
}
