import { promises } from 'node:fs';
import { errnoCode, errors } from '../../core/errors.js';
import { READ_BYTES } from '../files/read-size.js';
import { DamagedBlock } from './packed-segment.js';
import { openSegmentFile, type SegmentFile } from './segment-file.js';
import { listSegments, type Segment } from './segments.js';

/** A piece of a recording. */
export interface LogChunk {
  /** Absolute offset of its first byte. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Reads a recording forward, across its segments, while it may still grow and be sealed. */
export class SegmentCursor implements AsyncDisposable {
  readonly #folder: string;
  readonly #buffer: Buffer;
  #position: number;
  #open: OpenSegment | undefined;

  /** `position`: absolute offset of the first byte wanted. `chunkBytes`: of the largest chunk. */
  constructor(folder: string, position: number, chunkBytes = READ_BYTES) {
    this.#folder = folder;
    this.#position = position;
    this.#buffer = Buffer.allocUnsafeSlow(chunkBytes);
  }

  /**
   * At most `chunkBytes` from where the last read ended, and before the absolute offset `end`; undefined where the recording
   * ends for now. Bytes that are missing from the recording are jumped over: the chunk's offset tells.
   *
   * @throws OrchError LOG_UNREADABLE
   */
  async read(end: number): Promise<LogChunk | undefined> {
    for (;;) {
      this.#open ??= await openSegment(this.#folder, this.#position);
      if (this.#open === undefined) return undefined;
      const offset = Math.max(this.#position, this.#open.segment.start);
      if (offset >= end) return undefined;
      const bytes = await this.#readAt(this.#open, offset, Math.min(this.#buffer.length, end - offset));
      if (typeof bytes === 'number') this.#position = bytes;
      else if (bytes.length > 0) {
        this.#position = offset + bytes.length;
        return { offset, bytes };
      } else if (!(await this.#goOn(this.#open))) return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.file[Symbol.asyncDispose]();
    this.#open = undefined;
  }

  /** What is there; where it is damaged, the offset to go on from. */
  async #readAt({ file, segment }: OpenSegment, offset: number, length: number): Promise<Uint8Array | number> {
    try {
      const count = await file.read(this.#buffer, length, offset - segment.start);
      return Uint8Array.prototype.slice.call(this.#buffer, 0, count);
    } catch (error) {
      if (error instanceof DamagedBlock) return segment.start + error.until;
      throw errors.logUnreadable(segment.path, error);
    }
  }

  /** At the end of a file: makes ready to read on in it or behind it; false where there is nothing more for now. */
  async #goOn(open: OpenSegment): Promise<boolean> {
    if (open.mayGrow) {
      if (await isStillWritten(open.segment, this.#position)) return false;
      // It was sealed or removed: one last look, for what was written between the last read and that.
      this.#open = { ...open, mayGrow: false };
      return true;
    }
    await open.file[Symbol.asyncDispose]();
    this.#open = await openSegment(this.#folder, this.#position);
    return this.#open !== undefined && this.#open.segment.inode !== open.segment.inode;
  }
}

interface OpenSegment {
  readonly file: SegmentFile;
  readonly segment: Segment;
  readonly mayGrow: boolean;
}

/** How often a file that is sealed between finding and opening it is looked for again: seals are seconds apart. */
const OPEN_TRIES = 5;

/** Opens the segment that holds the byte at `position`, or the first one behind it, or the one still written. */
async function openSegment(folder: string, position: number): Promise<OpenSegment | undefined> {
  for (let tries = 1; ; tries++) {
    const segments = listSegments(folder);
    const segment =
      segments.find(({ start, bytes }) => start + bytes > position) ?? segments.find(({ sealed }) => !sealed);
    if (segment === undefined) return undefined;
    try {
      const file = await openSegmentFile(segment.path);
      if (file.inode === segment.inode) return { file, segment, mayGrow: !segment.sealed };
      await file[Symbol.asyncDispose]();
    } catch (error) {
      if (errnoCode(error) !== 'ENOENT' || tries === OPEN_TRIES) throw errors.logUnreadable(segment.path, error);
    }
  }
}

/** False when the name now means another file, or a file that is shorter than what was read of it. */
async function isStillWritten(segment: Segment, position: number): Promise<boolean> {
  try {
    const { ino, size } = await promises.stat(segment.path);
    return ino === segment.inode && segment.start + size >= position;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw errors.logUnreadable(segment.path, error);
  }
}
