import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errors } from '../core/errors.js';
import type { Segment } from './segments.js';

/** One read: large enough that reading costs nothing beside hashing; two of them are in memory. */
const READ_BYTES = 1024 * 1024;

/**
 * SHA-256 of the bytes of `parts`, one behind the other, in lower-case hex. While a piece is hashed the next one is read.
 * Undefined when `signal` aborted it.
 *
 * @throws OrchError LOG_UNREADABLE, also for a part that is shorter than it was when it was listed
 */
export async function hashParts(parts: readonly Segment[], signal?: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  const buffers = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)] as const;
  for (const part of parts) {
    await using file = await openPart(part);
    let reading = file.read(buffers[0], 0);
    for (let [position, turn] = [0, 1]; position < part.bytes; turn++) {
      const piece = await reading;
      if (signal?.aborted === true) return undefined;
      position += piece.length;
      if (position < part.bytes) reading = file.read(turn % 2 === 0 ? buffers[0] : buffers[1], position);
      hash.update(piece);
    }
    await reading;
  }
  return hash.digest('hex');
}

interface OpenPart extends AsyncDisposable {
  /** At least one byte from `position` on, and none behind the part's end. */
  read(buffer: Buffer, position: number): Promise<Uint8Array>;
}

async function openPart({ path, bytes }: Segment): Promise<OpenPart> {
  const handle = await openLog(path);
  return {
    async read(buffer, position) {
      const wanted = Math.min(buffer.length, bytes - position);
      if (wanted === 0) return buffer.subarray(0, 0);
      const { bytesRead } = await handle.read(buffer, 0, wanted, position).catch((error: unknown) => {
        throw errors.logUnreadable(path, error);
      });
      if (bytesRead === 0) throw errors.logUnreadable(path, new Error(`it ends at ${position} of its ${bytes} bytes`));
      return buffer.subarray(0, bytesRead);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function openLog(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw errors.logUnreadable(path, error);
  }
}
