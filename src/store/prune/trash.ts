import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../../core/errors.js';

/** A partly removed task, whose remover was killed. */
export interface Leftover {
  readonly id: string;
  readonly path: string;
}

/** A remover is done with a folder after this long, or was killed, ms. A slower one loses nothing when it is helped. */
const LEFT_OVER_MS = 60_000;

/** The trash path for a task that is about to be removed: unused, and no reader takes it for a task's. */
export function trashPath(agentDir: string, id: string, now: number): string {
  return join(agentDir, `.gone-${id}-${Math.floor(now / 1000)}-${Math.random().toString(36).slice(2)}`);
}

/** Where a task is while it is being removed, for people. */
export function trashPaths(agentDir: string, id: string): string {
  return join(agentDir, `.gone-${id}-*`);
}

/**
 * The leftovers of killed removers, at least a minute old. `now`: milliseconds of Unix time.
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
