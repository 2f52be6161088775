import type { Clock, Timer } from '../../../core/clock.js';
import { type Key, KeyReader } from './keys.js';

/** An ESC that nothing has followed for this long was the key. */
const ESCAPE_MS = 50;

/** Keys as they are typed; an ESC comes when nothing has followed it. */
export class KeyInput implements Disposable {
  readonly #clock: Clock;
  readonly #onKeys: (keys: readonly Key[]) => void;
  readonly #reader = new KeyReader();
  #escape: Timer | undefined;

  constructor(clock: Clock, onKeys: (keys: readonly Key[]) => void) {
    this.#clock = clock;
    this.#onKeys = onKeys;
  }

  typed(bytes: Uint8Array): void {
    this.#escape?.cancel();
    this.#onKeys(this.#reader.read(bytes));
    if (!this.#reader.isOpen) return;
    this.#escape = this.#clock.after(ESCAPE_MS, () => {
      this.#onKeys(this.#reader.settle());
    });
  }

  [Symbol.dispose](): void {
    this.#escape?.cancel();
  }
}
