/** The output within this time, bytes and ms, up to which an agent is calm. */
const CALM_BYTES = 1024 * 1024;
const CALM_MS = 1000;
/** How often in a row: on a machine that is busy with something else a flood stands still for a second now and then. */
const CALM_LOOKS = 3;

/** Tells whether a recording grows so slowly that there is time for work beside it. */
export class CalmOutput {
  /** The time and the recording's length at the last look at its growth. */
  #lookedAt: number;
  #offset = 0;
  #calmLooks = 0;

  /** Times in ms, of the monotonic clock. */
  constructor(now: number) {
    this.#lookedAt = now;
  }

  /** Whether it has been calm for some seconds, now that the recording has reached `offset`. */
  reached(offset: number, now: number): boolean {
    if (now - this.#lookedAt >= CALM_MS) {
      this.#calmLooks = offset - this.#offset > CALM_BYTES ? 0 : this.#calmLooks + 1;
      this.#lookedAt = now;
      this.#offset = offset;
    }
    return this.#calmLooks >= CALM_LOOKS;
  }
}
