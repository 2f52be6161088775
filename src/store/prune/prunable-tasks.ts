import { join } from 'node:path';
import { isYetToCome } from '../../core/clock.js';
import { nextTurn } from '../../core/async/next-turn.js';
import { type FolderUsage, folderUsage } from '../files/folder-usage.js';
import { isNewerFormat } from '../layout/manifest-reader.js';
import type { Prunable } from './prune-choice.js';
import { listTaskIds, type TaskFolder } from '../layout/task-folder.js';
import { readTask, type TaskEntry } from '../task/task-reader.js';

/**
 * How long a task without a noted end must not have been written to: its manifest comes a moment after its
 * folder, and its recorder may be invisible (in another container, with its own process ids).
 */
const QUIET_MS = 60_000;

/**
 * Why a task may not go: `spared`, as was asked; it `runs`; its agent `lives`, whose recorder was killed; it never said how it ended and was `written` to within the last
 * minute; it is of a `newer` format.
 */
export type Staying = 'spared' | 'runs' | 'lives' | 'written' | 'newer';

export interface PrunableTask extends Prunable {
  readonly entry: TaskEntry;
  /** Undefined: it may go. */
  readonly stays: Staying | undefined;
}

export interface Looking {
  /** Wall time, milliseconds of Unix time. */
  readonly now: number;
  /** Ids of tasks that stay, whatever they are. */
  readonly spared: Pick<ReadonlySet<string>, 'has'>;
  /** Ends the search; the result has the tasks found so far. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The tasks of an .agent folder, the newest last. Yields to the event loop after each.
 *
 * @throws OrchError AGENT_DIR_UNREADABLE
 */
export async function prunableTasks(agentDir: string, looking: Looking): Promise<readonly PrunableTask[]> {
  const found: PrunableTask[] = [];
  for (const id of listTaskIds(agentDir)) {
    await nextTurn();
    if (looking.signal?.aborted === true) break;
    found.push(prunableTask({ id, path: join(agentDir, id) }, looking));
  }
  return found;
}

/** One task, as it is now. */
export function prunableTask(folder: TaskFolder, looking: Omit<Looking, 'signal'>): PrunableTask {
  const entry = readTask(folder);
  const usage = folderUsage(folder.path);
  const stays = staying(entry, usage, looking);
  const ended = endOf(entry, usage, looking);
  return { entry, stays, mayGo: stays === undefined, ended, bytes: usage.bytes };
}

function staying(
  entry: TaskEntry,
  { modified }: FolderUsage,
  { now, spared }: Omit<Looking, 'signal'>,
): Staying | undefined {
  if (spared.has(entry.folder.id)) return 'spared';
  if (entry.type === 'task' && entry.status !== 'lost') return entry.status === 'running' ? 'runs' : undefined;
  if (entry.type === 'task' && entry.living !== undefined) return 'lives';
  // Whether a task of a newer format runs cannot be known.
  if (isNewerFormat(entry.folder.path)) return 'newer';
  return now - modified > QUIET_MS ? undefined : 'written';
}

/** Where a clock that was wrong said that it is yet to end, the files say when it was written last, if they can. */
function endOf(entry: TaskEntry, { modified }: FolderUsage, { now }: Pick<Looking, 'now'>): number {
  if (entry.type === 'unreadable') return modified;
  const { started, ended = started } = entry.manifest;
  const noted = Date.parse(entry.status === 'lost' ? started : ended);
  return isYetToCome(noted, now) ? Math.min(noted, modified) : noted;
}
