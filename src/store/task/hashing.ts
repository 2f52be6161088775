import { type Clock, sleep } from '../../core/clock.js';
import { OrchError } from '../../core/errors.js';
import type { Manifest } from '../layout/manifest.js';
import { readManifest } from '../layout/manifest-reader.js';
import { isSameProcess } from '../layout/process-identity.js';
import type { TaskFolder } from '../layout/task-folder.js';

/** How often the process that hashes a recording is looked at, ms: it takes a second or two. */
const LOOK_MS = 50;

/** Whether a process still computes the hash of a recording that has ended. */
export function isBeingHashed({ hashing }: Pick<Manifest, 'hashing'>): boolean {
  return hashing !== undefined && isSameProcess(hashing.pid, hashing.pidStart);
}

/** Resolves when no process computes the hash of a recording any more, or `signal` aborts. */
export async function untilHashed(folder: TaskFolder, clock: Clock, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true && isBeingHashed(manifestOf(folder))) await sleep(clock, LOOK_MS, signal);
}

/** Without a manifest that can be read, none is computed. */
function manifestOf(folder: TaskFolder): Pick<Manifest, 'hashing'> {
  try {
    return readManifest(folder.path);
  } catch (error) {
    if (error instanceof OrchError) return {};
    throw error;
  }
}
