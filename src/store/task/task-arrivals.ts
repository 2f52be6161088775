import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { FolderWatcher } from '../files/folder-watcher.js';
import { MANIFEST_FILE } from '../layout/manifest.js';
import { listTaskIds, type TaskFolder } from '../layout/task-folder.js';

/** How often the folder is listed even when the watcher reports nothing, ms. */
const LOOK_MS = 1000;
/** A new task's manifest comes within milliseconds of its folder; where none comes, the recorder died in between. */
const NO_MANIFEST_MS = 2000;
const MANIFEST_LOOK_MS = 20;

/** An .agent folder, and the tasks it had at the last look. */
export interface KnownTasks {
  readonly agentDir: string;
  readonly ids: readonly string[];
}

/** Those that have a manifest: without one a task has only just begun, and is still to arrive. */
export function knownTasks(agentDir: string): KnownTasks {
  return { agentDir, ids: listTaskIds(agentDir).filter((id) => existsSync(join(agentDir, id, MANIFEST_FILE))) };
}

/** The tasks that are begun in an .agent folder after those it had, until `signal` aborts. */
export async function* taskArrivals(
  { agentDir, ids }: KnownTasks,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): AsyncGenerator<TaskFolder, void, void> {
  const seen = new Set(ids);
  const since = new Map<string, number>();
  using watcher = new FolderWatcher(agentDir, (name) => name.startsWith('task-'), clock);
  while (!signal.aborted) {
    const now = clock.monotonic();
    for (const id of listTaskIds(agentDir)) {
      if (seen.has(id)) continue;
      const path = join(agentDir, id);
      const first = since.get(id) ?? now;
      since.set(id, first);
      if (!existsSync(join(path, MANIFEST_FILE)) && now - first < NO_MANIFEST_MS) continue;
      since.delete(id);
      seen.add(id);
      yield { id, path };
    }
    await watcher.wait(since.size > 0 ? MANIFEST_LOOK_MS : LOOK_MS, signal);
  }
}
