import { closeSync, fdatasyncSync, rmSync, writeSync } from 'node:fs';
import { readRange } from './file-range.js';
import { BLOCK_BYTES, packBlock } from './packed-segment.js';
import { createNewFile } from './private-file.js';

/** Makes a packed copy of a sealed segment, a block at a time, under a name that readers do not know. */
export class SegmentPacker {
  /** The segment; it stays the caller's. */
  readonly fd: number;
  readonly start: number;
  /** Of the copy. */
  readonly path: string;
  readonly #bytes: number;
  #done = 0;
  #copy: number | undefined;

  /** `bytes` of the file that `fd` has open, which began at `start` in the recording. */
  constructor(fd: number, start: number, bytes: number, path: string) {
    this.fd = fd;
    this.start = start;
    this.path = path;
    this.#bytes = bytes;
  }

  /**
   * Packs the next block. `done`: the copy is whole, and forced to the disk, because the segment goes for it. `failed`: there is none,
   * as on a full disk.
   */
  step(): 'going' | 'done' | 'failed' {
    try {
      this.#copy ??= createNewFile(this.path);
      const length = Math.min(BLOCK_BYTES, this.#bytes - this.#done);
      const block = Buffer.allocUnsafe(length);
      let filled = 0;
      readRange({ fd: this.fd, position: this.#done, length }, (bytes) => {
        block.set(bytes, filled);
        filled += bytes.length;
      });
      for (let rest: Uint8Array = packBlock(block, this.#bytes); rest.length > 0; )
        rest = rest.subarray(writeSync(this.#copy, rest));
      this.#done += length;
      if (this.#done < this.#bytes) return 'going';
      fdatasyncSync(this.#copy);
      closeSync(this.#copy);
      this.#copy = undefined;
      return 'done';
    } catch {
      this.abandon();
      return 'failed';
    }
  }

  /** Leaves nothing of the copy. */
  abandon(): void {
    if (this.#copy === undefined) return;
    closeSync(this.#copy);
    this.#copy = undefined;
    rmSync(this.path, { force: true });
  }
}
