import { readRange } from './file-range.js';
import { type LogFileSystem, realFiles } from './log-files.js';
import { BLOCK_BYTES, packBlock } from './packed-segment.js';

/** Of this thread; one for each block would be tens of megabytes of garbage at a time. */
let memory: Buffer | undefined;

/** Makes a packed copy of a sealed segment, a block at a time, under a name that readers do not know. */
export class SegmentPacker {
  /** The segment; it stays the caller's. */
  readonly fd: number;
  readonly start: number;
  /** Of the copy. */
  readonly path: string;
  readonly #bytes: number;
  readonly #files: LogFileSystem;
  #done = 0;
  #copy: number | undefined;

  /** `bytes` of the file that `fd` has open, which began at `start` in the recording. */
  constructor(fd: number, start: number, bytes: number, path: string, files: LogFileSystem = realFiles) {
    this.fd = fd;
    this.start = start;
    this.path = path;
    this.#bytes = bytes;
    this.#files = files;
  }

  /**
   * Packs the next block. `done`: the copy is whole, and forced to the disk, because the segment goes for it. `failed`: there is none,
   * as on a full disk.
   */
  step(): 'going' | 'done' | 'failed' {
    try {
      this.#copy ??= this.#files.open(this.path);
      const length = Math.min(BLOCK_BYTES, this.#bytes - this.#done);
      const block = (memory ??= Buffer.allocUnsafeSlow(BLOCK_BYTES)).subarray(0, length);
      let filled = 0;
      readRange({ fd: this.fd, position: this.#done, length }, (bytes) => {
        block.set(bytes, filled);
        filled += bytes.length;
      });
      for (let rest: Uint8Array = packBlock(block, this.#bytes); rest.length > 0; )
        rest = rest.subarray(this.#files.write(this.#copy, rest));
      this.#done += length;
      if (this.#done < this.#bytes) return 'going';
      this.#files.sync(this.#copy);
      this.#files.close(this.#copy);
      this.#copy = undefined;
      return 'done';
    } catch {
      this.abandon();
      return 'failed';
    }
  }

  /** Leaves nothing of a copy that is not done. */
  abandon(): void {
    const copy = this.#copy;
    if (copy === undefined) return;
    this.#copy = undefined;
    for (const step of [
      () => {
        this.#files.close(copy);
      },
      () => {
        this.#files.remove(this.path);
      },
    ]) {
      try {
        step();
      } catch {
        // What is left is no segment to any reader.
      }
    }
  }
}
