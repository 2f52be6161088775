import { closeSync, openSync, readSync } from 'node:fs';
import { LF } from '../../core/terminal/codes.js';
import { READ_BYTES } from './read-size.js';

/** A line of a file, without its end. */
export interface FileLine {
  readonly text: string;
  /** False for a last line that has no end: it is still being written, or was torn. */
  readonly isWhole: boolean;
}

/**
 * The lines of a file in order, of which one is in memory at a time, and of that at most `maxBytes`: what is longer is cut
 * there. Throws the system's error where the file cannot be read.
 */
export function* fileLines(path: string, maxBytes: number): Generator<FileLine, void, void> {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const line = new LineBuffer(maxBytes);
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
      let from = 0;
      for (let end = lineEnd(buffer, from, count); end >= 0; end = lineEnd(buffer, from, count)) {
        line.add(buffer.subarray(from, end));
        yield { text: line.take(), isWhole: true };
        from = end + 1;
      }
      line.add(buffer.subarray(from, count));
    }
    if (!line.isEmpty) yield { text: line.take(), isWhole: false };
  } finally {
    closeSync(fd);
  }
}

/** Where the line at `from` ends; -1 where that is not among the first `count` bytes. */
function lineEnd(buffer: Buffer, from: number, count: number): number {
  const end = buffer.indexOf(LF, from);
  return end < count ? end : -1;
}

/** The beginning of a line whose end was not read yet. */
class LineBuffer {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Copies: the buffer that was read into is used again. */
  add(piece: Uint8Array): void {
    const kept = piece.subarray(0, this.#maxBytes - this.#bytes);
    if (kept.length === 0) return;
    this.#pieces.push(Buffer.from(kept));
    this.#bytes += kept.length;
  }

  take(): string {
    const text = Buffer.concat(this.#pieces).toString();
    this.#pieces = [];
    this.#bytes = 0;
    return text;
  }
}
