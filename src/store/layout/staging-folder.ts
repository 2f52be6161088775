import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { errnoCode, errors } from '../../core/errors.js';
import { folderUsage } from '../files/folder-usage.js';
import { PRIVATE_FOLDER_MODE } from '../files/private-file.js';
import { processStart } from './process-identity.js';
import { createTaskFolder, type TaskFolder } from './task-folder.js';

/** A folder that will become a task's; until it is complete, its name keeps readers from taking it for one. */
export interface StagingFolder {
  readonly path: string;
  /** Makes it a task's, under `id` where that is free, else under a new id, which `rename` gets first. */
  become(id: string, rename: (folder: string, id: string) => void): TaskFolder;
  /** Removes it, unless it became a task's. */
  discard(): void;
}

/**
 * Makes a folder for a task that is imported. Staging folders of killed processes are removed first.
 *
 * @throws OrchError AGENT_DIR_UNWRITABLE, AGENT_DIR_UNREADABLE
 */
export function makeStagingFolder(
  agentDir: string,
  { clock, pid }: { readonly clock: Clock; readonly pid: number },
): StagingFolder {
  removeAbandoned(agentDir, clock.now());
  const path = join(agentDir, `.coming-${pid}-${Math.random().toString(36).slice(2)}`);
  try {
    mkdirSync(path, PRIVATE_FOLDER_MODE);
  } catch (error) {
    throw errors.agentDirUnwritable(agentDir, error);
  }
  return {
    path,
    become: (id, rename) => {
      const folder = reserve(agentDir, id) ?? createTaskFolder(agentDir, clock);
      try {
        if (folder.id !== id) rename(path, folder.id);
        // Of an empty folder rename(2) takes the place in one step.
        renameSync(path, folder.path);
      } catch (error) {
        rmSync(folder.path, { recursive: true, force: true });
        throw errors.agentDirUnwritable(agentDir, error);
      }
      return folder;
    },
    discard: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** As createTaskFolder, of one id: mkdir(2) is the lock. */
function reserve(agentDir: string, id: string): TaskFolder | undefined {
  const path = join(agentDir, id);
  try {
    mkdirSync(path, PRIVATE_FOLDER_MODE);
    return { id, path };
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return undefined;
    throw errors.agentDirUnwritable(agentDir, error);
  }
}

/** A process that is not found may live in another container: folders written to within the last minute stay. */
function removeAbandoned(agentDir: string, now: number): void {
  for (const name of namesIn(agentDir)) {
    const pid = /^\.coming-(\d{1,10})-[a-z\d]*$/.exec(name)?.[1];
    if (pid === undefined || processStart(Number(pid)) !== undefined) continue;
    const path = join(agentDir, name);
    if (now - folderUsage(path).modified > LEFT_ALONE_MS) rmSync(path, { recursive: true, force: true });
  }
}

function namesIn(agentDir: string): readonly string[] {
  try {
    return readdirSync(agentDir);
  } catch (error) {
    throw errors.agentDirUnreadable(agentDir, error);
  }
}

/** An import writes constantly, except while it waits for input. */
const LEFT_ALONE_MS = 60_000;
