import type { Retention } from '../../core/retention.js';

/** A task, as far as it matters for whether it may go. */
export interface Prunable {
  /** False for one that runs, may be about to, or must stay for another reason. */
  readonly mayGo: boolean;
  /** When it ended, milliseconds of Unix time; for a task without a noted end, when it began. */
  readonly ended: number;
  /** Its size on the disk. */
  readonly bytes: number;
}

/** The limit, as orch.yml names it, that a task exceeds; the first one where it exceeds several. */
export type Limit = 'maxAge' | 'maxTasks' | 'maxTotalSize';

export interface Choice<Task extends Prunable> {
  readonly task: Task;
  readonly why: Limit;
}

/**
 * Which tasks have to go so that the limits hold, those that ended first in front: of the rest each ended later. Where
 * two ended at the same time, the one that stands first in `tasks` goes first. `now`: milliseconds of Unix time.
 */
export function chooseToGo<Task extends Prunable>(
  tasks: readonly Task[],
  { maxAgeMs = Infinity, maxTasks = Infinity, maxTotalBytes = Infinity }: Retention,
  now: number,
): readonly Choice<Task>[] {
  const oldestFirst = tasks.filter(({ mayGo }) => mayGo).sort((a, b) => a.ended - b.ended);
  let left = oldestFirst.length;
  let bytes = tasks.reduce((sum, task) => sum + task.bytes, 0);
  const choices: Choice<Task>[] = [];
  for (const task of oldestFirst) {
    const isOld = now - task.ended > maxAgeMs;
    const why = isOld ? 'maxAge' : left > maxTasks ? 'maxTasks' : bytes > maxTotalBytes ? 'maxTotalSize' : undefined;
    if (why === undefined) break;
    choices.push({ task, why });
    left--;
    bytes -= task.bytes;
  }
  return choices;
}
