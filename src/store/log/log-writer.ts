import { byteAt } from '../../core/items/element-at.js';
import { join } from 'node:path';
import { LF } from '../../core/terminal/codes.js';
import type { Clock } from '../../core/clock.js';
import { reason } from '../../core/errors.js';
import type { Gap } from '../../core/events.js';
import type { LogLimits, SyncPolicy } from '../../core/log-limits.js';
import { type LogFileSystem, realFiles } from './log-files.js';
import { type LogRead, type Removed, SealedSegments } from './sealed-segments.js';
import { LOG_NAME, sealedLogName } from './segment-names.js';

/** While nothing can be written, a try costs a failing system call: once a second is soon enough for a person. */
const RETRY_MS = 1000;
/** A segment is sealed at the end of a line if one comes so soon: then readers of the next seldom begin inside a sequence. */
const LINE_END_BYTES = 1024 * 1024;

/** What a {@link LogWriter} says about trouble; offsets are absolute in the recording. */
export type LogTrouble =
  /** From `offset` on nothing can be written. */
  | { readonly type: 'gap.open'; readonly offset: number; readonly reason: string }
  /** The log is whole again, or has ended; these bytes are missing. */
  | ({ readonly type: 'gap' } & Gap)
  /** backend.log now begins at `offset`. */
  | { readonly type: 'rotate'; readonly offset: number; readonly reason: string };

/** Who reads the segments as they come, for their hash. */
export interface SegmentListener {
  /** A new one, which begins at `start`, is at `path` now; the one before it is complete. */
  begun(start: number, path: string): void;
  /** The newest has `count` more bytes. */
  grown(count: number): void;
  /** The one that began at `start` does not belong to the recording any more. */
  gone(start: number): void;
}

/** What happens to a log while it is written. */
export type WriterEvent =
  | LogTrouble
  /** backend.log now begins at `offset`, because the one before it was full. */
  | { readonly type: 'sealed'; readonly offset: number }
  /** The oldest segment is about to be removed, because all together are too large. */
  | ({ readonly type: 'removing' } & Removed);

export interface LogWriterOptions {
  readonly clock: Clock;
  readonly emit: (event: WriterEvent) => void;
  /** Undefined: backend.log grows for ever. */
  readonly limits?: LogLimits | undefined;
  readonly segments?: SegmentListener;
  /** When what was written is forced to the disk; default `never`. */
  readonly sync?: SyncPolicy;
  readonly files?: LogFileSystem;
}

interface Segment {
  readonly fd: number;
  /** Absolute offset of its first byte. */
  readonly start: number;
  length: number;
}

/** A file that has taken the place of backend.log; `isGone`: of the one before nothing is there. */
interface Swapped {
  readonly fd: number;
  readonly isGone: boolean;
}

interface OpenGap {
  readonly offset: number;
  readonly reason: string;
  retryAt: number;
}

/**
 * Appends what is captured to backend.log, and nothing else to it, ever. A failure to write never throws: the bytes
 * are counted as a {@link Gap}, and when writing works again a new segment starts behind the gap, so that
 * no segment has a gap within.
 */
export class LogWriter implements Disposable {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #files: LogFileSystem;
  readonly #options: LogWriterOptions;
  readonly #sealed: SealedSegments;
  readonly #gaps: Gap[] = [];
  #current: Segment;
  #offset = 0;
  #gap: OpenGap | undefined;
  #lastByte = 0;
  #sealAt: number;
  #noSealBefore = 0;
  #synced = 0;
  #syncing: Promise<void> | undefined;

  /** Starts backend.log in `folder`. Throws the system's error where that cannot be made. */
  constructor(folder: string, options: LogWriterOptions) {
    const { clock, limits, files = realFiles } = options;
    this.#folder = folder;
    this.#clock = clock;
    this.#options = options;
    this.#files = files;
    this.#sealAt = limits?.segmentBytes ?? Infinity;
    this.#sealed = new SealedSegments(folder, {
      files,
      maxBytes: limits?.maxBytes ?? Infinity,
      onRemoving: (removed) => {
        options.emit({ type: 'removing', ...removed });
        options.segments?.gone(removed.offset);
      },
    });
    this.#current = { fd: files.open(this.#path), start: 0, length: 0 };
    options.segments?.begun(0, this.#path);
  }

  /** The absolute offset behind the last byte taken, written or not. */
  get offset(): number {
    return this.#offset;
  }

  /** The gaps that have ended. */
  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Takes all of `bytes`. They are with the kernel when this returns, unless a gap is open. */
  append(bytes: Uint8Array): void {
    if (this.#gap === undefined) {
      if (this.#isFull) this.#seal();
      this.#write(bytes);
    } else if (this.#clock.monotonic() >= this.#gap.retryAt) {
      this.#resume(this.#gap, bytes);
    }
    this.#offset += bytes.length;
  }

  /** Notices that backend.log was removed, replaced or cut short, which writing to it does not. To be called about twice a second. */
  check(): void {
    if (this.#gap !== undefined || this.#files.isThere(this.#current.fd, this.#path, this.#current.length)) return;
    const from = this.#isGone() ? this.#current.start : this.#offset;
    const gap = this.#openGap(from, 'backend.log was removed or cut short while it was written');
    this.#startSegment(gap, new Uint8Array(0));
  }

  /** Forces what was written since the last time to the disk, beside everything else. Rejects with the system's error. */
  async sync(): Promise<void> {
    await this.#syncing;
    if (this.#offset === this.#synced) return;
    this.#synced = this.#offset;
    this.#syncing = this.#files.syncLater(this.#current.fd);
    try {
      await this.#syncing;
    } finally {
      this.#syncing = undefined;
    }
  }

  /** Reads back from absolute `offset`, which must be below {@link offset}. What cannot be read counts as missing. */
  read(buffer: Uint8Array, offset: number): LogRead {
    const { fd, start, length } = this.#current;
    if (offset < start) return this.#sealed.read(buffer, offset, start);
    const left = start + length - offset;
    if (left <= 0) return { type: 'missing', until: this.#offset };
    const count = this.#tryRead(fd, buffer.subarray(0, Math.min(left, buffer.length)), offset - start);
    return count > 0 ? { type: 'bytes', count } : { type: 'missing', until: offset + left };
  }

  /** Puts a packed copy of the sealed segment that begins at `start` in its place; see {@link SealedSegments.adopt}. */
  adopt(start: number, from: string): void {
    this.#sealed.adopt(start, from);
  }

  /** Nothing more will come: a gap that is open ends here. The files stay open for reading back. */
  end(): void {
    this.check();
    this.#closeGap(this.#isGone());
  }

  [Symbol.dispose](): void {
    this.#files.close(this.#current.fd);
  }

  #tryRead(fd: number, buffer: Uint8Array, position: number): number {
    try {
      return this.#files.read(fd, buffer, position);
    } catch {
      return 0;
    }
  }

  get #path(): string {
    return join(this.#folder, LOG_NAME);
  }

  /** The name the current segment gets when the next one takes its place. */
  get #sealedPath(): string {
    return join(this.#folder, sealedLogName(this.#current.start));
  }

  /** Whether the current segment was removed or cut short, so that nothing of it counts as recorded. */
  #isGone(): boolean {
    const { fd, length } = this.#current;
    return length > 0 && ![this.#path, this.#sealedPath].some((path) => this.#files.isThere(fd, path, length));
  }

  #write(bytes: Uint8Array): void {
    let rest = bytes;
    try {
      while (rest.length > 0) {
        const count = this.#files.write(this.#current.fd, rest);
        this.#grow(count);
        this.#lastByte = byteAt(rest, count - 1);
        rest = rest.subarray(count);
      }
      if (this.#options.sync === 'always') this.#files.sync(this.#current.fd);
    } catch (error) {
      this.#openGap(this.#offset + bytes.length - rest.length, reason(error));
    }
  }

  #grow(count: number): void {
    this.#current.length += count;
    this.#options.segments?.grown(count);
  }

  get #isFull(): boolean {
    const { length } = this.#current;
    if (length < this.#sealAt || this.#clock.monotonic() < this.#noSealBefore) return false;
    return this.#lastByte === LF || length >= this.#sealAt + Math.min(LINE_END_BYTES, this.#sealAt);
  }

  /** Begins a new segment behind a full one. Where that fails the full one goes on: it is only longer than it should be. */
  #seal(): void {
    const { fd, length } = this.#current;
    const swapped = this.#files.isThere(fd, this.#path, length) ? this.#swapActive() : undefined;
    if (swapped === undefined) {
      this.#noSealBefore = this.#clock.monotonic() + RETRY_MS;
      return;
    }
    this.#goOnIn(swapped);
    this.#options.emit({ type: 'sealed', offset: this.#offset });
    this.#sealed.trim();
  }

  /**
   * A new file takes the place of backend.log, which gets the name of a sealed segment where it is still there. The new one is
   * whole, `bytes` written, under another name before. Where any step fails all is as it was, a rest of the try is overwritten by
   * the next, and this returns undefined.
   */
  #swapActive(bytes: Uint8Array = new Uint8Array(0)): Swapped | undefined {
    const next = join(this.#folder, NEXT_NAME);
    let fd: number | undefined;
    try {
      this.#files.makeFolder(this.#folder);
      this.#files.remove(next);
      fd = this.#files.open(next);
      for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(this.#files.write(fd, rest));
      const isGone = this.#isGone();
      const { fd: before, length } = this.#current;
      const isNamed = length > 0 && this.#files.isThere(before, this.#path, length);
      if (isNamed) this.#files.rename(this.#path, this.#sealedPath);
      this.#replace(next, isNamed);
      return { fd, isGone };
    } catch {
      if (fd !== undefined) this.#files.close(fd);
      return undefined;
    }
  }

  /** Gives `next` the name of backend.log, or that back to the segment that was sealed for it. */
  #replace(next: string, isSealed: boolean): void {
    try {
      this.#files.rename(next, this.#path);
    } catch (error) {
      if (isSealed) this.#files.rename(this.#sealedPath, this.#path);
      throw error;
    }
  }

  /** What comes is written to the new segment; the one before is closed, and sealed where anything of it is there. */
  #goOnIn({ fd, isGone }: Swapped): void {
    const { fd: before, start, length } = this.#current;
    this.#retire(before);
    if (!isGone && length > 0) this.#sealed.add(start, length);
    this.#current = { fd, start: this.#offset, length: 0 };
    this.#options.segments?.begun(this.#offset, this.#path);
  }

  /** Nothing more is written to a segment. */
  #retire(fd: number): void {
    if (this.#options.sync === 'interval') this.#files.closeSynced(fd, this.#folder);
    else this.#files.close(fd);
  }

  #openGap(offset: number, why: string): OpenGap {
    const gap = { offset, reason: why, retryAt: this.#clock.monotonic() + RETRY_MS };
    this.#gap = gap;
    this.#options.emit({ type: 'gap.open', offset, reason: why });
    return gap;
  }

  /** Tries whether `bytes` can be written behind the gap; if so the log goes on in a new segment. */
  #resume(gap: OpenGap, bytes: Uint8Array): void {
    gap.retryAt = this.#clock.monotonic() + RETRY_MS;
    this.#startSegment(gap, bytes);
  }

  /** Goes on behind the gap, with `bytes`. When that fails, what was recorded before is there as it was, and the gap stays open. */
  #startSegment(gap: OpenGap, bytes: Uint8Array): void {
    const swapped = this.#swapActive(bytes);
    if (swapped === undefined) return;
    this.#closeGap(swapped.isGone);
    this.#goOnIn(swapped);
    if (bytes.length > 0) this.#grow(bytes.length);
    this.#options.emit({ type: 'rotate', offset: this.#offset, reason: gap.reason });
  }

  /** `withSegment`: the segment in front of the gap is missing too. */
  #closeGap(withSegment: boolean): void {
    if (this.#gap === undefined) return;
    const { offset: opened, reason: why } = this.#gap;
    const offset = withSegment ? this.#current.start : opened;
    if (withSegment) this.#options.segments?.gone(this.#current.start);
    this.#gap = undefined;
    if (this.#offset === offset) return;
    const gap: Gap = { offset, bytes: this.#offset - offset, reason: why };
    this.#gaps.push(gap);
    this.#options.emit({ type: 'gap', ...gap });
  }
}

/** Where a segment is prepared; readers know no such name. */
const NEXT_NAME = `${LOG_NAME}.next`;
