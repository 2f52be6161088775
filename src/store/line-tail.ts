import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { errnoCode } from '../core/errors.js';

/** One read: the files this is for grow by a line at a time. */
const READ_BYTES = 64 * 1024;

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

  /** The whole lines that have come since the last call, without their ends; none where the file is missing. */
  read(): string[] {
    try {
      this.#fd ??= openSync(this.#path, 'r');
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      let text = this.#unfinished;
      for (;;) {
        const bytes = readSync(this.#fd, buffer, 0, READ_BYTES, this.#position);
        if (bytes === 0) break;
        this.#position += bytes;
        text += this.#decoder.write(buffer.subarray(0, bytes));
      }
      const lines = text.split('\n');
      this.#unfinished = lines.pop() ?? '';
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
