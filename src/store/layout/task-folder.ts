import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, isYetToCome, systemClock } from '../../core/clock.js';
import { errnoCode, errors } from '../../core/errors.js';
import { MANIFEST_FILE } from './manifest.js';
import { PRIVATE_FOLDER_MODE } from '../files/private-file.js';

/** One recording: everything about a task lies in its folder. */
export interface TaskFolder {
  /** `task-<epoch seconds>-<n>` */
  readonly id: string;
  readonly path: string;
}

/**
 * Makes the folder of a new task. mkdir(2) is the lock: it succeeds for one process only, so any number of them
 * may start in the same second. `n` is one more than the highest of that second, from 1: where tasks were removed meanwhile, a
 * number that became free would make the newest task look older than those that are left.
 *
 * @throws OrchError AGENT_DIR_UNWRITABLE
 */
export function createTaskFolder(agentDir: string, clock: Clock): TaskFolder {
  const seconds = Math.floor(clock.now() / 1000);
  for (let n = highestOf(agentDir, seconds) + 1; ; n++) {
    const id = `task-${seconds}-${n}`;
    const path = join(agentDir, id);
    try {
      mkdirSync(path, PRIVATE_FOLDER_MODE);
      return { id, path };
    } catch (error) {
      if (errnoCode(error) !== 'EEXIST') throw errors.agentDirUnwritable(agentDir, error);
    }
  }
}

/** The highest number that anything has in a second; 0 where nothing has one, or where the folder may not be listed. */
function highestOf(agentDir: string, seconds: number): number {
  let highest = 0;
  try {
    for (const name of readdirSync(agentDir)) {
      if (!name.startsWith(`task-${seconds}-`)) continue;
      const n = taskNumbers(name)?.n ?? 0;
      if (n > highest && n < HIGHEST_NUMBER) highest = n;
    }
  } catch {
    // Whether a task can be made there is for mkdir(2) to say.
  }
  return highest;
}

/**
 * The tasks of an .agent folder, the newest last; nothing where the folder is gone. Links and files are no tasks. A task whose
 * id says that it is yet to begin was named by a clock that was wrong: its files say when it was made, and where they
 * cannot either, it counts as older than all others.
 *
 * @throws OrchError AGENT_DIR_UNREADABLE
 */
export function listTaskIds(agentDir: string, clock: Pick<Clock, 'now'> = systemClock): string[] {
  const now = clock.now();
  return foldersIn(agentDir)
    .flatMap((id) => taskNumbers(id) ?? [])
    .map((task) => ({ ...task, ...beganAt(agentDir, task, now) }))
    .sort((a, b) => a.began - b.began || madeBefore(a, b) || a.seconds - b.seconds || a.n - b.n)
    .map(({ id }) => id);

  /** Of one second, where the id of one of them says nothing, the files tell. */
  function madeBefore(a: { id: string; misnamed: boolean }, b: { id: string; misnamed: boolean }): number {
    return a.misnamed || b.misnamed ? madeAt(agentDir, a.id, now) - madeAt(agentDir, b.id, now) : 0;
  }
}

/** The folders of these tasks, in the same order. @throws OrchError AGENT_DIR_UNREADABLE */
export function listTaskFolders(agentDir: string, clock?: Pick<Clock, 'now'>): TaskFolder[] {
  return listTaskIds(agentDir, clock).map((id) => ({ id, path: join(agentDir, id) }));
}

/** In whole seconds of Unix time, as an id has it; `misnamed` where the id says that it is yet to begin. */
function beganAt(
  agentDir: string,
  { id, seconds }: { readonly id: string; readonly seconds: number },
  now: number,
): { readonly began: number; readonly misnamed: boolean } {
  const misnamed = isYetToCome(seconds * 1000, now);
  return { began: misnamed ? Math.floor(madeAt(agentDir, id, now) / 1000) : seconds, misnamed };
}

/** When its folder was made, as far as its files tell, milliseconds of Unix time; 0 where they do not. */
function madeAt(agentDir: string, id: string, now: number): number {
  const stats = [join(agentDir, id), join(agentDir, id, MANIFEST_FILE)].map((path) => statOf(path));
  const times = stats.flatMap((found) => (found === undefined ? [] : [found.birthtimeMs, found.mtimeMs]));
  const possible = times.filter((time) => time > 0 && !isYetToCome(time, now));
  return possible.length === 0 ? 0 : Math.min(...possible);
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Whether a text is the id of a task: a folder of that name is one. */
export function isTaskId(text: string): boolean {
  return taskNumbers(text) !== undefined;
}

/** When a task was begun, milliseconds of Unix time, to the second before it: its id says so. */
export function taskBegan(id: string): number {
  return (taskNumbers(id)?.seconds ?? 0) * 1000;
}

function foldersIn(agentDir: string): string[] {
  try {
    return readdirSync(agentDir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return [];
    throw errors.agentDirUnreadable(agentDir, error);
  }
}

/** Numbers, because `task-9-10` is younger than `task-9-9`; up to {@link HIGHEST_NUMBER}, which a double holds exactly. */
function taskNumbers(id: string): { id: string; seconds: number; n: number } | undefined {
  const match = /^task-(\d{1,15})-(\d{1,15})$/.exec(id);
  return match === null ? undefined : { id, seconds: Number(match[1]), n: Number(match[2]) };
}

const HIGHEST_NUMBER = 10 ** 15 - 1;
