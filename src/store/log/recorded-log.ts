import type { Clock, Timer } from '../../core/clock.js';
import { reason } from '../../core/errors.js';
import type { Gap } from '../../core/events.js';
import type { LogLimits, SyncPolicy } from '../../core/log-limits.js';
import type { Exposure } from '../../core/redact/secret-watch.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import { SegmentHasher } from './segment-hasher.js';
import type { HashedSegment } from './segment-hasher-protocol.js';
import { LogWriter, type WriterEvent } from './log-writer.js';
import type { RecordingDigest } from './recording-hash.js';
import type { LogRead } from './sealed-segments.js';

/** What a power cut may cost at most where the policy is `interval`, ms. */
const SYNC_MS = 1000;

export interface RecordedLogOptions {
  readonly clock: Clock;
  readonly limits: LogLimits;
  readonly sync: SyncPolicy;
  /** What to look for in the log; undefined: nothing. */
  readonly secrets: readonly Secret[] | undefined;
  readonly emit: (event: LogEvent) => void;
}

/** What happens to the log of a recording, and what is found out about it. */
export type LogEvent =
  | WriterEvent
  | { readonly type: 'hashed'; readonly segment: HashedSegment }
  /** A secret went by; of the first one alone. */
  | { readonly type: 'exposed'; readonly exposure: Exposure }
  /** What was written cannot be forced to the disk; said once. */
  | { readonly type: 'unsynced'; readonly reason: string };

/** The log of a recording: what writes it, and what reads it behind that. */
export class RecordedLog implements Disposable {
  readonly #clock: Clock;
  readonly #sync: SyncPolicy;
  readonly #writer: LogWriter;
  readonly #hasher: SegmentHasher;
  readonly #emit: (event: LogEvent) => void;
  #syncing: Timer | undefined;
  #isUnsynced = false;

  /** Starts backend.log in `folder`. Throws the system's error where that cannot be made. */
  constructor(folder: string, options: RecordedLogOptions) {
    const { clock, limits, sync, secrets, emit } = options;
    this.#clock = clock;
    this.#sync = sync;
    this.#emit = emit;
    this.#hasher = new SegmentHasher({
      folder,
      secrets,
      onExposed: (exposure) => {
        emit({ type: 'exposed', exposure });
      },
      onHashed: (segment) => {
        emit({ type: 'hashed', segment });
      },
      onPacked: ({ start, path }) => {
        this.#writer.adopt(start, path);
      },
    });
    this.#writer = new LogWriter(folder, { clock, limits, sync, emit, segments: this.#hasher });
  }

  /** The absolute offset behind the last byte taken, written or not. */
  get offset(): number {
    return this.#writer.offset;
  }

  /** The gaps that have ended. */
  get gaps(): readonly Gap[] {
    return this.#writer.gaps;
  }

  append(bytes: Uint8Array): void {
    this.#writer.append(bytes);
    if (this.#sync === 'interval') this.#syncLater();
  }

  /** See {@link LogWriter.check}. */
  check(): void {
    this.#writer.check();
  }

  read(buffer: Uint8Array, offset: number): LogRead {
    return this.#writer.read(buffer, offset);
  }

  /** Nothing more will come. The log can still be read back. */
  end(): void {
    this.#syncing?.cancel();
    this.#writer.end();
  }

  /**
   * The hash of the whole, when that is as safe on the disk as was asked for; see {@link SegmentHasher.digest}. Undefined, and not
   * forced to the disk, where more than `atMost` bytes are left to hash.
   */
  async digest(signal: AbortSignal, atMost?: number): Promise<RecordingDigest | undefined> {
    const digest = await this.#hasher.digest({ clock: this.#clock, signal, atMost });
    if (digest !== undefined && this.#sync === 'interval') await this.#force();
    return digest;
  }

  [Symbol.dispose](): void {
    this.#syncing?.cancel();
    this.#hasher[Symbol.dispose]();
    this.#writer[Symbol.dispose]();
  }

  /** Nothing waits while nothing is written. */
  #syncLater(): void {
    this.#syncing ??= this.#clock.after(SYNC_MS, () => {
      this.#syncing = undefined;
      void this.#force();
    });
  }

  async #force(): Promise<void> {
    try {
      await this.#writer.sync();
    } catch (error) {
      if (!this.#isUnsynced) this.#emit({ type: 'unsynced', reason: reason(error) });
      this.#isUnsynced = true;
    }
  }
}
