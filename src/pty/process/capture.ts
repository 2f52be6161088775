import { type Clock, sleep, type Timer } from '../../core/clock.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { PtyProcess } from './pty-process.js';

/** The largest block that is handed on, bytes: one write(2) of 64 KiB costs as much as a few of 4 KiB. */
const BLOCK_BYTES = 64 * 1024;
/**
 * The longest wait of a block's first byte, ms: too short to be noticed, and at 10 MB/s a write still takes 20 KB. The kernel holds what
 * the fastest program prints in that time three times over.
 */
const COALESCE_MS = 2;
/** The most that is read in a row, bytes, so that timers and keys get their turn: some milliseconds. */
const TURN_BYTES = 512 * 1024;
/** A turn for the others, ms; no timer of Node's takes less. */
const SOON_MS = 1;
/** A pty master returns at most N_TTY_BUF_SIZE - 1 bytes a read (Linux n_tty.c). */
const FULL_READ = 4095;
/**
 * More than the kernel can hold of one terminal's output (640 KiB and a page, Linux tty_buffer.c): once this much was
 * read after the child's exit, the rest comes from another process.
 */
const KERNEL_BYTES = 1024 * 1024;
/** Interval, ms, at which a terminal is read while background processes still hold it. */
const LINGER_POLL_MS = 20;

export interface CaptureOptions {
  /** Takes every byte once, in order, synchronously; the array is reused after the call. */
  readonly sink: (bytes: Uint8Array) => void;
  readonly clock: Clock;
  /** How long to wait after the child's exit for background processes that still hold the terminal, ms. Default 0. */
  readonly lingerMs?: number;
}

/**
 * Reads everything a process prints to its pty, from first to last byte, and hands it on in blocks.
 *
 * A lone byte goes on at once; a flood goes on in blocks of 64 KiB or every 2 ms, and is read that often only: to be woken for each
 * write of the child's costs more than reading it. The loss-free order at the end is:
 * stop pushing, read until the kernel is empty, release the slave, read until the end of file.
 */
export class Capture {
  /**
   * Resolves when the child has ended and its last byte has been handed on. Rejects when reading or the sink fails;
   * the child has been killed then.
   */
  readonly ended: Promise<ExitStatus>;
  readonly #pty: PtyProcess;
  readonly #sink: (bytes: Uint8Array) => void;
  readonly #clock: Clock;
  readonly #lingerMs: number;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #length = 0;
  #handedOn = 0;
  #handedOnAt = -Infinity;
  /** While it runs the terminal pushes nothing. */
  #reading: Timer | undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(pty: PtyProcess, { sink, clock, lingerMs = 0 }: CaptureOptions) {
    this.#pty = pty;
    this.#sink = sink;
    this.#clock = clock;
    this.#lingerMs = lingerMs;
    this.ended = new Promise((resolve, reject) => {
      this.#fail = reject;
      pty.onExit((status) => {
        this.#finish().then(
          () => {
            resolve(status);
          },
          (error: unknown) => {
            this.#abandon(error);
          },
        );
      });
    });
    pty.onBytes((bytes) => {
      this.#orAbandon(() => {
        this.#take(bytes);
      });
    });
  }

  /** How many bytes have been handed to the sink: the absolute offset of the next one. */
  get bytes(): number {
    return this.#handedOn;
  }

  /**
   * Changes the terminal's size, and returns the offset at which it did: what the child printed before, and the kernel
   * still held, is handed on first.
   */
  resize(size: TerminalSize): number {
    this.#drain(KERNEL_BYTES);
    this.flush();
    this.#pty.resize(size);
    return this.#handedOn;
  }

  /** Hands on what is waiting to be coalesced. */
  flush(): void {
    if (this.#length > 0) {
      const bytes = this.#block.subarray(0, this.#length);
      this.#length = 0;
      this.#handedOn += bytes.length;
      this.#sink(bytes);
    }
    this.#handedOnAt = this.#clock.monotonic();
  }

  #take(bytes: Uint8Array): void {
    this.#append(bytes);
    if (bytes.length >= FULL_READ) this.#readOn();
    if (this.#reading !== undefined) return;
    if (this.#clock.monotonic() - this.#handedOnAt >= COALESCE_MS) this.flush();
    else {
      this.#pty.pausePushing();
      this.#readLater();
    }
  }

  #readLater(ms = COALESCE_MS): void {
    this.#reading = this.#clock.after(ms, () => {
      this.#orAbandon(() => {
        const before = this.#handedOn + this.#length;
        const left = this.#drain(TURN_BYTES);
        const isGrowing = this.#handedOn + this.#length > before;
        this.flush();
        if (isGrowing) this.#readLater(left === 'more' ? SOON_MS : COALESCE_MS);
        else {
          this.#reading = undefined;
          this.#pty.resumePushing();
        }
      });
    });
  }

  #append(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; ) {
      const piece = bytes.subarray(start, start + BLOCK_BYTES - this.#length);
      this.#block.set(piece, this.#length);
      this.#length += piece.length;
      start += piece.length;
      if (this.#length === BLOCK_BYTES) this.flush();
    }
  }

  /** After a full read there is likely more: it is read without the event loop, at most one block. */
  #readOn(): void {
    for (let fetched = 0; fetched < BLOCK_BYTES; ) {
      const count = this.#read();
      if (typeof count === 'string') return;
      fetched += count;
      if (count < FULL_READ) return;
    }
  }

  /** Reads until nothing is left, or `limit` bytes: then there is `more`. */
  #drain(limit: number): 'more' | 'empty' | 'end' {
    for (let fetched = 0; fetched < limit; ) {
      const count = this.#read();
      if (typeof count === 'string') return count;
      fetched += count;
    }
    return 'more';
  }

  #read(): number | 'empty' | 'end' {
    if (BLOCK_BYTES - this.#length < FULL_READ) this.flush();
    const read = this.#pty.read(this.#block, this.#length);
    if (read.type !== 'bytes') return read.type;
    this.#length += read.count;
    return read.count;
  }

  async #finish(): Promise<void> {
    this.#reading?.cancel();
    this.#pty.stopPushing();
    let left = this.#drain(KERNEL_BYTES);
    this.#pty.releaseSlave();
    if (left !== 'end') left = this.#drain(KERNEL_BYTES);
    // Another process still has the terminal open: a background process of the child's.
    const until = this.#clock.monotonic() + this.#lingerMs;
    while (left !== 'end' && this.#clock.monotonic() < until) {
      this.flush();
      await sleep(this.#clock, left === 'more' ? 0 : LINGER_POLL_MS);
      left = this.#drain(KERNEL_BYTES);
    }
    this.flush();
    this.#pty.close();
  }

  #orAbandon(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#abandon(error);
    }
  }

  /** Reading or the sink failed: nothing can be handed on any more, so the child is killed. */
  #abandon(error: unknown): void {
    this.#reading?.cancel();
    this.#length = 0;
    this.#pty.stopPushing();
    this.#pty.kill('SIGKILL');
    this.#pty.close();
    this.#fail(error);
  }
}
