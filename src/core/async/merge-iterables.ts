/**
 * Reads any number of async sources at once and gives their items as they come, each source's in its own order; more
 * sources may be added while it is read. Of each source one item at most waits, so a slow reader slows them all.
 */
export class MergedIterables<T> implements AsyncIterable<T> {
  readonly #sources = new Set<AsyncIterator<T>>();
  readonly #arrived: Arrival<T>[] = [];
  #open = true;
  #wake: (() => void) | undefined;

  add(source: AsyncIterable<T>): void {
    const iterator = source[Symbol.asyncIterator]();
    this.#sources.add(iterator);
    this.#ask(iterator);
  }

  /** No more sources will be added: iteration ends when all present ones have ended. */
  close(): void {
    this.#open = false;
    this.#wake?.();
  }

  /** Rejects with a source's error. When the reader stops early, the sources are stopped too. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        const arrival = this.#arrived.shift();
        if (arrival === undefined) {
          if (!this.#open && this.#sources.size === 0) return;
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        const { iterator, result } = arrival;
        if ('error' in arrival) throw arrival.error;
        if (result === undefined || result.done === true) {
          this.#sources.delete(iterator);
          continue;
        }
        yield result.value;
        this.#ask(iterator);
      }
    } finally {
      // Not awaited: a source that waits for input may never return.
      for (const source of this.#sources) void source.return?.();
    }
  }

  #ask(iterator: AsyncIterator<T>): void {
    const arrive = (arrival: Arrival<T>): void => {
      this.#arrived.push(arrival);
      this.#wake?.();
    };
    iterator.next().then(
      (result) => {
        arrive({ iterator, result });
      },
      (error: unknown) => {
        arrive({ iterator, error });
      },
    );
  }
}

interface Arrival<T> {
  readonly iterator: AsyncIterator<T>;
  readonly result?: IteratorResult<T>;
  readonly error?: unknown;
}
