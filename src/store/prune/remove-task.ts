import { constants, existsSync } from 'node:fs';
import { access, lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoCode, errors } from '../../core/errors.js';
import { isForeign } from '../../core/process/foreign-owner.js';
import { trashPath, type Leftover } from './trash.js';
import { isRunning } from '../task/task-reader.js';

/** The result of a removal. `gone`: another process removed the folder first. */
export type Removal = 'removed' | 'runs' | 'gone';

/** Others may be at the same folder, or write to it until this moment. */
const TRIES = 3;

/**
 * Removes the folder of a task unless it turns out to run. It first gets a name that no reader takes for a task's, in one
 * step (rename(2)): no reader ever sees half a task, and of several processes one removes it. `now`: milliseconds
 * of Unix time. Links in it are removed and not followed. Throws the system's error.
 *
 * @throws OrchError TASK_FOREIGN, with nothing removed
 */
export async function removeTask(agentDir: string, id: string, now: number): Promise<Removal> {
  const folder = join(agentDir, id);
  if (!(await isOurs(folder))) return 'gone';
  const path = trashPath(agentDir, id, now);
  const moved = await isMoved(folder, path);
  return moved ? removeLeftover(agentDir, { id, path }) : 'gone';
}

/**
 * Refuses what could not be removed whole, and what another user could swap for a link while it is being removed. False where there
 * is no folder.
 */
async function isOurs(folder: string): Promise<boolean> {
  try {
    const stats = await lstat(folder);
    if (isForeign(stats.uid)) throw errors.taskForeign(folder);
    if (stats.isDirectory()) await access(folder, constants.W_OK | constants.X_OK);
    return stats.isDirectory();
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Completes a removal that was cut short. Throws the system's error. */
export async function removeLeftover(agentDir: string, { id, path }: Leftover): Promise<Removal> {
  // Checked again under the new name, which no other process moves: the task may have begun to run since.
  if (isRunning({ id, path })) return (await isMoved(path, join(agentDir, id))) ? 'runs' : 'gone';
  try {
    await rm(path, { recursive: true, force: true, maxRetries: TRIES });
  } catch (error) {
    if (existsSync(path)) throw error;
  }
  return 'removed';
}

/** False where there is nothing to move (any more). */
async function isMoved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw error;
  }
}
