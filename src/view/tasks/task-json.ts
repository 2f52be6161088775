import type { Manifest } from '../../store/layout/manifest.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import { type MissingBytes, missingBytes } from './missing-bytes.js';
import { type ShownStatus, shownStatus } from './task-status.js';

/** A task for programs: its manifest with what is true now in the place of what the manifest last said. */
export type TaskJson =
  | (Omit<Manifest, 'status'> &
      Partial<MissingBytes> & {
        readonly status: ShownStatus;
        /** More may still be recorded. */
        readonly running: boolean;
        /** The agent of a lost task still lives, as this process. */
        readonly livingPid?: number;
        readonly folder: string;
      })
  | { readonly id: string; readonly status: 'unreadable'; readonly folder: string; readonly problem: string };

export function taskJson(entry: TaskEntry): TaskJson {
  const { id, path: folder } = entry.folder;
  if (entry.type === 'unreadable') return { id, status: 'unreadable', folder, problem: entry.problem.message };
  const { manifest, bytes, living } = entry;
  const running = entry.status === 'running';
  const rest = { ...(living === undefined ? {} : { livingPid: living.pid }), bytes, ...missingBytes(entry), folder };
  return { ...manifest, status: shownStatus(entry), running, ...rest };
}
