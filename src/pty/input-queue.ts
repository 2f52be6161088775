import type { Clock, Timer } from '../core/clock.js';

/** Above this much unread input the source is asked to wait: about what a pipe holds. */
const HIGH_WATER_BYTES = 64 * 1024;
/** A child that does not read is asked again after 1 ms, then ever more rarely: it may take hours. */
const RETRY_MS = { first: 1, longest: 16 } as const;

export interface InputQueueOptions {
  /** Takes what it can without waiting and returns how many bytes that was; 0 when it is full. */
  readonly write: (bytes: Uint8Array) => number;
  readonly clock: Clock;
}

/** Input on its way to a child that may not be reading: in order, whole, and without a busy loop. */
export class InputQueue implements Disposable {
  readonly #options: InputQueueOptions;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #retryMs: number = RETRY_MS.first;
  #timer: Timer | undefined;
  /** Who was told to hold back. */
  #waiting: (() => void)[] = [];
  #disposed = false;

  constructor(options: InputQueueOptions) {
    this.#options = options;
  }

  /** Queues `bytes`, which are the queue's from now on. False: hold back what follows until `onDrained` is called. */
  push(bytes: Uint8Array, onDrained: () => void = () => undefined): boolean {
    if (this.#disposed) return true;
    if (bytes.length > 0) {
      this.#chunks.push(bytes);
      this.#bytes += bytes.length;
      if (this.#timer === undefined) this.#pump();
    }
    if (this.#bytes <= HIGH_WATER_BYTES) return true;
    this.#waiting.push(onDrained);
    return false;
  }

  /** True when everything pushed has been written. */
  get empty(): boolean {
    return this.#bytes === 0;
  }

  /** Drops what is queued, and what comes later; nothing is written any more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#chunks = [];
    this.#bytes = 0;
    this.#waiting = [];
  }

  #pump(): void {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const taken = this.#options.write(chunk);
      if (taken > 0) this.#retryMs = RETRY_MS.first;
      this.#bytes -= taken;
      if (taken < chunk.length) {
        this.#chunks[0] = chunk.subarray(taken);
        if (taken === 0) {
          this.#retryLater();
          return;
        }
      } else this.#chunks.shift();
    }
    for (const onDrained of this.#waiting.splice(0)) onDrained();
  }

  #retryLater(): void {
    this.#timer = this.#options.clock.after(this.#retryMs, () => {
      this.#timer = undefined;
      this.#pump();
    });
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS.longest);
  }
}
