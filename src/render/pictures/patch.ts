import { wordAt } from '../../core/items/element-at.js';

/** A picture, and what of it has changed since that was last taken. A pixel is never 0: that stands for none. */
export class Patch {
  readonly #width: number;
  readonly #picture: Uint32Array;
  readonly #changed: Uint32Array;
  readonly #taken: Uint32Array;
  #top = Infinity;
  #bottom = 0;
  #left = Infinity;
  #right = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#picture = new Uint32Array(width * height);
    this.#changed = new Uint32Array(width * height);
    this.#taken = new Uint32Array(width * height);
  }

  /** Puts whole lines of pixels from line `top` on; each line once between two takes. */
  put(top: number, pixels: Uint32Array): void {
    const start = top * this.#width;
    for (let at = 0; at < pixels.length; at++) {
      const pixel = wordAt(pixels, at);
      if (pixel === this.#picture[start + at]) continue;
      this.#picture[start + at] = pixel;
      this.#changed[start + at] = pixel;
      const x = at % this.#width;
      const y = top + (at - x) / this.#width;
      if (y < this.#top) this.#top = y;
      if (y > this.#bottom) this.#bottom = y;
      if (x < this.#left) this.#left = x;
      if (x > this.#right) this.#right = x;
    }
  }

  /** The smallest rectangle around all that changed, 0 where it did not; one pixel where nothing did. Its pixels last until the next. */
  take(): {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    pixels: Uint32Array;
  } {
    const [x, y] = this.#top === Infinity ? [0, 0] : [this.#left, this.#top];
    const [width, height] = [Math.max(1, this.#right - x + 1), Math.max(1, this.#bottom - y + 1)];
    const pixels = this.#taken.subarray(0, width * height);
    for (let line = 0; line < height; line++) {
      const from = (y + line) * this.#width + x;
      pixels.set(this.#changed.subarray(from, from + width), line * width);
      this.#changed.fill(0, from, from + width);
    }
    this.#top = this.#left = Infinity;
    this.#bottom = this.#right = 0;
    return { x, y, width, height, pixels };
  }
}
