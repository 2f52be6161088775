import { closeSync, fstatSync, mkdirSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { errnoCode, reason } from '../core/errors.js';
import type { Gap } from '../core/events.js';
import { openForAppend, PRIVATE_FOLDER_MODE } from './private-file.js';
import { LOG_NAME, sealedLogName } from './segment-names.js';

/** While nothing can be written, a try costs a failing system call: once a second is soon enough for a person. */
const RETRY_MS = 1000;
/**
 * Sealed segments stay open for readers that are behind and for the hash; more than so many seals behind, a reader jumps.
 */
const OPEN_SEALED = 64;

/** What a {@link LogWriter} says about trouble; offsets are absolute in the recording. */
export type LogTrouble =
  /** From `offset` on nothing can be written. */
  | { readonly type: 'gap.open'; readonly offset: number; readonly reason: string }
  /** The log is whole again, or has ended; these bytes are missing. */
  | ({ readonly type: 'gap' } & Gap)
  /** backend.log now begins at `offset`. */
  | { readonly type: 'rotate'; readonly offset: number; readonly reason: string };

/** Where a byte of the recording is: so many of them were read, or none are there before `until`. */
export type LogRead =
  | { readonly type: 'bytes'; readonly count: number }
  | { readonly type: 'missing'; readonly until: number };

/** The system calls that can fail under a log, so that tests can make them. */
export interface LogFileSystem {
  open(path: string): number;
  write(fd: number, bytes: Uint8Array): number;
  read(fd: number, buffer: Uint8Array, position: number): number;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeFolder(path: string): void;
  close(fd: number): void;
  /** True while `path` still names the file that `fd` has open, and at least so many bytes are in it. */
  isThere(fd: number, path: string, bytes: number): boolean;
}

export interface LogWriterOptions {
  readonly clock: Clock;
  readonly onTrouble: (trouble: LogTrouble) => void;
  /** Told of every write that succeeded: `count` bytes at `position` in the file that `fd` has open. */
  readonly onWritten?: (fd: number, position: number, count: number) => void;
  /** Told that what was written through `fd` is no longer part of the recording, or cannot be read back any more. */
  readonly onLost?: (fd: number) => void;
  readonly files?: LogFileSystem;
}

interface Segment {
  readonly fd: number;
  /** Absolute offset of its first byte. */
  readonly start: number;
  length: number;
}

interface OpenGap {
  readonly offset: number;
  readonly reason: string;
  retryAt: number;
}

/**
 * Appends what is captured to backend.log, and nothing else to it, ever. A failure to write never throws: the bytes
 * are counted as a {@link Gap}, and when writing works again a new segment starts behind the gap, so that within a
 * segment offsets have no holes.
 */
export class LogWriter implements Disposable {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #onTrouble: (trouble: LogTrouble) => void;
  readonly #onWritten: NonNullable<LogWriterOptions['onWritten']>;
  readonly #onLost: NonNullable<LogWriterOptions['onLost']>;
  readonly #files: LogFileSystem;
  readonly #sealed: Segment[] = [];
  readonly #gaps: Gap[] = [];
  #current: Segment;
  #offset = 0;
  #gap: OpenGap | undefined;

  /** Starts backend.log in `folder`. Throws the system's error where that cannot be made. */
  constructor(folder: string, options: LogWriterOptions) {
    const { clock, onTrouble, onWritten = () => undefined, onLost = () => undefined, files = realFiles } = options;
    this.#folder = folder;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
    this.#onWritten = onWritten;
    this.#onLost = onLost;
    this.#files = files;
    this.#current = { fd: files.open(this.#path), start: 0, length: 0 };
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
      this.#write(bytes);
    } else if (this.#clock.monotonic() >= this.#gap.retryAt) {
      this.#resume(this.#gap, bytes);
    }
    this.#offset += bytes.length;
  }

  /** Notices that backend.log was removed, replaced or cut short, which writing to it does not. To be called about twice a second. */
  check(): void {
    if (this.#gap !== undefined || this.#files.isThere(this.#current.fd, this.#path, this.#current.length)) return;
    const gap = this.#openGap(this.#current.start, 'backend.log was removed or cut short while it was written');
    this.#startSegment(gap, new Uint8Array(0));
  }

  /** Reads back from absolute `offset`, which must be below {@link offset}. What cannot be read counts as missing. */
  read(buffer: Uint8Array, offset: number): LogRead {
    for (const segment of [...this.#sealed, this.#current]) {
      if (offset < segment.start) return { type: 'missing', until: segment.start };
      const left = segment.start + segment.length - offset;
      if (left > 0) {
        const wanted = buffer.subarray(0, Math.min(left, buffer.length));
        const count = this.#tryRead(segment.fd, wanted, offset - segment.start);
        return count > 0 ? { type: 'bytes', count } : { type: 'missing', until: offset + left };
      }
    }
    return { type: 'missing', until: this.#offset };
  }

  /** Nothing more will come: a gap that is open ends here. The files stay open for reading back. */
  end(): void {
    this.check();
    this.#closeGap(this.#isGone());
  }

  [Symbol.dispose](): void {
    for (const segment of [...this.#sealed, this.#current]) this.#files.close(segment.fd);
  }

  #tryRead(fd: number, buffer: Uint8Array, position: number): number {
    try {
      return this.#files.read(fd, buffer, position);
    } catch {
      return 0;
    }
  }

  #closeOldest(): void {
    const oldest = this.#sealed.shift();
    if (oldest === undefined) return;
    this.#onLost(oldest.fd);
    this.#files.close(oldest.fd);
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
        this.#onWritten(this.#current.fd, this.#current.length, count);
        this.#current.length += count;
        rest = rest.subarray(count);
      }
    } catch (error) {
      this.#openGap(this.#offset + bytes.length - rest.length, reason(error));
    }
  }

  #openGap(offset: number, why: string): OpenGap {
    const gap = { offset, reason: why, retryAt: this.#clock.monotonic() + RETRY_MS };
    this.#gap = gap;
    this.#onTrouble({ type: 'gap.open', offset, reason: why });
    return gap;
  }

  /** Tries whether `bytes` can be written behind the gap; if so the log goes on in a new segment. */
  #resume(gap: OpenGap, bytes: Uint8Array): void {
    gap.retryAt = this.#clock.monotonic() + RETRY_MS;
    this.#startSegment(gap, bytes);
  }

  /**
   * The new segment is whole under another name before it becomes backend.log: when any step fails, what was recorded
   * before is there as it was, and the gap stays open; a rest of the try is overwritten by the next.
   */
  #startSegment(gap: OpenGap, bytes: Uint8Array): void {
    const next = join(this.#folder, NEXT_NAME);
    let fd: number | undefined;
    let gone: boolean;
    try {
      this.#files.makeFolder(this.#folder);
      this.#files.remove(next);
      fd = this.#files.open(next);
      for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(this.#files.write(fd, rest));
      gone = this.#isGone();
      if (this.#current.length > 0 && this.#files.isThere(this.#current.fd, this.#path, this.#current.length)) {
        this.#files.rename(this.#path, this.#sealedPath);
      }
      this.#files.rename(next, this.#path);
    } catch {
      if (fd !== undefined) this.#files.close(fd);
      return;
    }
    this.#closeGap(gone);
    this.#sealed.push(this.#current);
    if (this.#sealed.length > OPEN_SEALED) this.#closeOldest();
    this.#current = { fd, start: this.#offset, length: bytes.length };
    if (bytes.length > 0) this.#onWritten(fd, 0, bytes.length);
    this.#onTrouble({ type: 'rotate', offset: this.#offset, reason: gap.reason });
  }

  /** `withSegment`: the segment in front of the gap is missing too. */
  #closeGap(withSegment: boolean): void {
    if (this.#gap === undefined) return;
    const { offset: opened, reason: why } = this.#gap;
    const offset = withSegment ? this.#current.start : opened;
    if (withSegment) this.#onLost(this.#current.fd);
    this.#gap = undefined;
    if (this.#offset === offset) return;
    const gap: Gap = { offset, bytes: this.#offset - offset, reason: why };
    this.#gaps.push(gap);
    this.#onTrouble({ type: 'gap', ...gap });
  }
}

/** Where a segment is prepared; readers know no such name. */
const NEXT_NAME = `${LOG_NAME}.next`;

const realFiles: LogFileSystem = {
  open: openForAppend,
  write: (fd, bytes) => writeSync(fd, bytes),
  read: (fd, buffer, position) => readSync(fd, buffer, 0, buffer.length, position),
  rename: renameSync,
  remove(path) {
    rmSync(path, { force: true });
  },
  makeFolder(path) {
    mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  },
  close: closeSync,
  isThere(fd, path, bytes) {
    try {
      const open = fstatSync(fd);
      const named = statSync(path);
      return open.ino === named.ino && open.dev === named.dev && open.size >= bytes;
    } catch (error) {
      return errnoCode(error) !== 'ENOENT' && errnoCode(error) !== 'ENOTDIR';
    }
  },
};
