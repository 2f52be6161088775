import type { Retention } from '../../core/retention.js';
import { folderUsage } from '../files/folder-usage.js';
import { listLeftovers } from './trash.js';
import { type Looking, type PrunableTask, prunableTasks, type Staying } from './prunable-tasks.js';
import { chooseToGo, type Limit } from './prune-choice.js';
import { type Removal, removeLeftover, removeTask } from './remove-task.js';
import type { TaskEntry } from '../task/task-reader.js';

/** A folder to remove: a task, or the rest of one whose removal was cut short. */
export type Prunee = { readonly id: string; readonly bytes: number } & (
  | { readonly type: 'task'; readonly entry: TaskEntry; readonly ended: number; readonly why: Limit }
  | { readonly type: 'leftover' }
);

/** The result for one folder. */
export type PruneStep =
  | { readonly type: 'gone'; readonly what: Prunee }
  | { readonly type: 'failed'; readonly what: Prunee; readonly error: unknown }
  /** It exceeds the limits, and stays. */
  | { readonly type: 'passed'; readonly id: string; readonly why: Staying };

export interface PruneOptions extends Looking {
  /** Removes nothing, and reports what would be removed. */
  readonly dryRun: boolean;
}

/**
 * Removes what the limits do not allow from an .agent folder, the oldest first, and what was left of earlier removals. A
 * task that runs stays, as do others that must; they are reported at the end. Tasks that another process removes meanwhile are left out.
 *
 * @throws OrchError AGENT_DIR_UNREADABLE
 */
export async function* prune(
  agentDir: string,
  retention: Retention,
  options: PruneOptions,
): AsyncGenerator<PruneStep, void, void> {
  const { now, dryRun, signal } = options;
  const tasks = await prunableTasks(agentDir, options);
  for (const { what, remove } of [...leftovers(agentDir, now), ...removable(agentDir, tasks, { retention, now })]) {
    if (signal?.aborted === true) return;
    const step = dryRun ? ({ type: 'gone', what } as const) : await stepOf({ what, remove });
    if (step !== undefined) yield step;
  }
  yield* passedOver(tasks, { retention, now });
}

/** The tasks that exceed the limits but must stay. */
function* passedOver(tasks: readonly PrunableTask[], { retention, now }: Limits): Generator<PruneStep, void, void> {
  const asIfAll = tasks.map((task) => ({ ...task, mayGo: task.stays !== 'spared' }));
  for (const { task } of chooseToGo(asIfAll, retention, now))
    if (task.stays !== undefined) yield { type: 'passed', id: task.entry.folder.id, why: task.stays };
}

interface Limits {
  readonly retention: Retention;
  readonly now: number;
}

interface Removable {
  readonly what: Prunee;
  readonly remove: () => Promise<Removal>;
}

async function stepOf({ what, remove }: Removable): Promise<PruneStep | undefined> {
  try {
    const removal = await remove();
    if (removal === 'runs') return { type: 'passed', id: what.id, why: 'runs' };
    return removal === 'removed' ? { type: 'gone', what } : undefined;
  } catch (error) {
    return { type: 'failed', what, error };
  }
}

function leftovers(agentDir: string, now: number): readonly Removable[] {
  return listLeftovers(agentDir, now).map((leftover) => ({
    what: { type: 'leftover', id: leftover.id, bytes: folderUsage(leftover.path).bytes },
    remove: () => removeLeftover(agentDir, leftover),
  }));
}

function removable(agentDir: string, tasks: readonly PrunableTask[], { retention, now }: Limits): readonly Removable[] {
  return chooseToGo(tasks, retention, now).map(({ task: { entry, ended, bytes }, why }) => ({
    what: { type: 'task', id: entry.folder.id, entry, ended, bytes, why },
    remove: () => removeTask(agentDir, entry.folder.id, now),
  }));
}
