import type { Manifest } from '../store/manifest.js';
import type { TaskEntry, TaskStatus } from '../store/task-reader.js';

/** A task for programs: its manifest with what is true now in the place of what the manifest last said. */
export type TaskJson =
  | (Omit<Manifest, 'status'> & { readonly status: TaskStatus; readonly folder: string })
  | { readonly id: string; readonly status: 'unreadable'; readonly folder: string; readonly problem: string };

export function taskJson(entry: TaskEntry): TaskJson {
  const { id, path: folder } = entry.folder;
  if (entry.type === 'unreadable') return { id, status: 'unreadable', folder, problem: entry.problem.message };
  return { ...entry.manifest, status: entry.status, bytes: entry.bytes, folder };
}
