import { closeSync, constants, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { errnoCode } from '../../core/errors.js';
import { READ_BYTES } from './read-size.js';

/** The lines of a file that grows, each once, when it has its line end. For files that a reader can do without. */
export class LineTail implements Disposable {
  readonly #path: string;
  readonly #decoder = new StringDecoder('utf8');
  #fd: number | undefined;
  #position = 0;
  #unfinished = '';

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The whole lines that have come since the last call, without their ends; none where the file is missing. At most
   * `maxBytes` are read, for a file that others write: the rest is for the next call, and a line longer than that is cut.
   */
  read(maxBytes = Infinity): string[] {
    try {
      // What is no file, such as a FIFO, must not be waited for.
      this.#fd ??= openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      let text = this.#unfinished;
      for (let left = maxBytes; left > 0; ) {
        const bytes = readSync(this.#fd, buffer, 0, Math.min(READ_BYTES, left), this.#position);
        if (bytes === 0) break;
        this.#position += bytes;
        left -= bytes;
        text += this.#decoder.write(buffer.subarray(0, bytes));
      }
      const lines = text.split('\n');
      this.#unfinished = (lines.pop() ?? '').slice(0, maxBytes);
      return lines;
    } catch (error) {
      if (errnoCode(error) === undefined) throw error;
      return [];
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
