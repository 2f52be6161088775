// `promises` is loaded by Node when it is first read: a start that opens no file by it does without.
import { closeSync, constants, openSync, promises, readSync } from 'node:fs';
import { basename } from 'node:path';
import { nextTurn } from '../../core/async/next-turn.js';
import { PackedSegment } from './packed-segment.js';
import { isPackedLogName } from './segment-names.js';

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW;

/** One file of a recording, opened for reading at any position, compressed or not. */
export interface SegmentFile extends AsyncDisposable {
  readonly inode: number;
  /**
   * Reads up to `length` bytes at `position` into `buffer`; how many, 0 where it ends. Rejects with the system's error, or
   * DamagedBlock.
   */
  read(buffer: Uint8Array, length: number, position: number): Promise<number>;
}

/** Rejects with the system's error; DamagedBlock where a packed one does not begin as such. */
export async function openSegmentFile(path: string): Promise<SegmentFile> {
  const handle = await promises.open(path, FLAGS);
  try {
    const packed = isPackedLogName(basename(path)) ? new PackedSegment(handle.fd) : undefined;
    const { ino: inode } = await handle.stat();
    return {
      inode,
      async read(buffer, length, position) {
        if (packed === undefined) return (await handle.read(buffer, 0, length, position)).bytesRead;
        // Unpacking waits for nothing: without this a reader of many would keep all else waiting.
        await nextTurn();
        return packed.read(buffer.subarray(0, length), position);
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The same once, for who cannot wait. Throws the system's error, or DamagedBlock. */
export function readSegmentFile(path: string, buffer: Uint8Array, position: number): number {
  return withFile(path, (fd) =>
    isPackedLogName(basename(path))
      ? new PackedSegment(fd).read(buffer, position)
      : readSync(fd, buffer, 0, buffer.length, position),
  );
}

/** The bytes that a packed file holds. Throws the system's error; DamagedBlock where it does not tell. */
export function unpackedBytes(path: string): number {
  return withFile(path, (fd) => new PackedSegment(fd).bytes);
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, FLAGS);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
