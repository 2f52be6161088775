import type { Clock } from '../../core/clock.js';

/** Waits for a time, or until `wake` is called; a call before it waits is not missed. */
export class Waker {
  readonly #clock: Clock;
  #wake: () => void = () => undefined;
  #isWoken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Until that time of the clock, which may be never. */
  async waitUntil(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = ms === Infinity ? undefined : this.#clock.after(Math.max(0, ms - this.#clock.monotonic()), resolve);
      this.#wake = () => {
        timer?.cancel();
        resolve();
      };
      if (this.#isWoken) this.#wake();
    });
    this.#isWoken = false;
  }
}
