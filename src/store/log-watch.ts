import type { Exposure } from '../core/redact/secret-watch.js';
import { SecretWatch } from '../core/redact/secret-watch.js';
import type { Secret } from '../core/redact/secret-variables.js';
import { type FileRange, readRange } from './file-range.js';

/** Looks through what was written to the log, behind whoever writes it, for values that should perhaps not be there. */
export class LogWatch {
  readonly #watch: SecretWatch;
  #ranges: FileRange[] = [];
  #exposure: Exposure | undefined;

  constructor(secrets: readonly Secret[]) {
    this.#watch = new SecretWatch(secrets);
  }

  /** True where there is more to look through: nothing was found yet, and something is left. */
  get waits(): boolean {
    return this.#exposure === undefined && this.#ranges.length > 0;
  }

  add(ranges: readonly FileRange[]): void {
    if (this.#exposure === undefined) this.#ranges.push(...ranges);
  }

  /** Looks through the next range; what was found. What cannot be read back is passed over. */
  next(): Exposure | undefined {
    const range = this.#ranges.shift();
    if (range === undefined || this.#exposure !== undefined) return this.#exposure;
    try {
      readRange(range, (bytes) => {
        this.#exposure ??= this.#watch.look(bytes);
      });
    } catch {
      // The hash says so.
    }
    return this.#found();
  }

  /** The log has ended; what was found in it. */
  end(): Exposure | undefined {
    this.#exposure ??= this.#watch.end();
    return this.#found();
  }

  #found(): Exposure | undefined {
    if (this.#exposure !== undefined) this.#ranges = [];
    return this.#exposure;
  }
}
