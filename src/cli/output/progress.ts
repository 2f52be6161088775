import type { Clock } from '../../core/clock.js';
import type { CliOutput } from '../options/context.js';

/** Work that is done sooner needs no bar. */
const SHOWN_AFTER_MS = 1000;
/** Between two pictures of it. */
const PAINT_MS = 100;
const MAX_BAR = 40;

/** A bar on a terminal that shows how far work has come; on anything else, nothing. */
export class Progress implements AsyncDisposable {
  readonly #output: CliOutput;
  readonly #clock: Clock;
  readonly #label: string;
  #paintAt: number;
  #isShown = false;
  #written: Promise<void> = Promise.resolve();

  constructor(output: CliOutput, clock: Clock, label: string) {
    this.#output = output;
    this.#clock = clock;
    this.#label = label;
    this.#paintAt = clock.monotonic() + SHOWN_AFTER_MS;
  }

  /** `share`: 0 to 1. */
  at(share: number): void {
    if (!this.#output.isTTY || this.#clock.monotonic() < this.#paintAt) return;
    this.#paintAt = this.#clock.monotonic() + PAINT_MS;
    this.#isShown = true;
    this.#write(`\r${this.#bar(Math.min(1, Math.max(0, share)))}\x1b[K`);
  }

  /** Leaves the line as it was. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isShown) this.#write('\r\x1b[K');
    await this.#written;
  }

  /** Ignores failures: the work goes on without the bar. */
  #write(text: string): void {
    this.#written = this.#output.write(text).catch(() => undefined);
  }

  /** One column is left free, so that no terminal wraps. */
  #bar(share: number): string {
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const free = (this.#output.columns ?? 80) - this.#label.length - percent.length - 4;
    if (free < 1) return percent.slice(0, Math.max(0, (this.#output.columns ?? 80) - 1));
    const width = Math.min(MAX_BAR, free);
    const done = Math.round(share * width);
    return `${this.#label} [${'#'.repeat(done)}${' '.repeat(width - done)}]${percent}`;
  }
}
