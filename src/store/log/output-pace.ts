/** After this time output counts half as much, ms. */
const HALF_LIFE_MS = 250;
/** Output that counts as a flood, bytes: it comes at 3 MB/s or more. Agents print kilobytes, and a busy machine floods slowly. */
const FLOOD_BYTES = 1024 * 1024;

/** Follows how fast a recording grows. In a flood the agent, the kernel's terminal and the capture need all processors there are. */
export class OutputPace {
  #level = 0;
  #countedAt = -Infinity;

  /** `bytes` came at `now`, in milliseconds that never go back. */
  grew(bytes: number, now: number): void {
    this.#level = this.#at(now) + bytes;
    this.#countedAt = now;
  }

  isFlood(now: number): boolean {
    return this.#at(now) > FLOOD_BYTES;
  }

  #at(now: number): number {
    return this.#level * 0.5 ** ((now - this.#countedAt) / HALF_LIFE_MS);
  }
}
