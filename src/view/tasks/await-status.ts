import type { Clock } from '../../core/clock.js';
import { FolderWatcher } from '../../store/files/folder-watcher.js';
import { ALIVE_MS } from '../../store/task/liveness.js';
import { MANIFEST_FILE } from '../../store/layout/manifest.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { shownStatus } from './task-status.js';

/** What can be waited for. `done`: that it has ended well. */
export const AWAITED = ['waiting', 'idle', 'done'] as const;

export type Awaited = (typeof AWAITED)[number];

/** The result of waiting: the status came, can no longer come, or the wait was aborted. */
export interface AwaitedStatus {
  readonly type: 'reached' | 'missed' | 'aborted';
  /** The task as it was then. */
  readonly entry: TaskEntry;
}

/**
 * Waits until a task has a status. Throws why where the task cannot be read: it was removed, or is damaged.
 */
export async function awaitStatus(
  folder: TaskFolder,
  wanted: Awaited,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<AwaitedStatus> {
  using watcher = new FolderWatcher(folder.path, (name) => name === MANIFEST_FILE, clock);
  for (;;) {
    const entry = readTask(folder);
    if (entry.type === 'unreadable') throw entry.problem;
    if (shownStatus(entry) === wanted) return { type: 'reached', entry };
    if (entry.status !== 'running') return { type: 'missed', entry };
    if (signal.aborted) return { type: 'aborted', entry };
    // A killed recorder leaves no note: whether it lives is checked.
    await watcher.wait(ALIVE_MS, signal);
  }
}
