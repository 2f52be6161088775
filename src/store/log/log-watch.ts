import { type Exposure, SecretWatch } from '../../core/redact/secret-watch.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import { type FileRange, readRange } from './file-range.js';

/** Bytes of the log, and where in the recording they are. */
export interface WatchedRange extends FileRange {
  readonly offset: number;
}

/** Looks through what was written to the log, behind whoever writes it, for values that should perhaps not be there. */
export class LogWatch {
  readonly #watch: SecretWatch;
  #ranges: WatchedRange[] = [];
  #exposure: Exposure | undefined;
  /** Bytes that were looked through. */
  #seen = 0;
  /** By how much the recording is further than that. */
  #shift = 0;

  constructor(secrets: readonly Secret[]) {
    this.#watch = new SecretWatch(secrets);
  }

  /** True where there is more to look through: nothing was found yet, and something is left. */
  get waits(): boolean {
    return this.#exposure === undefined && this.#ranges.length > 0;
  }

  /** Bytes in the range that `next` looks through. */
  get nextBytes(): number {
    return this.#ranges[0]?.length ?? 0;
  }

  add(range: WatchedRange): void {
    if (this.#exposure === undefined) this.#ranges.push(range);
  }

  /** `fd` is about to be closed: what was not looked through in its file never is. */
  forget(fd: number): void {
    this.#ranges = this.#ranges.filter((range) => range.fd !== fd);
  }

  /** Looks through the next range; what was found. What cannot be read back is passed over. */
  next(): Exposure | undefined {
    const range = this.#ranges.shift();
    if (range === undefined || this.#exposure !== undefined) return this.#exposure;
    // What was found may have begun before this range: then it is told a little late where bytes are missing in between.
    this.#shift = range.offset - this.#seen;
    try {
      readRange(range, (bytes) => {
        this.#exposure ??= this.#shifted(this.#watch.look(bytes));
        this.#seen += bytes.length;
      });
    } catch {
      // The hash says so.
    }
    return this.#found();
  }

  /** The log has ended; what was found in it. What was not looked through yet never is: its files may be closed. */
  end(): Exposure | undefined {
    this.#ranges = [];
    this.#exposure ??= this.#shifted(this.#watch.end());
    return this.#found();
  }

  #shifted(exposure: Exposure | undefined): Exposure | undefined {
    return exposure && { ...exposure, offset: exposure.offset + this.#shift };
  }

  #found(): Exposure | undefined {
    if (this.#exposure !== undefined) this.#ranges = [];
    return this.#exposure;
  }
}
