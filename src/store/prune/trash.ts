import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../../core/errors.js';

/** A task that is half removed: whoever removed it was killed. */
export interface Leftover {
  readonly id: string;
  readonly path: string;
}

/** Who removes a folder is done with it after so long, or was killed. One that is slower loses nothing by help. */
const LEFT_OVER_MS = 60_000;

/** A path for a task that is about to be removed, which nothing has yet and no reader takes for a task's. */
export function trashPath(agentDir: string, id: string, now: number): string {
  return join(agentDir, `.gone-${id}-${Math.floor(now / 1000)}-${Math.random().toString(36).slice(2)}`);
}

/**
 * What processes that were killed have left, a minute ago or earlier. `now`: milliseconds since the epoch.
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

function namesIn(agentDir: string): string[] {
  try {
    return readdirSync(agentDir);
  } catch (error) {
    throw errors.agentDirUnreadable(agentDir, error);
  }
}
