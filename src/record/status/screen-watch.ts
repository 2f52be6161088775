import type { Clock, Timer } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { openWorker, type WorkerHandle } from '../../core/worker/open-worker.js';
import { type ReadableLog, readBetween } from './read-back.js';
import {
  SCREEN_WATCH_PROTOCOL,
  type ScreenWatchRequest,
  type ScreenStatus,
  type ScreenWatchData,
} from './screen-watch-protocol.js';

/** Pause from the first new output to the next look, ms: what a screen shows is meant for people's pace. */
const LOOK_MS = 250;
/** Output that determines the screen, bytes: at most the last screenfuls count. */
const RECENT_BYTES = 1024 * 1024;

/**
 * Watches the screen of an agent for its patterns. The screen model runs in a thread that trails the log: every quarter of a
 * second it gets the new output, at most the last megabyte.
 */
export class ScreenWatch implements Disposable {
  readonly #clock: Clock;
  readonly #log: ReadableLog;
  readonly #worker: WorkerHandle<ScreenWatchRequest, ScreenStatus>;
  readonly #onStatus: (status: ScreenStatus) => void;
  #size: TerminalSize;
  #fed: number;
  #looking: Timer | undefined;
  /** The thread has not answered yet: output that comes meanwhile follows afterwards. */
  #busy = false;
  #over = false;

  /** `onStatus`: called with the status on the screen at each look; never again after the thread has failed. */
  constructor(
    work: ScreenWatchData,
    { clock, log, onStatus }: { clock: Clock; log: ReadableLog; onStatus: (status: ScreenStatus) => void },
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#size = work.size;
    this.#fed = log.offset;
    this.#onStatus = onStatus;
    this.#worker = openWorker({
      program: new URL('./screen-watch-worker.js', import.meta.url),
      protocol: SCREEN_WATCH_PROTOCOL,
      data: work,
      onFailure: () => undefined, // The agent's other reports have to do.
      unref: true,
    });
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
    this.#worker[Symbol.dispose]();
  }

  #look(): void {
    this.#looking?.cancel();
    this.#looking = undefined;
    this.#busy = true;
    const request: ScreenWatchRequest = { bytes: this.#next(), size: this.#size };
    this.#worker.ask(request).then(
      (status) => {
        this.#seen(status);
      },
      () => undefined,
    );
  }

  #seen(status: ScreenStatus): void {
    this.#busy = false;
    if (this.#over) return;
    this.#onStatus(status);
    if (this.#log.offset > this.#fed) this.printed();
  }

  #next(): Uint8Array {
    const to = this.#log.offset;
    const from = Math.max(this.#fed, to - RECENT_BYTES);
    this.#fed = to;
    return readBetween(this.#log, from, to);
  }
}
