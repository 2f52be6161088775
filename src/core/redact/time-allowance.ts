/** So much may be saved up, ms: a line that takes long now and then is waited for. */
const MOST_MS = 1000;
/** What a KiB of new text may take, ms: a quarter of a megabyte each second is the least that goes through. */
const MS_PER_KIB = 4;
/** What may be spent of the time that passes: of an agent that prints little. */
const SHARE_OF_TIME = 0.1;

/** The time that something may take of the recorder's, so that the agent is not held up for long. */
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

  /** Whether more was spent than there was. To be asked between {@link begin} and anything that waits. */
  isSpent(): boolean {
    const now = this.#now();
    this.#left -= now - this.#countedAt;
    this.#countedAt = now;
    return this.#left <= 0;
  }
}
