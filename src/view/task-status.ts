import { signalName } from '../core/exit-status.js';
import type { Manifest } from '../store/manifest.js';
import type { TaskEntry, TaskStatus } from '../store/task-reader.js';
import { type Meaning, type Paint, plain } from './colour.js';
import { formatDuration } from './format.js';

type ShownStatus = TaskStatus | 'unreadable';

/** `done`, `running`, `failed 42`, `failed SIGKILL`: how a task is doing, in its colour. */
export function statusText(entry: TaskEntry, paint: Paint): string {
  const status = entry.type === 'task' ? entry.status : 'unreadable';
  const exit = entry.type === 'task' ? entry.manifest.exit : undefined;
  return paint(MEANING[status], status === 'failed' && exit !== undefined ? `failed ${reasonOf(exit)}` : status);
}

function reasonOf({ code, signal }: NonNullable<Manifest['exit']>): string {
  return signal === 0 ? `${code}` : (signalName(signal) ?? `signal ${signal}`);
}

const MEANING: Readonly<Record<ShownStatus, Meaning>> = {
  running: 'active',
  done: 'good',
  failed: 'bad',
  lost: 'doubtful',
  unreadable: 'doubtful',
};

/** How long it has run, or ran, in milliseconds; undefined for a task whose end nobody saw. */
export function durationOf(entry: TaskEntry, now: number): number | undefined {
  if (entry.type === 'unreadable') return undefined;
  const { started, ended } = entry.manifest;
  if (ended !== undefined) return Date.parse(ended) - Date.parse(started);
  return entry.status === 'running' ? now - Date.parse(started) : undefined;
}

/** How a task ended, in a few words: `task-1767322995-1 done after 8.0s`. */
export function endText(entry: TaskEntry): string {
  const ms = durationOf(entry, 0);
  const after = ms === undefined ? '' : ` after ${formatDuration(ms)}`;
  return `${entry.folder.id} ${statusText(entry, plain)}${after}`;
}
