import { type Exposure, SecretWatch } from '../../core/redact/secret-watch.js';
import type { Secret } from '../../core/redact/secret-variables.js';

/** Looks through the bytes of a recording, in their order, for values that should perhaps not be there. */
export class LogWatch {
  readonly #watch: SecretWatch;
  #exposure: Exposure | undefined;
  /** Bytes that were looked through. */
  #seen = 0;

  constructor(secrets: readonly Secret[]) {
    this.#watch = new SecretWatch(secrets);
  }

  /**
   * Takes the next bytes, which stand at `offset` of the recording. Returns what was found, once. Where bytes are missing in front of
   * them, the offset of what began before that is a little late.
   */
  look(bytes: Uint8Array, offset: number): Exposure | undefined {
    if (this.#exposure !== undefined) return undefined;
    const shift = offset - this.#seen;
    this.#seen += bytes.length;
    return this.#found(this.#watch.look(bytes), shift);
  }

  /** The recording has ended, at `offset`; what was found in the last of it. */
  end(offset: number): Exposure | undefined {
    return this.#exposure === undefined ? this.#found(this.#watch.end(), offset - this.#seen) : undefined;
  }

  #found(exposure: Exposure | undefined, shift: number): Exposure | undefined {
    this.#exposure = exposure && { ...exposure, offset: exposure.offset + shift };
    return this.#exposure;
  }
}
