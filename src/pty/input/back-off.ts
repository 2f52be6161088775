import type { Clock, Timer } from '../../core/clock.js';

/** Pauses between tries, ms: the other side may not read or write for hours. */
const RETRY_MS = { first: 1, longest: 16 } as const;

/** Retries with growing pauses until there is progress. */
export class BackOff implements Disposable {
  readonly #clock: Clock;
  #ms: number = RETRY_MS.first;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a try is pending. */
  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Reports progress: the next pause is short again. */
  reset(): void {
    this.#ms = RETRY_MS.first;
  }

  /** Calls `run` at the next try. One waits at a time. */
  again(run: () => void): void {
    this.#timer = this.#clock.after(this.#ms, () => {
      this.#timer = undefined;
      run();
    });
    this.#ms = Math.min(this.#ms * 2, RETRY_MS.longest);
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
