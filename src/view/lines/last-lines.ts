import type { Line } from '../../render/model/line.js';
import { type LineBatch, TextLines } from '../../render/model/text-lines.js';

/** The last lines of many, in memory of some more: moving them up is put off until as many again have come. */
export class LastLines {
  readonly #count: number;
  #held: Line[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  get lines(): readonly Line[] {
    return this.#last(this.#held);
  }

  hold(batch: LineBatch): void {
    const lines = batch instanceof TextLines ? batch.slice(Math.max(0, batch.length - this.#count)).lines() : batch;
    for (const line of this.#last(lines)) this.#held.push(line);
    if (this.#held.length >= 2 * this.#count) this.#held = this.#last(this.#held);
  }

  #last(lines: readonly Line[]): Line[] {
    return lines.slice(Math.max(0, lines.length - this.#count));
  }
}
