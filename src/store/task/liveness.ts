import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { MANIFEST_FILE, type Manifest } from '../layout/manifest.js';
import type { TaskFolder } from '../layout/task-folder.js';
import { isSameProcess } from '../layout/process-identity.js';
import { recorderOf } from './task-reader.js';

/**
 * How often the recorder of a silent task is checked: a killed recorder leaves no note. One that ends
 * replaces the manifest, which is noticed at once.
 */
export const ALIVE_MS = 1000;

/** Whether a task still runs. Cheap enough to ask at every byte: reads the manifest only when it may have changed. */
export class Liveness {
  readonly #folder: TaskFolder;
  readonly #clock: Clock;
  #identity = '';
  /** The recorder, while the manifest names one. */
  #recorder: Pick<Manifest, 'pid' | 'pidStart'> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #runs = false;

  constructor(folder: TaskFolder, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  isRunning(): boolean {
    const identity = identityOf(join(this.#folder.path, MANIFEST_FILE));
    const now = this.#clock.monotonic();
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#recorder = recorderOf(this.#folder);
    } else if (now - this.#askedAt < ALIVE_MS) return this.#runs;
    this.#askedAt = now;
    this.#runs = this.#recorder !== undefined && isSameProcess(this.#recorder.pid, this.#recorder.pidStart);
    return this.#runs;
  }
}

/** Replaced as a whole, so another inode or another time; the same inode may be given to a file once more. */
function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino}:${stats.mtimeMs}`;
}
