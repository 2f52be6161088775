import type { Clock, Timer } from '../../core/clock.js';
import type { Screen } from '../../render/screen/screen.js';
import type { Display, View } from '../../view/replay/display.js';

/** A picture of a screen that goes on, on a terminal of another size. */
export class LivePicture implements Disposable {
  readonly #screen: Screen;
  readonly #display: Display;
  readonly #clock: Clock;
  readonly #view: View;
  #painting: Timer | undefined;

  /** The screen is its own from then on. `status`: the line below it. */
  constructor(screen: Screen, display: Display, clock: Clock, status: View['status']) {
    this.#screen = screen;
    this.#display = display;
    this.#clock = clock;
    this.#view = { screen, showsHelp: false, prompt: undefined, status };
    display.forget();
    this.paintSoon();
  }

  write(bytes: Uint8Array): void {
    this.#screen.write(bytes);
    this.paintSoon();
  }

  /** What is to be seen may have changed, or the terminal takes more. */
  paintSoon(): void {
    if (this.#painting !== undefined) return;
    this.#display.postpone();
    this.#painting = this.#clock.after(Math.max(0, this.#display.paintAt - this.#clock.monotonic()), () => {
      this.#painting = undefined;
      this.#display.paint(this.#view, this.#clock.monotonic(), true);
    });
  }

  [Symbol.dispose](): void {
    this.#painting?.cancel();
    this.#screen.dispose();
  }
}
