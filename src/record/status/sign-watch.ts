import type { Worker } from 'node:worker_threads';
import type { Signs } from '../../backends/behaviour.js';
import type { Clock, Timer } from '../../core/clock.js';
import { THREAD_OPTIONS } from '../../core/process/thread-options.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { ReadableLog } from './read-back.js';

/** What a sign on the screen says; null: none stands there. */
export type Sign = 'waiting' | 'done' | 'failed' | null;

/** To the thread, at its start. */
export interface SignWork {
  readonly size: TerminalSize;
  readonly signs: Signs;
  readonly prompt: string | undefined;
}

/** To the thread: output, and the size the screen has from then on. It answers each with the sign that stands there. */
export interface SignRequest {
  readonly bytes: Uint8Array;
  readonly size: TerminalSize;
}

/** So long after the first output that was not looked at, ms: signs are for people's pace. */
const LOOK_MS = 250;
/** What stands on the screen depends on the last screenful or two. */
const FAR_ENOUGH_BYTES = 1024 * 1024;

/**
 * Watches the screen of an agent for its signs. The screen model runs in a thread that trails the log: it is given what
 * has come since a quarter of a second, and at most a megabyte of that.
 */
export class SignWatch implements Disposable {
  readonly #clock: Clock;
  readonly #log: ReadableLog;
  readonly #worker: Promise<Worker>;
  #size: TerminalSize;
  #fed: number;
  #looking: Timer | undefined;
  /** It has not answered yet: what comes meanwhile is looked at afterwards. */
  #busy = false;
  #over = false;

  /** `onSign`: told of what stands on the screen at each look. A thread that fails says nothing more. */
  constructor(
    work: SignWork,
    { clock, log, onSign }: { clock: Clock; log: ReadableLog; onSign: (sign: Sign) => void },
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#size = work.size;
    this.#fed = log.offset;
    this.#worker = this.#start(work, onSign);
    this.#worker.catch(() => undefined);
  }

  /** Something was printed. */
  printed(): void {
    if (this.#busy) return;
    this.#looking ??= this.#clock.after(LOOK_MS, () => {
      this.#look();
    });
  }

  /** From here on the screen has another size. */
  resized(size: TerminalSize): void {
    this.#size = size;
    if (!this.#over) this.#look();
  }

  /** Idempotent. A thread that is ended may still have answered. */
  [Symbol.dispose](): void {
    this.#over = true;
    this.#looking?.cancel();
    this.#tell((worker) => void worker.terminate());
  }

  #look(): void {
    this.#looking?.cancel();
    this.#looking = undefined;
    this.#busy = true;
    const request: SignRequest = { bytes: this.#next(), size: this.#size };
    this.#tell((worker) => {
      worker.postMessage(request);
    });
  }

  async #start(work: SignWork, onSign: (sign: Sign) => void): Promise<Worker> {
    // Only where there are signs: it would take a millisecond of every start.
    const threads = await import('node:worker_threads');
    const worker = new threads.Worker(new URL('./sign-worker.js', import.meta.url), {
      ...THREAD_OPTIONS,
      workerData: work,
    });
    worker.on('message', (sign: Sign) => {
      this.#busy = false;
      if (this.#over) return;
      onSign(sign);
      if (this.#log.offset > this.#fed) this.printed();
    });
    worker.on('error', () => undefined);
    worker.unref();
    return worker;
  }

  /** Without a thread there is nobody to tell. */
  #tell(what: (worker: Worker) => void): void {
    this.#worker.then(what, () => undefined);
  }

  #next(): Uint8Array {
    const to = this.#log.offset;
    let offset = Math.max(this.#fed, to - FAR_ENOUGH_BYTES);
    this.#fed = to;
    const bytes = new Uint8Array(to - offset);
    let length = 0;
    while (offset < to) {
      const read = this.#log.read(bytes.subarray(length), offset);
      if (read.type === 'bytes') length += read.count;
      offset = read.type === 'bytes' ? offset + read.count : Math.max(offset + 1, read.until);
    }
    return bytes.subarray(0, length);
  }
}
