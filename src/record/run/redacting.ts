import type { Clock, Timer } from '../../core/clock.js';
import { Redactor, type RedactorOptions } from '../../core/redact/redactor.js';

/** Wait, ms, of a match that may be a coincidence: too short to be noticed, and longer than pauses within one value. */
const COINCIDENCE_MS = 50;
/** Wait, ms, of a likely value; then it is masked, because the agent may wait for an answer to what it printed. */
const LIKELY_MS = 2000;

/** Masks the output of an agent on its way to the recording. Lengths do not change. */
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

  /** Takes output. Certain bytes are passed on at once, the rest within 2 s. */
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

  /** Ends this output: passes on what is held back. Another output may follow. */
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
