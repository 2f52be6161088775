import { closeSync, constants, openSync } from 'node:fs';
import { getBuiltinModule } from 'node:process';
import { type Clock, sleep } from '../../core/clock.js';
import { type Exposure, SecretWatch } from '../../core/redact/secret-watch.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import { openWorker, type WorkerHandle } from '../../core/worker/open-worker.js';
import { readRange } from './file-range.js';
import {
  type HashedSegment,
  HASHER_PROTOCOL,
  type HasherRequest,
  type HasherReply,
  type PackedCopy,
} from './segment-hasher-protocol.js';
import type { SegmentListener } from './log-writer.js';
import type { RecordingDigest } from './recording-hash.js';

/** Up to this many bytes are hashed in place when the recording ends (a few milliseconds); more get a thread. */
const IN_PLACE_BYTES = 1024 * 1024;
/** The thread hears of growth in steps of this size, so that it is not woken for every write. */
const STEP_BYTES = 1024 * 1024;

/** Of its heap, MiB: what is young there is old in no time, and V8 would keep tens of megabytes for it. */
const MEMORY = { maxYoungGenerationSizeMb: 4 };

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** At the end the thread is waited for as long as it gets on: one that reports nothing for this long hangs, ms. */
const SILENCE_MS = 30_000;

/** How long the digest is waited for. */
export interface HashWait {
  readonly clock: Clock;
  /** Aborted by someone who does without. */
  readonly signal: AbortSignal;
  /** Bytes not hashed yet, up to which it is waited for; undefined: whatever there is. */
  readonly atMost?: number | undefined;
}

export interface SegmentHasherOptions {
  /** Where packed copies are made. */
  readonly folder: string;
  /** What else to look for in the log, beside well-known tokens; undefined: nothing. */
  readonly secrets?: readonly Secret[] | undefined;
  /** Called with the first of them that went by, some time after it did. */
  readonly onExposed?: (exposure: Exposure) => void;
  /** Called with each segment but the last, in order, some time after it was sealed. */
  readonly onHashed?: (segment: HashedSegment) => void;
  readonly onPacked?: (copy: PackedCopy) => void;
  /** The thread's program. */
  readonly program?: URL;
}

/**
 * Reads what was written to the log, behind its writer: for its SHA-256, to pack the segments that were sealed, and to
 * look for secrets. All three take longer than the whole capture, so a thread does them, unless
 * there is next to nothing to do.
 */
export class SegmentHasher implements SegmentListener, Disposable {
  readonly #options: SegmentHasherOptions;
  /** The segment being written, for as long as the thread does not know it. */
  #fd: number | undefined;
  #start = 0;
  #bytes = 0;
  #reported = 0;
  /** Something that was in the recording has gone. */
  #isPartial = false;
  #thread: WorkerHandle<HasherRequest, HasherReply> | undefined;
  #onExposed: ((exposure: Exposure) => void) | undefined;
  /** Reports that came from the thread. */
  #replies = 0;

  constructor(options: SegmentHasherOptions) {
    this.#options = options;
    this.#onExposed = options.onExposed;
  }

  begun(start: number, path: string): void {
    const fd = openIfThere(path);
    if (this.#thread !== undefined || this.#bytes > 0) {
      this.#reportGrowth();
      this.#send({ type: 'begun', start, fd });
    } else {
      this.#close();
      this.#fd = fd;
    }
    this.#start = start;
    this.#bytes = this.#reported = 0;
  }

  grown(count: number): void {
    this.#bytes += count;
    const step = this.#thread === undefined ? IN_PLACE_BYTES : STEP_BYTES;
    if (this.#bytes - this.#reported >= step) this.#reportGrowth();
  }

  gone(start: number): void {
    const isEmpty = start === this.#start && this.#bytes === 0;
    this.#isPartial ||= !isEmpty;
    if (start === this.#start) this.#bytes = this.#reported;
    if (this.#thread !== undefined) this.#send({ type: 'gone', start, isEmpty });
    else if (start === this.#start) this.#close();
  }

  /**
   * The hash of all segments that there are, and were when they were hashed; undefined where more than `atMost` bytes are left to
   * hash. Rejects when one of them cannot be read back, when the thread hangs, and when someone does without. Nothing is packed any
   * more. Call it once.
   */
  async digest(wait: HashWait): Promise<RecordingDigest | undefined> {
    if (this.#thread === undefined) return this.#digestInPlace();
    this.#reportGrowth();
    const over = new AbortController();
    try {
      return await Promise.race([
        this.#requestDigest(this.#thread, wait.atMost),
        this.#rejectsWhenStuck(wait, over.signal),
      ]);
    } finally {
      over.abort();
      this.#thread[Symbol.dispose]();
    }
  }

  async #requestDigest(
    thread: WorkerHandle<HasherRequest, HasherReply>,
    atMost: number | undefined,
  ): Promise<RecordingDigest | undefined> {
    const answer = await thread.ask({ type: 'end', atMost });
    if (answer.type === 'behind') return undefined;
    if (answer.type !== 'digest') throw new Error(`${HASHER_PROTOCOL.name} gave no digest`);
    return answer.digest;
  }

  /** Rejects when the thread is not to be waited for any longer; not any more once `over`. */
  async #rejectsWhenStuck({ clock, signal }: HashWait, over: AbortSignal): Promise<never> {
    const either = AbortSignal.any([signal, over]);
    for (let replies = -1; replies !== this.#replies; ) {
      replies = this.#replies;
      await sleep(clock, SILENCE_MS, either);
      if (either.aborted) throw new Error('it was interrupted');
    }
    throw new Error(`the thread that hashes it has made no progress for ${SILENCE_MS / 1000} s`);
  }

  #digestInPlace(): RecordingDigest {
    const { secrets } = this.#options;
    const digest = (chain: string): RecordingDigest => ({ chain, sha256: this.#isPartial ? undefined : chain });
    const fd = this.#fd;
    // Loading node:crypto takes milliseconds and a megabyte: an agent is not recorded beside it, nor ended for nothing.
    if (this.#bytes === 0) return digest(SHA256_OF_NOTHING);
    if (fd === undefined) throw new Error('the log could not be opened again');
    const hash = getBuiltinModule('node:crypto').createHash('sha256');
    // Its tables take milliseconds to make: a command that printed nothing does without.
    const watch = secrets === undefined ? undefined : new SecretWatch(secrets);
    readRange({ fd, position: 0, length: this.#bytes }, (bytes) => {
      hash.update(bytes);
      watch?.look(bytes);
    });
    this.#reportFirst(watch?.end());
    return digest(hash.digest('hex'));
  }

  /** Closes what the thread was not given. */
  [Symbol.dispose](): void {
    this.#close();
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Tells of the first one only. */
  #reportFirst(exposure: Exposure | undefined): void {
    if (exposure === undefined) return;
    this.#onExposed?.(exposure);
    this.#onExposed = undefined;
  }

  #reportGrowth(): void {
    if (this.#bytes === this.#reported) return;
    this.#reported = this.#bytes;
    this.#send({ type: 'grown', start: this.#start, bytes: this.#bytes });
  }

  #send(request: HasherRequest): void {
    this.#thread ??= this.#startThread();
    this.#thread.tell(request);
  }

  #startThread(): WorkerHandle<HasherRequest, HasherReply> {
    const { folder, secrets, program = new URL('./segment-hasher-worker.js', import.meta.url) } = this.#options;
    const thread = openWorker({
      program,
      protocol: HASHER_PROTOCOL,
      data: { folder, secrets, isPartial: this.#isPartial },
      onFailure: () => undefined, // The request for the digest rejects; until then it does not matter.
      onReply: (report) => {
        this.#replies++;
        this.#receive(report);
      },
      resourceLimits: MEMORY,
    });
    thread.tell({ type: 'begun', start: this.#start, fd: this.#fd });
    this.#fd = undefined;
    return thread;
  }

  #receive(report: HasherReply): void {
    switch (report.type) {
      case 'exposure':
        this.#reportFirst(report.exposure);
        return;
      case 'hashed':
        this.#options.onHashed?.(report);
        return;
      case 'progress':
      case 'digest':
      case 'behind':
        return;
      case 'packed':
        this.#options.onPacked?.(report);
        return;
    }
  }
}

/** Undefined where it cannot be opened: what is written to it cannot be hashed, and that is said when the hash is asked for. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
}
