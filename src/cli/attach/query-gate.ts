import type { PlacedBytes } from '../../host/messages.js';
import { DeafSink } from '../../pty/terminal/deaf-sink.js';

/**
 * Passes an agent's bytes on to a terminal that answers its queries from some offset on. Those in front of it are withheld: another has
 * answered them already.
 */
export class QueryGate {
  readonly #write: (bytes: Uint8Array) => void;
  /** The offset from which on queries pass; Infinity: none does. */
  opensAt: number;
  #deaf: DeafSink;

  /** `write` takes all that it is given. */
  constructor(opensAt: number, write: (bytes: Uint8Array) => void) {
    this.opensAt = opensAt;
    this.#write = write;
    this.#deaf = this.#newDeaf();
  }

  /** What comes next does not go on with what came before. */
  restart(): void {
    this.#deaf = this.#newDeaf();
  }

  pass({ offset, bytes }: PlacedBytes): void {
    const withheld = Math.min(Math.max(0, this.opensAt - offset), bytes.length);
    if (withheld > 0) this.#deaf.write(bytes.subarray(0, withheld));
    if (withheld === bytes.length) return;
    // What is held back may be the beginning of a query that ends behind that offset.
    this.#write(this.#deaf.release());
    this.#write(bytes.subarray(withheld));
  }

  #newDeaf(): DeafSink {
    return new DeafSink({
      write: (bytes) => {
        this.#write(Uint8Array.from(bytes));
        return bytes.length;
      },
      whenWritable: (run) => {
        run();
      },
      flush: () => Promise.resolve(),
      [Symbol.dispose]: () => undefined,
    });
  }
}
