import type { TerminalSize } from '../../core/terminal/size.js';
import type { ByteSink } from '../../pty/terminal/byte-sink.js';
import type { ReadableLog } from '../status/read-back.js';
import { READ_BYTES } from '../../store/files/read-size.js';

/** Bytes kept in memory for a viewer that is a little behind; one further behind reads the log instead. */
const QUEUE_BYTES = 1024 * 1024;

/** A terminal further behind is shown the end of the recording: the rest would scroll by unread, for minutes. */
export const TERMINAL_BEHIND = { maxBehind: 8 * 1024 * 1024, jumpTo: 256 * 1024 } as const;
/** A pipe gets every byte, however slow its reader is. */
export const PIPE_BEHIND = { maxBehind: Infinity, jumpTo: 0 } as const;

const NOTHING = new Uint8Array(0);

export interface LiveViewOptions {
  /** How far a viewer may be behind before it jumps to the recent output, bytes. */
  readonly maxBehind: number;
  /** The distance from the end at which a jump lands, bytes. */
  readonly jumpTo: number;
  /** Shown in place of `bytes` that are left out. */
  readonly mark: (bytes: number) => Uint8Array;
  /** The offset of the first byte to show; default: where the recording ends now. */
  readonly from?: number;
  /** Called once when the sink has failed; nothing more will be shown. */
  readonly onGone?: (error: unknown) => void;
}

/**
 * One viewer of a running recording, such as the user's terminal. It is shown every byte as it is captured for as long
 * as it takes them; when it does not, the recording goes on without it, and it catches up from the log.
 *
 * The log is the buffer: memory holds at most 1 MiB for it.
 */
export class LiveView {
  readonly #sink: ByteSink;
  readonly #log: ReadableLog;
  readonly #options: LiveViewOptions;
  /** The offset of the next byte for the sink. */
  #position: number;
  /** Contiguous bytes from #position up to the recording's end; empty when the viewer is further behind. */
  #queue: Uint8Array[] = [];
  #queued = 0;
  #state: 'ready' | 'waiting' | 'gone' = 'ready';
  /** Sizes that the sink has not heard of yet, by the offsets at which they begin. */
  #resizes: { readonly offset: number; readonly size: TerminalSize }[] = [];
  #mark: Uint8Array | undefined;
  /** The offset at which the jump of #mark began, until the sink has taken some of the mark. */
  #jumpedFrom: number | undefined;
  #caughtUp: (() => void) | undefined;
  #progress = 0;
  /** The buffer for reads from the log; a new one each time would be most of the memory that a run takes. */
  #buffer: Uint8Array | undefined;

  constructor(sink: ByteSink, log: ReadableLog, options: LiveViewOptions) {
    this.#sink = sink;
    this.#log = log;
    this.#options = options;
    this.#position = options.from ?? log.offset;
  }

  /** Whether the sink has failed for good: a closed pipe, a terminal that hung up. */
  get gone(): boolean {
    return this.#state === 'gone';
  }

  /** Grows with every byte that the sink takes; a sink without progress has no reader. */
  get progress(): number {
    return this.#progress;
  }

  /** Shows bytes that have just been recorded; `offset` is that of the first. The array stays the caller's. */
  show(bytes: Uint8Array, offset: number): void {
    if (this.#state === 'gone') return;
    let shown = 0;
    if (this.#state === 'ready' && this.#position === offset) shown = this.#write(bytes);
    if (shown === bytes.length || this.gone) return;
    if (this.#position + this.#queued !== offset + shown) return; // Behind already: the log has it.
    const rest = bytes.length - shown;
    if (this.#queued + rest <= QUEUE_BYTES) {
      this.#queue.push(Uint8Array.from(bytes.subarray(shown))); // A Buffer's slice() would not be a copy.
      this.#queued += rest;
    } else {
      this.#queue = [];
      this.#queued = 0;
    }
    this.#wait();
  }

  /** The agent's terminal has this size from `offset` on: the sink hears of it between the bytes in front of it and those behind. */
  resized(size: TerminalSize, offset: number): void {
    if (this.#sink.resize === undefined) return;
    this.#resizes.push({ offset, size });
    if (this.#state === 'ready') this.#give(NOTHING);
  }

  /** Resolves when everything recorded so far has reached the sink, or the sink is gone. */
  async caughtUp(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#caughtUp = resolve;
      if (this.#state !== 'waiting') this.#pump();
    });
    try {
      if (!this.gone) await this.#sink.flush();
    } catch (error) {
      this.#fail(error);
    }
  }

  #wait(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'waiting';
    this.#sink.whenWritable(() => {
      if (this.#state === 'waiting') this.#state = 'ready';
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#state === 'ready') {
      const bytes = this.#next();
      if (bytes === undefined) break;
      if (this.#write(bytes) < bytes.length) this.#wait();
    }
    if (this.#state !== 'waiting') {
      this.#caughtUp?.();
      this.#caughtUp = undefined;
    }
  }

  /** The next bytes for the sink; undefined when it has everything. */
  #next(): Uint8Array | undefined {
    const behind = this.#log.offset - this.#position;
    if (this.#mark !== undefined) {
      if (this.#jumpedFrom === undefined || behind <= this.#options.maxBehind) return this.#mark;
      // The mark was not written yet, and the viewer is too far behind again: one longer jump instead of two.
      this.#position = this.#jumpedFrom;
      this.#queue = [];
      this.#queued = 0;
      return this.#jump(this.#lineAfter(this.#log.offset - this.#options.jumpTo));
    }
    const queued = this.#queue[0];
    if (queued !== undefined) return queued;
    if (behind === 0) return undefined;
    if (behind > this.#options.maxBehind) return this.#jump(this.#lineAfter(this.#log.offset - this.#options.jumpTo));
    const buffer = (this.#buffer ??= new Uint8Array(READ_BYTES)).subarray(0, behind);
    const read = this.#log.read(buffer, this.#position);
    return read.type === 'bytes' ? buffer.subarray(0, read.count) : this.#jump(read.until);
  }

  /** The start of the first line at or after `offset`, so that no character or sequence begins in its middle. */
  #lineAfter(offset: number): number {
    const buffer = new Uint8Array(READ_BYTES);
    const read = this.#log.read(buffer, offset);
    const lineEnd = read.type === 'bytes' ? buffer.subarray(0, read.count).indexOf(0x0a) : -1;
    return lineEnd === -1 ? offset : offset + lineEnd + 1;
  }

  #jump(to: number): Uint8Array {
    this.#mark = this.#options.mark(to - this.#position);
    this.#jumpedFrom = this.#position;
    this.#position = to;
    return this.#mark;
  }

  /** Writes `bytes` to the sink, and returns how many it took. */
  #write(bytes: Uint8Array): number {
    let taken: number;
    try {
      taken = this.#mark === undefined ? this.#give(bytes) : this.#sink.write(bytes);
    } catch (error) {
      this.#fail(error);
      return 0;
    }
    this.#progress += taken;
    if (this.#mark !== undefined) {
      if (taken > 0) this.#jumpedFrom = undefined;
      this.#mark = taken < bytes.length ? bytes.slice(taken) : undefined;
      return taken;
    }
    this.#position += taken;
    const queued = this.#queue[0];
    if (queued !== undefined) {
      this.#queued -= taken;
      if (taken < queued.length) this.#queue[0] = queued.subarray(taken);
      else this.#queue.shift();
    }
    return taken;
  }

  /** Bytes of the recording, and the sizes that are due in front of them, between them, and behind them. */
  #give(bytes: Uint8Array): number {
    for (let taken = 0; ; ) {
      const [due] = this.#resizes;
      const until = due === undefined ? bytes.length : Math.max(taken, due.offset - this.#position);
      const piece = bytes.subarray(taken, until);
      const now = piece.length === 0 ? 0 : this.#sink.write(piece);
      taken += now;
      if (now < piece.length || due === undefined || this.#position + taken < due.offset) return taken;
      this.#sink.resize?.(due.size);
      this.#resizes.shift();
    }
  }

  #fail(error: unknown): void {
    this.#state = 'gone';
    this.#queue = [];
    this.#options.onGone?.(error);
  }
}
