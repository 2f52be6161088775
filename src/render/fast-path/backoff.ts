/**
 * Says when a faster way of reading is to be tried: not for a few bytes, and the later the more often it stopped soon. To
 * enter one and to leave it costs as much as the emulator takes for some 8 KB.
 */
export class Backoff {
  /** How many bytes are to be read slowly before it is tried again; and how many the next time that it stops soon. */
  #slowBytes = 0;
  #wait = MIN_WAIT;

  /** Whether it is time to try with `bytes` bytes. */
  isDue(bytes: number): boolean {
    return this.#slowBytes <= 0 && bytes >= MIN_BYTES;
  }

  /** How many of `bytes` bytes are to be read slowly now. */
  takeSlow(bytes: number): number {
    const slow = Math.min(bytes, this.#slowBytes > 0 ? this.#slowBytes : SLOW_STEP_BYTES);
    this.#slowBytes -= slow;
    return slow;
  }

  /** It was left: `bytes` bytes are read slowly first; by default as many as it has come to. */
  rest(bytes = this.#wait): void {
    this.#slowBytes = bytes;
  }

  /** Unless it works, it rests twice as long the next time. */
  tried(): void {
    this.#wait = Math.min(this.#wait * 2, MAX_WAIT);
  }

  /** It was worth it. */
  worked(): void {
    this.#wait = MIN_WAIT;
  }
}

const MIN_BYTES = 8192;
const MIN_WAIT = 256;
const MAX_WAIT = 262_144;
/** How often it is looked whether it may be tried. */
const SLOW_STEP_BYTES = 8192;
