import type { Clock, Timer } from '../../core/clock.js';
import { Redactor, type RedactorOptions } from '../../core/redact/redactor.js';

/** What may be a coincidence waits so long for what follows: nobody sees it, and parts of one value come closer together. */
const COINCIDENCE_MS = 50;
/** …and so long what is likely to be a value; then it is masked, for an agent may wait for an answer to what it printed. */
const LIKELY_MS = 2000;

/** The output of an agent on its way to the recording, with what must not be shown masked. Lengths stay as they are. */
export class Redacting implements Disposable {
  readonly #redactor: Redactor;
  readonly #clock: Clock;
  readonly #sink: (bytes: Uint8Array) => void;
  #waiting: Timer | undefined;

  /** `sink` copies what it keeps. */
  constructor(options: RedactorOptions, clock: Clock, sink: (bytes: Uint8Array) => void) {
    this.#redactor = new Redactor(options);
    this.#clock = clock;
    this.#sink = sink;
  }

  /** Takes what was printed. What may go on does so at once, the rest in 2 s at the latest. */
  take(bytes: Uint8Array): void {
    this.#waiting?.cancel();
    this.#pass(this.#redactor.feed(bytes));
    if (this.#redactor.held === 0) return;
    this.#waiting = this.#clock.after(COINCIDENCE_MS, () => {
      this.#pass(this.#redactor.release());
      this.#waiting = this.#clock.after(LIKELY_MS, () => {
        this.flush();
      });
    });
  }

  /** Passes on what is held back, before something happens at this place of the output. */
  flush(): void {
    this.#waiting?.cancel();
    this.#pass(this.#redactor.flush());
  }

  /** Passes on what is held back: nothing follows it. Another output may. */
  end(): void {
    this.#waiting?.cancel();
    this.#pass(this.#redactor.end());
  }

  [Symbol.dispose](): void {
    this.#waiting?.cancel();
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#sink(bytes);
  }
}
