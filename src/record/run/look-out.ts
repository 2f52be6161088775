import { STATUS_FILE } from '../../core/agent-state.js';
import type { Clock, Timer } from '../../core/clock.js';
import { FolderWatcher } from '../../store/files/folder-watcher.js';
import { LOG_NAME } from '../../store/log/segment-names.js';

/** Interval of looks, ms, while there is something going on, or where the folder cannot be watched. */
const LOOK_MS = 500;
/** After this time without anything going on the folder is watched in place of that, ms. */
const CALM_MS = 2000;
/** Interval of looks beside that, ms: for an agent that was stopped, of which nothing tells. Each wakes a process that would sleep. */
const CALM_LOOK_MS = 10_000;

export interface LookOutOptions {
  readonly clock: Clock;
  /** The task's folder. */
  readonly folder: string;
  /** Looks after the log, the reports of hooks, and the agent. */
  readonly look: () => void;
}

/**
 * Has someone look after a task: twice a second while it does anything; when its log or its status file changes, and else seldom,
 * while it does nothing. An agent may be silent for hours, and costs nothing then.
 */
export class LookOut implements Disposable {
  readonly #options: LookOutOptions;
  #looked: number;
  #stirred: number;
  #timer: Timer | undefined;
  /** While nothing goes on. */
  #calm: FolderWatcher | undefined;
  #isOver = false;

  constructor(options: LookOutOptions) {
    this.#options = options;
    this.#looked = this.#stirred = options.clock.monotonic();
    this.#lookLater();
  }

  /** Something is about to happen, such as output. Looks before it does where the last look is too long ago. */
  stir(): void {
    const now = this.#options.clock.monotonic();
    this.#stirred = now;
    if (this.#calm === undefined || this.#isOver) return;
    this.#wake();
    if (now - this.#looked >= LOOK_MS) this.#look();
    this.#lookLater();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#wake();
  }

  #look(): void {
    this.#looked = this.#options.clock.monotonic();
    this.#options.look();
  }

  #lookLater(): void {
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#look();
      if (this.#isOver) return;
      if (this.#looked - this.#stirred >= CALM_MS) this.#calmDown();
      else this.#lookLater();
    });
  }

  #calmDown(): void {
    const { folder, clock } = this.#options;
    const watcher = new FolderWatcher(folder, (name) => name === STATUS_FILE || name === LOG_NAME, clock);
    if (watcher.isWatching) void this.#watch(watcher);
    else {
      watcher[Symbol.dispose]();
      // Without it looking is all there is, for a while before it is tried again.
      this.#stirred = this.#looked;
      this.#lookLater();
    }
  }

  async #watch(watcher: FolderWatcher): Promise<void> {
    this.#calm = watcher;
    while (watcher.isWatching) {
      await watcher.wait(CALM_LOOK_MS);
      if (this.#calm !== watcher) return;
      this.#look();
    }
    this.#wake();
    this.#lookLater();
  }

  #wake(): void {
    const watcher = this.#calm;
    this.#calm = undefined;
    watcher?.[Symbol.dispose]();
  }
}
