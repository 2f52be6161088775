import { closeSync, writeSync } from 'node:fs';
import { openForAppend } from './private-file.js';

/** Called when lines could not be written: at the first failure, and again only after a success in between. */
export type LineFailureListener = (error: unknown) => void;

/**
 * A file that only grows, by whole lines, each append one write(2) with O_APPEND. It serves the notes beside a
 * recording, so it never throws: what cannot be written is dropped, `onFailure` hears of it, the next append tries
 * again. A line torn by a full disk is ended before the next one, so that it spoils no other.
 */
export class LineFile implements Disposable {
  readonly #path: string;
  readonly #onFailure: LineFailureListener;
  #fd: number | undefined;
  #torn = false;
  #failing = false;
  #closed = false;

  constructor(path: string, onFailure: LineFailureListener) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /** Appends lines (each without its line end); false when they could not be written, or after `close`. */
  append(...lines: readonly string[]): boolean {
    if (this.#closed) return false;
    try {
      this.#fd ??= openForAppend(this.#path);
      const bytes = Buffer.from(`${this.#torn ? '\n' : ''}${lines.join('\n')}\n`);
      const written = writeSync(this.#fd, bytes);
      this.#torn = written < bytes.length;
      if (this.#torn) throw new Error(`ENOSPC: only ${written} of ${bytes.length} bytes could be written`);
      this.#failing = false;
      return true;
    } catch (error) {
      if (!this.#failing) this.#onFailure(error);
      this.#failing = true;
      return false;
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#fd === undefined) return;
    try {
      closeSync(this.#fd);
    } catch (error) {
      this.#onFailure(error);
    }
    this.#fd = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
