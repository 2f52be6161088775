import type { Clock, Timer } from '../../core/clock.js';

/** Whoever does not read or write may not do so for hours: it is tried again after 1 ms, then ever more rarely. */
const RETRY_MS = { first: 1, longest: 16 } as const;

/** Tries something again, later and later, until it makes progress. */
export class BackOff implements Disposable {
  readonly #clock: Clock;
  #ms: number = RETRY_MS.first;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while a try is to come. */
  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /** There was progress: the next wait is a short one again. */
  reset(): void {
    this.#ms = RETRY_MS.first;
  }

  /** Calls `run` when it is time for the next try. One waits at a time. */
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
