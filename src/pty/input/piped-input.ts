import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/**
 * The input piped into descriptor `fd`, usually 0, as a stream; undefined where that is a terminal, closed, or a device
 * that holds nothing (/dev/null).
 *
 * A pipe is read through the event loop: a read that waits in the thread pool would keep the process from exiting.
 */
export function pipedInput(fd: number): Readable | undefined {
  try {
    const kind = fstatSync(fd);
    if (kind.isCharacterDevice()) return undefined;
    if (kind.isFIFO() || kind.isSocket()) return new Socket({ fd, readable: true, writable: false });
    return createReadStream('', { fd, autoClose: false });
  } catch {
    return undefined;
  }
}
