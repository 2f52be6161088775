import { existsSync, readlinkSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { errors } from '../errors.js';

/**
 * The working folder of this process, absolute. One that was removed keeps its former path: its parents are still
 * found from there, and a path below it does not exist.
 *
 * @throws OrchError BAD_CWD where the system does not say
 */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    const { PWD: pwd = '' } = process.env;
    const name = removedFolder() ?? pwd;
    if (isAbsolute(name)) return name;
    throw errors.badCwd('the current folder', error);
  }
}

/**
 * The path by which a process can be started in `folder`: its own, or that by which Linux keeps the working folder of this
 * process when it was removed.
 */
export function startFolder(folder: string): string {
  return !existsSync(folder) && removedFolder() === folder ? KEPT : folder;
}

/** Resolved by the process that opens it: a child that enters it before it executes its program finds its parent's. */
const KEPT = '/proc/self/cwd';

/** The name that the working folder had; undefined where it is still there, or there is no Linux /proc. */
function removedFolder(): string | undefined {
  try {
    return /^(.+) \(deleted\)$/s.exec(readlinkSync(KEPT))?.[1];
  } catch {
    return undefined;
  }
}
