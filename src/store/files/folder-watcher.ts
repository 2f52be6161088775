import { type FSWatcher, statfsSync, watch } from 'node:fs';
import type { Clock } from '../../core/clock.js';

/**
 * How often a folder is looked at where the system cannot watch it (the limit of inotify watches is reached, or the
 * file system has none). Measured: watching reports within 4 ms, this within 50.
 */
const POLL_MS = 50;

/** File systems whose changes elsewhere inotify does not report (statfs(2), f_type): NFS, SMB 1 to 3, 9P, FUSE, Ceph, AFS. */
const UNWATCHED: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x00c36400, 0x5346414f,
]);

/** Waits for changes in a folder. A change between two waits is not missed. */
export class FolderWatcher implements Disposable {
  readonly #clock: Clock;
  readonly #matters: (name: string) => boolean;
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;

  /** `matters`: selects the names of the files to report. Where the system gives no name, every change is reported. */
  constructor(folder: string, matters: (name: string) => boolean, clock: Clock) {
    this.#clock = clock;
    this.#matters = matters;
    try {
      if (UNWATCHED.has(statfsSync(folder).type)) return;
      this.#watcher = watch(folder, (_, name) => {
        this.#onChange(name);
      });
      this.#watcher.on('error', () => {
        this.#stopWatching();
      });
    } catch {
      this.#watcher = undefined;
    }
  }

  /** False where changes are only looked for, often. */
  get isWatching(): boolean {
    return this.#watcher !== undefined;
  }

  /** Resolves at the next change, after `maxMs` milliseconds, or when `signal` aborts; whichever is first. */
  async wait(maxMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.#changed && signal?.aborted !== true) {
      const ms = this.#watcher === undefined ? Math.min(maxMs, POLL_MS) : maxMs;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          timer.cancel();
          signal?.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        const timer = this.#clock.after(ms, done);
        this.#wake = done;
        signal?.addEventListener('abort', done, { once: true });
      });
    }
    this.#changed = false;
  }

  [Symbol.dispose](): void {
    this.#stopWatching();
    this.#wake?.();
  }

  #onChange(name: string | null): void {
    if (name !== null && !this.#matters(name)) return;
    this.#changed = true;
    this.#wake?.();
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#wake?.();
  }
}
