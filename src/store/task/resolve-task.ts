import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { errors } from '../../core/errors.js';
import { takesAnothersPlace } from '../../core/text/task-name.js';
import { listTaskFolders, listTaskIds, type TaskFolder } from '../layout/task-folder.js';
import { isRunning, readTask } from './task-reader.js';

/** How many tasks a message names: enough to pick from, few enough for one line. */
const NAMED_IN_MESSAGE = 5;

/**
 * The task a person means: `latest`, an id, the name of one task, or the beginning of one id, with or without
 * `task-`. They are tried in this order, so that an exact answer is never ambiguous;
 * a name that would be `latest`, or an id or its beginning, is passed over.
 *
 * @throws OrchError NO_SUCH_TASK or TASK_AMBIGUOUS
 */
export function resolveTask(agentDir: string, text: string, clock?: Pick<Clock, 'now'>): TaskFolder {
  const ids = listTaskIds(agentDir, clock);
  const folder = (id: string): TaskFolder => ({ id, path: join(agentDir, id) });
  if (text !== '') {
    const exact = text === 'latest' ? ids.at(-1) : ids.find((id) => id === text);
    if (exact !== undefined) return folder(exact);
    for (const candidates of [
      () => (takesAnothersPlace(text) ? [] : ids.filter((id) => nameOf(folder(id)) === text)),
      () => ids.filter((id) => id.startsWith(text) || id.startsWith(`task-${text}`)),
    ]) {
      const [only, ...others] = candidates();
      if (only === undefined) continue;
      if (others.length === 0) return folder(only);
      throw errors.taskAmbiguous(text, newest([only, ...others]));
    }
  }
  throw errors.noSuchTask(text, newest(ids));
}

/**
 * The task that is meant where none is named: the only running one, else the newest.
 *
 * @throws OrchError NO_SUCH_TASK
 */
export function resolveDefaultTask(agentDir: string): TaskFolder {
  const [only, ...others] = runningTasks(agentDir);
  return only === undefined || others.length > 0 ? resolveTask(agentDir, 'latest') : only;
}

/** The newest last. */
export function runningTasks(agentDir: string): readonly TaskFolder[] {
  return listTaskFolders(agentDir).filter(isRunning);
}

function nameOf(folder: TaskFolder): string | undefined {
  const entry = readTask(folder);
  return entry.type === 'task' ? entry.manifest.name : undefined;
}

/** The newest first, and how many more there are. */
function newest(ids: readonly string[]): string[] {
  const named = ids.slice(-NAMED_IN_MESSAGE).reverse();
  const more = ids.length - named.length;
  return more === 0 ? named : [...named, `… ${more} more`];
}
