import { LF } from '../../core/terminal/codes.js';

/** A line without its newline; `length` is the whole line's in bytes, more than `bytes` holds where it was too long. */
export interface InputLine {
  readonly bytes: Buffer;
  readonly length: number;
}

/** Cuts a stream into lines, wherever its chunks were cut. Of a line longer than `maxBytes` the beginning is kept. */
export class LineSplitter {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in `chunk`. */
  push(chunk: Buffer): InputLine[] {
    const lines: InputLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#take(chunk.subarray(from, at));
      lines.push(this.#line());
      from = at + 1;
    }
    if (from < chunk.length) this.#take(chunk.subarray(from));
    return lines;
  }

  /** The last line, where the stream ended without a newline. */
  end(): InputLine[] {
    return this.#length === 0 ? [] : [this.#line()];
  }

  #take(bytes: Buffer): void {
    const room = bytes.subarray(0, this.#maxBytes - this.#kept);
    if (room.length > 0) this.#chunks.push(room);
    this.#kept += room.length;
    this.#length += bytes.length;
  }

  #line(): InputLine {
    const [first] = this.#chunks;
    const bytes = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#kept);
    const line = { bytes, length: this.#length };
    this.#chunks = [];
    this.#kept = 0;
    this.#length = 0;
    return line;
  }
}
