import { readSync } from 'node:fs';

const PIECE_BYTES = 256 * 1024;
/** Of this thread; one for each call would be megabytes of garbage. */
let memory: Buffer | undefined;

/** `length` bytes from `position` on in the file that `fd` has open: descriptors are shared by all threads. */
export interface FileRange {
  readonly fd: number;
  readonly position: number;
  readonly length: number;
}

/**
 * Gives the bytes of a range to `take`, in order, in an array that is used again. Throws the system's error, or when the
 * file is shorter than said.
 */
export function readRange({ fd, position, length }: FileRange, take: (bytes: Uint8Array) => void): void {
  const buffer = (memory ??= Buffer.allocUnsafeSlow(PIECE_BYTES));
  for (let done = 0; done < length; ) {
    const count = readSync(fd, buffer, 0, Math.min(buffer.length, length - done), position + done);
    if (count === 0) throw new Error(`the log ended ${length - done} bytes before what was written to it`);
    take(buffer.subarray(0, count));
    done += count;
  }
}
