import { join } from 'node:path';
import { isYetToCome } from '../../core/clock.js';
import { nextTurn } from '../../core/async/next-turn.js';
import type { Retention } from '../../core/retention.js';
import { folderUsage } from '../files/folder-usage.js';
import { listLeftovers } from './trash.js';
import type { Looking } from './prunable-tasks.js';
import { listTaskIds, taskBegan } from '../layout/task-folder.js';

/** The number of tasks looked at without a pause: about a millisecond's work. */
const LOOKED_AT = 16;

/**
 * Whether there is surely nothing to remove from an .agent folder, as names and sizes alone tell: no manifest is read,
 * nor what reads one loaded. False says nothing. A task did not end before it began, so that its id tells enough.
 *
 * @throws OrchError AGENT_DIR_UNREADABLE
 */
export async function isSurelyWithin(
  agentDir: string,
  { maxAgeMs = Infinity, maxTasks = Infinity, maxTotalBytes = Infinity }: Retention,
  { now, spared, signal }: Looking,
): Promise<boolean> {
  const ids = listTaskIds(agentDir);
  const mayGo = ids.filter((id) => !spared.has(id));
  const began = mayGo.map(taskBegan);
  if (mayGo.length > maxTasks || began.some((time) => now - time > maxAgeMs || isYetToCome(time, now))) return false;
  if (listLeftovers(agentDir, now).length > 0) return false;
  if (maxTotalBytes === Infinity) return true;
  let bytes = 0;
  for (const [at, id] of ids.entries()) {
    if (at % LOOKED_AT === 0) await nextTurn();
    if (signal?.aborted === true) return true;
    bytes += folderUsage(join(agentDir, id)).bytes;
    if (bytes > maxTotalBytes) return false;
  }
  return true;
}
