import { join } from 'node:path';
import { errnoCode } from '../../core/errors.js';
import type { LogFileSystem } from './log-files.js';
import { DamagedBlock } from './packed-segment.js';
import { keyframesName, packedLogName, sealedLogName } from './segment-names.js';

/** What reading at an offset gave: `count` bytes, or the next offset at which there are any. */
export type LogRead =
  | { readonly type: 'bytes'; readonly count: number }
  | { readonly type: 'missing'; readonly until: number };

/** What was removed from the front of a recording. */
export interface Removed {
  readonly offset: number;
  readonly bytes: number;
}

export interface SealedSegmentsOptions {
  readonly files: LogFileSystem;
  /** The most bytes on the disk. */
  readonly maxBytes: number;
  /** Called just before a segment goes, so that it is noted whatever happens then. */
  readonly onRemoving: (removed: Removed) => void;
}

interface Sealed {
  readonly start: number;
  readonly bytes: number;
}

/**
 * The segments of a recording in front of the one being written. They are replaced by packed copies, and removed when they are
 * too large together. It never throws. At each moment a segment is there under one of its two names, or its removal was announced.
 */
export class SealedSegments {
  readonly #folder: string;
  readonly #options: SealedSegmentsOptions;
  #segments: readonly Sealed[] = [];
  /** The removal of segments in front of this offset was announced. */
  #removedTo = 0;

  constructor(folder: string, options: SealedSegmentsOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  add(start: number, bytes: number): void {
    this.#segments = [...this.#segments, { start, bytes }];
  }

  /**
   * Puts a packed copy, whole and on the disk under the name `from`, in the place of the segment that begins at `start`. Where
   * that has gone, or this fails, the copy goes.
   */
  adopt(start: number, from: string): void {
    const { files } = this.#options;
    const isThere = this.#segments.some((segment) => segment.start === start);
    if (
      isThere &&
      this.#try(() => {
        files.rename(from, this.#path(packedLogName(start)));
      })
    ) {
      this.#try(() => {
        files.remove(this.#path(sealedLogName(start)));
      });
    } else {
      this.#try(() => {
        files.remove(from);
      });
    }
  }

  /** Removes the oldest for as long as all take too much; never the newest. What cannot be removed is tried again at the next call. */
  trim(): void {
    const { maxBytes, onRemoving, files } = this.#options;
    let total = this.#segments.reduce((sum, segment) => sum + this.#diskBytes(segment), 0);
    for (let [oldest] = this.#segments; oldest !== undefined && this.#segments.length > 1 && total > maxBytes; ) {
      const { start, bytes } = oldest;
      total -= this.#diskBytes(oldest);
      if (this.#removedTo < start + bytes) onRemoving({ offset: start, bytes });
      this.#removedTo = start + bytes;
      if (
        !this.#try(() => {
          this.#names(start).forEach((name) => {
            files.remove(this.#path(name));
          });
        })
      )
        return;
      this.#segments = this.#segments.slice(1);
      [oldest] = this.#segments;
    }
  }

  /** What there is at `offset`, which is in front of `end`, where the segment being written begins. */
  read(buffer: Uint8Array, offset: number, end: number): LogRead {
    const segment = this.#segments.find(({ start, bytes }) => offset < start + bytes);
    if (segment === undefined) return { type: 'missing', until: end };
    const { start, bytes } = segment;
    if (offset < start) return { type: 'missing', until: start };
    const wanted = buffer.subarray(0, Math.min(buffer.length, start + bytes - offset));
    for (const name of [sealedLogName(start), packedLogName(start)]) {
      try {
        const count = this.#options.files.readSegment(this.#path(name), wanted, offset - start);
        if (count > 0) return { type: 'bytes', count };
      } catch (error) {
        if (error instanceof DamagedBlock) return { type: 'missing', until: start + error.until };
        if (errnoCode(error) === undefined) throw error;
      }
    }
    return { type: 'missing', until: start + bytes };
  }

  #diskBytes({ start }: Sealed): number {
    return this.#names(start).reduce((sum, name) => sum + this.#options.files.size(this.#path(name)), 0);
  }

  #names(start: number): readonly string[] {
    return [sealedLogName(start), packedLogName(start), keyframesName(start)];
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** False where it failed. */
  #try(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      if (errnoCode(error) === undefined) throw error;
      return false;
    }
  }
}
