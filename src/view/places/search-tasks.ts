import type { Pattern } from '../../core/pattern/pattern.js';
import { OrchError } from '../../core/errors.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask } from '../../store/task/task-reader.js';
import type { MissingRange } from '../lines/missing-range.js';
import { type Match, searchTask } from './search.js';

export interface SearchTasksOptions {
  readonly pattern: Pattern;
  /** Lines of each task. */
  readonly most: number;
  readonly signal: AbortSignal;
  /** Called with each missing range, which cannot be searched. */
  readonly onMissing: (task: TaskFolder, range: MissingRange) => void;
  /** A task cannot be read; the others are searched. */
  readonly onFailure: (task: TaskFolder, error: OrchError) => void;
}

/** Searches task by task, see {@link searchTask}. */
export async function* searchTasks(
  tasks: Iterable<TaskFolder>,
  { pattern, most, signal, onMissing, onFailure }: SearchTasksOptions,
): AsyncGenerator<Match, void, void> {
  for (const folder of tasks) {
    if (signal.aborted) return;
    const missing = (range: MissingRange): void => {
      onMissing(folder, range);
    };
    try {
      let left = most;
      for await (const match of searchTask(readTask(folder), { pattern, signal, onMissing: missing })) {
        yield match;
        if (--left === 0) break;
      }
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      onFailure(folder, error);
    }
  }
}
