import { existsSync } from 'node:fs';
import type { Clock } from '../../core/clock.js';
import { OrchError } from '../../core/errors.js';
import type { KnownProcess, Manifest } from '../layout/manifest.js';
import { readManifest } from '../layout/manifest-reader.js';
import { isSameProcess } from '../layout/process-identity.js';
import { recordedEnd } from '../log/segments.js';
import { listTaskFolders, type TaskFolder } from '../layout/task-folder.js';

/** What the manifest says, or `lost`: it says `running`, but the process that recorded is gone. */
type TaskStatus = Manifest['status'] | 'lost';

/** A task as it is now. */
interface ReadableTask {
  readonly type: 'task';
  readonly folder: TaskFolder;
  readonly manifest: Manifest;
  readonly status: TaskStatus;
  /** The agent of a lost task, where it outlived its recorder. */
  readonly living: KnownProcess | undefined;
  /** Bytes of the recording so far. */
  readonly bytes: number;
}

/** A task folder that cannot be made sense of: half deleted, damaged or of a newer format. Its log may still be read. */
interface UnreadableTask {
  readonly type: 'unreadable';
  readonly folder: TaskFolder;
  readonly problem: OrchError;
}

export type TaskEntry = ReadableTask | UnreadableTask;

/** The tasks of an .agent folder, the newest last. One that is removed meanwhile is left out. */
export function listTasks(agentDir: string, clock?: Pick<Clock, 'now'>): TaskEntry[] {
  return listTaskFolders(agentDir, clock)
    .map(readTask)
    .filter((entry) => entry.type === 'task' || existsSync(entry.folder.path));
}

export function readTask(folder: TaskFolder): TaskEntry {
  try {
    const manifest = readManifest(folder.path);
    if (manifest.status !== 'running' || isAlive(manifest)) return withStatus(folder, manifest, manifest.status);
    // The recorder may have ended between the two looks: its last word is then in the manifest.
    const last = readManifest(folder.path);
    return withStatus(folder, last, last.status === 'running' ? 'lost' : last.status);
  } catch (problem) {
    if (problem instanceof OrchError) return { type: 'unreadable', folder, problem };
    throw problem;
  }
}

/** Whether more may still be recorded here. */
export function isRunning(folder: TaskFolder): boolean {
  const recorder = recorderOf(folder);
  return recorder !== undefined && isAlive(recorder);
}

/** The process that records here, or did until it was killed; undefined where the recording is over, or unreadable. */
export function recorderOf(folder: TaskFolder): Pick<Manifest, 'pid' | 'pidStart'> | undefined {
  try {
    const manifest = readManifest(folder.path);
    return manifest.status === 'running' ? manifest : undefined;
  } catch (problem) {
    if (problem instanceof OrchError) return undefined;
    throw problem;
  }
}

function isAlive({ pid, pidStart }: KnownProcess): boolean {
  return isSameProcess(pid, pidStart);
}

function withStatus(folder: TaskFolder, manifest: Manifest, status: TaskStatus): ReadableTask {
  const ended = status === 'done' || status === 'failed';
  const bytes = ended ? manifest.bytes : recordedEnd(folder.path);
  const living = status === 'lost' && manifest.agent && isAlive(manifest.agent) ? manifest.agent : undefined;
  return { type: 'task', folder, manifest, status, living, bytes };
}
