import type { Clock } from '../../core/clock.js';
import { BackOff } from './back-off.js';

/** Unread input above which the source is asked to wait, bytes: about what a pipe holds. */
const HIGH_WATER_BYTES = 64 * 1024;

export interface InputQueueOptions {
  /** Writes without waiting and returns how many bytes were taken; 0 when it is full. */
  readonly write: (bytes: Uint8Array) => number;
  readonly clock: Clock;
}

/** A queue of input for a child that may not be reading: in order, whole, and without a busy loop. */
export class InputQueue implements Disposable {
  readonly #write: InputQueueOptions['write'];
  readonly #backOff: BackOff;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Callbacks of sources that hold back. */
  #waiting: (() => void)[] = [];
  /** Who waits until it is empty. */
  #emptied: ((isWritten: boolean) => void)[] = [];
  #disposed = false;

  constructor({ write, clock }: InputQueueOptions) {
    this.#write = write;
    this.#backOff = new BackOff(clock);
  }

  /** Queues `bytes`, which are the queue's from now on. False: hold back what follows until `onDrained` is called. */
  push(bytes: Uint8Array, onDrained: () => void = () => undefined): boolean {
    if (this.#disposed) return true;
    if (bytes.length > 0) {
      this.#chunks.push(bytes);
      this.#bytes += bytes.length;
      if (!this.#backOff.waiting) this.#pump();
    }
    if (this.#bytes <= HIGH_WATER_BYTES) return true;
    this.#waiting.push(onDrained);
    return false;
  }

  /** True when everything pushed has been written. */
  get empty(): boolean {
    return this.#bytes === 0;
  }

  /** Resolves when everything has been written that was pushed up to then; with false when it is dropped instead. */
  emptied(): Promise<boolean> {
    if (this.#disposed || this.empty) return Promise.resolve(!this.#disposed);
    return new Promise((resolve) => this.#emptied.push(resolve));
  }

  /** Drops what is queued, and what comes later; nothing is written any more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#backOff[Symbol.dispose]();
    this.#chunks = [];
    this.#bytes = 0;
    this.#waiting = [];
    for (const resolve of this.#emptied.splice(0)) resolve(false);
  }

  #pump(): void {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const taken = this.#write(chunk);
      if (taken > 0) this.#backOff.reset();
      this.#bytes -= taken;
      if (taken < chunk.length) {
        this.#chunks[0] = chunk.subarray(taken);
        if (taken === 0) {
          this.#backOff.again(() => {
            this.#pump();
          });
          return;
        }
      } else this.#chunks.shift();
    }
    for (const onDrained of this.#waiting.splice(0)) onDrained();
    // Those may have pushed more.
    if (this.empty) for (const resolve of this.#emptied.splice(0)) resolve(true);
  }
}
