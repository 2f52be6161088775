import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoCode, errors } from '../../core/errors.js';
import { isForeign } from '../../core/process/foreign-owner.js';
import { foldersUpward } from '../../core/process/folders-upward.js';
import { PRIVATE_FOLDER_MODE, writeNewFile } from '../files/private-file.js';

/** Where to look for recordings. */
export interface AgentDirQuery {
  /** The folder the search starts from; absolute. */
  readonly cwd: string;
  /** `--dir` or ORCH_DIR: this folder and no other, taken from `cwd` when relative. */
  readonly dir?: string | undefined;
}

const AGENT_DIR = '.agent';
const IGNORE_FILE = '.gitignore';

/**
 * The folder new recordings go to, made when there is none, and tried out: the path it returns can be written.
 *
 * `dir` wins; else the nearest `.agent` from `cwd` upward; else one is made beside the nearest `.git`, else in `cwd`.
 * A folder it makes is for its owner alone (0700) and hidden from git. When it throws, nothing it made is left.
 *
 * @throws OrchError AGENT_DIR_IS_FILE, AGENT_DIR_SYMLINK, AGENT_DIR_FOREIGN or AGENT_DIR_UNWRITABLE
 */
export function openAgentDir(query: AgentDirQuery): string {
  return openForNew(query).path;
}

/** A folder that new recordings may go to. */
export interface OpenedAgentDir {
  readonly path: string;
  /** Removes the folders that were made for it, where nothing came of that: one that holds anything by now stays. */
  takeBack(): void;
}

/** As {@link openAgentDir}, for a caller that may have nothing to put there. */
export function openForNew({ cwd, dir }: AgentDirQuery): OpenedAgentDir {
  const found = dir === undefined ? nearest(cwd, AGENT_DIR) : undefined;
  const path = dir === undefined ? (found ?? join(homeForNew(cwd), AGENT_DIR)) : resolve(cwd, dir);
  const made: string[] = [];
  try {
    makeFolder(path, made, dir === undefined ? 'one folder' : 'parents too');
    if (found !== undefined) refuseForeign(path);
    tryOut(path);
    if (made.length > 0 || basename(path) === AGENT_DIR) hideFromGit(path);
  } catch (error) {
    for (const folder of made.reverse()) removeEmpty(folder);
    throw errnoCode(error) === undefined ? error : refusal(path, error);
  }
  return {
    path,
    takeBack: () => {
      if (made.length > 0) unmake(path, made);
    },
  };
}

/**
 * The folder recordings are read from; it is never made. `dir` wins, else the nearest `.agent` from `cwd` upward.
 *
 * @throws OrchError NO_AGENT_DIR where there is none, AGENT_DIR_IS_FILE
 */
export function findAgentDir({ cwd, dir }: AgentDirQuery): string {
  const path = dir === undefined ? nearest(cwd, AGENT_DIR) : resolve(cwd, dir);
  if (path === undefined) throw errors.noAgentDir(cwd);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw errors.noSuchAgentDir(path);
  if (!stats.isDirectory()) throw errors.agentDirIsFile(path);
  return path;
}

/**
 * The same for what changes recordings: one of another user's is only read, unless `dir` names it.
 *
 * @throws OrchError NO_AGENT_DIR, AGENT_DIR_IS_FILE, AGENT_DIR_FOREIGN
 */
export function findOwnAgentDir(query: AgentDirQuery): string {
  const path = findAgentDir(query);
  if (query.dir === undefined) refuseForeign(path);
  return path;
}

/** The nearest entry called `name`, whatever it is, in `from` or a folder above it. */
function nearest(from: string, name: string): string | undefined {
  for (const folder of foldersUpward(from)) {
    const candidate = join(folder, name);
    if (entryAt(candidate) !== undefined) return candidate;
  }
  return undefined;
}

/** Beside `.git` (a folder, or a file in a worktree): one folder of recordings a repository, wherever in it one works. */
function homeForNew(cwd: string): string {
  const git = nearest(cwd, '.git');
  return git === undefined ? cwd : dirname(git);
}

/** What is at a path itself, a link unfollowed. A folder that may not be searched counts as holding nothing. */
function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoCode(error) === 'EACCES' || errnoCode(error) === 'ENOTDIR') return undefined;
    throw refusal(path, error);
  }
}

/** Makes a folder, adding to `made` each one it made, outermost first. */
function makeFolder(path: string, made: string[], how: 'one folder' | 'parents too'): void {
  try {
    mkdirSync(path, PRIVATE_FOLDER_MODE);
    made.push(path);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' && how === 'parents too' && dirname(path) !== path) {
      makeFolder(dirname(path), made, how);
      makeFolder(path, made, 'one folder');
    } else if (errnoCode(error) !== 'EEXIST') {
      throw error;
    } else {
      const stats = lstatSync(path);
      if (stats.isSymbolicLink()) throw errors.agentDirSymlink(path);
      if (!stats.isDirectory()) throw errors.agentDirIsFile(path);
    }
  }
}

/** Makes something inside and removes it: access(2) says yes to root on a read-only disk, this does not. */
function tryOut(path: string): void {
  removeEmpty(mkdtempSync(join(path, '.probe-')));
}

/** A folder that another user owns (`/tmp/.agent`, say) would let that user read or swap what is recorded. */
function refuseForeign(path: string): void {
  if (isForeign(lstatSync(path).uid)) throw errors.agentDirForeign(path);
}

/** Only in a folder that is for recordings: with `--dir .` a `*` would hide a whole project. */
function hideFromGit(path: string): void {
  try {
    writeNewFile(join(path, IGNORE_FILE), '*\n');
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw error;
  }
}

/** Removes `made`, outermost first, and what is always in the innermost, where there is nothing else in it. */
function unmake(path: string, made: readonly string[]): void {
  if (namesIn(path).some((name) => name !== IGNORE_FILE)) return;
  rmSync(join(path, IGNORE_FILE), { force: true });
  for (const folder of made.toReversed()) removeEmpty(folder);
  // Another process began a task there first.
  if (entryAt(path) !== undefined) hideFromGit(path);
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Another process may have begun to use the folder meanwhile: then it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, or gone already: either way not ours to remove.
  }
}

/** A path that leads through a file cannot hold a folder; everything else is said in the system's words. */
function refusal(path: string, error: unknown): Error {
  const file = errnoCode(error) === 'ENOTDIR' ? fileOnTheWay(path) : undefined;
  return file === undefined ? errors.agentDirUnwritable(path, error) : errors.agentDirIsFile(file);
}

function fileOnTheWay(path: string): string | undefined {
  const stats = entryAt(path);
  if (stats !== undefined) return stats.isDirectory() ? undefined : path;
  return dirname(path) === path ? undefined : fileOnTheWay(dirname(path));
}
