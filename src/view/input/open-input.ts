import { createReadStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { errnoCode, errors } from '../../core/errors.js';

/** The input, from its beginning. */
export interface Input {
  readonly stream: Readable;
  /** The input may still be written to, and is to be shown as it comes. */
  readonly isLive: boolean;
}

/**
 * Opens a file, or a pipe that has a name.
 *
 * @throws OrchError INPUT_UNREADABLE; what is found out later comes out of {@link inputBytes}
 */
export function openInput(path: string): Input {
  try {
    if (!statSync(path).isFIFO())
      return { stream: createReadStream(path, { highWaterMark: CHUNK_BYTES }), isLive: false };
    // Through the event loop: a read that waits in the thread pool would keep the process from exiting.
    return { stream: new Socket({ fd: openSync(path, 'r'), readable: true, writable: false }), isLive: true };
  } catch (error) {
    throw errors.inputUnreadable(path, error);
  }
}

/** Each chunk takes some time of its own, and each is in memory a few times. */
const CHUNK_BYTES = 262_144;

/**
 * The bytes of `stream`, which is called `name` in errors; they end when the stream is destroyed.
 *
 * @throws OrchError INPUT_UNREADABLE
 */
export async function* inputBytes(stream: Readable, name: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of stream as AsyncIterable<unknown>) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    if (errnoCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw errors.inputUnreadable(name, error);
  }
}
