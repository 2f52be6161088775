import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoCode, errors } from '../core/errors.js';
import { isRunning } from './task-reader.js';

/** What became of a folder that was to go. `gone`: another process was faster. */
export type Removal = 'removed' | 'runs' | 'gone';

/** A task that is half removed: whoever removed it was killed. */
export interface Leftover {
  readonly id: string;
  readonly path: string;
}

/** Who removes a folder is done with it after so long, or was killed. One that is slower loses nothing by help. */
const LEFT_OVER_MS = 60_000;

/** Others may be at the same folder, or write to it until this moment. */
const TRIES = 3;

/**
 * Removes the folder of a task unless it turns out to run. It first gets a name that no reader takes for a task's, in one
 * step (rename(2)): nobody ever sees half a task, and of several processes one removes it. `now`: milliseconds since
 * the epoch. Links in it are removed and not followed. Throws the system's error.
 */
export async function removeTask(agentDir: string, id: string, now: number): Promise<Removal> {
  const path = join(agentDir, `.gone-${id}-${Math.floor(now / 1000)}-${Math.random().toString(36).slice(2)}`);
  const moved = await isMoved(join(agentDir, id), path);
  return moved ? removeLeftover(agentDir, { id, path }) : 'gone';
}

/**
 * What processes that were killed have left.
 *
 * @throws OrchError AGENT_DIR_UNREADABLE
 */
export function listLeftovers(agentDir: string, now: number): readonly Leftover[] {
  return namesIn(agentDir).flatMap((name) => {
    const [, id, seconds] = /^\.gone-(task-\d{1,15}-\d{1,15})-(\d{1,15})-[a-z\d]*$/.exec(name) ?? [];
    if (id === undefined || now - Number(seconds) * 1000 < LEFT_OVER_MS) return [];
    return [{ id, path: join(agentDir, name) }];
  });
}

/** Goes on where a removal ended. Throws the system's error. */
export async function removeLeftover(agentDir: string, { id, path }: Leftover): Promise<Removal> {
  // Asked again under the new name, which nobody else moves: it may have begun to run since it was looked at.
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

function namesIn(agentDir: string): string[] {
  try {
    return readdirSync(agentDir);
  } catch (error) {
    throw errors.agentDirUnreadable(agentDir, error);
  }
}
