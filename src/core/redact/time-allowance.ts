/** The most time that is saved up, ms, for an occasional slow line. */
const MOST_MS = 1000;
/** Time earned by a KiB of new text, ms: so at least 250 KiB a second are matched. */
const MS_PER_KIB = 4;
/** Share of the passing time that may be spent, for an agent that prints little. */
const SHARE_OF_TIME = 0.1;

/** A budget of the recorder's time, so that the agent is not held up for long. */
export class TimeAllowance {
  readonly #now: () => number;
  #left = MOST_MS;
  #countedAt: number;

  /** `now`: milliseconds that never go back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#countedAt = now();
  }

  /** New text came. */
  earn(bytes: number): void {
    this.#left = Math.min(MOST_MS, this.#left + (bytes / 1024) * MS_PER_KIB);
  }

  /** From here on time is spent. */
  begin(): void {
    const now = this.#now();
    this.#left = Math.min(MOST_MS, this.#left + (now - this.#countedAt) * SHARE_OF_TIME);
    this.#countedAt = now;
  }

  /** Whether the budget is exceeded. Ask between {@link begin} and anything that waits. */
  isSpent(): boolean {
    const now = this.#now();
    this.#left -= now - this.#countedAt;
    this.#countedAt = now;
    return this.#left <= 0;
  }
}
