import type { Stats } from 'node:fs';

/**
 * What was read from files, by path, until they are others, longer or written later: for what is asked again and again of
 * files that seldom change. Of the files asked for last it knows `maxFiles`.
 */
export class KnownFiles<T> {
  readonly #maxFiles: number;
  readonly #known = new Map<string, { readonly identity: string; readonly value: T }>();

  constructor(maxFiles: number) {
    this.#maxFiles = maxFiles;
  }

  /** `stats`: the file as it was before `read` reads it. Undefined, and what is thrown, is not kept. */
  get<Read extends T | undefined>(path: string, stats: Stats, read: () => Read): T | Read {
    const identity = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
    const known = this.#known.get(path);
    const value = known?.identity === identity ? known.value : read();
    // Set again, it is the last one of the map.
    this.#known.delete(path);
    if (value !== undefined) this.#known.set(path, { identity, value });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#maxFiles) break;
      this.#known.delete(oldest);
    }
    return value;
  }
}
