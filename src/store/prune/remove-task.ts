import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoCode } from '../../core/errors.js';
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
 */
export async function removeTask(agentDir: string, id: string, now: number): Promise<Removal> {
  const path = trashPath(agentDir, id, now);
  const moved = await isMoved(join(agentDir, id), path);
  return moved ? removeLeftover(agentDir, { id, path }) : 'gone';
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
