import { existsSync, readlinkSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { errors } from '../errors.js';

/**
 * The working folder of this process, absolute. Of one that was removed it is the name it had: what lies above it is still
 * found from there, and a path below it does not exist.
 *
 * @throws OrchError BAD_CWD where the system does not tell
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
 * The path by which a process can be started in `folder`: its own, and that by which Linux keeps the working folder of this
 * process when it was removed.
 */
export function startFolder(folder: string): string {
  return !existsSync(folder) && removedFolder() === folder ? KEPT : folder;
}

/** Of whichever process looks: so a child that enters it before it executes its program finds its parent's. */
const KEPT = '/proc/self/cwd';

/** The name that the working folder had; undefined where it is still there, or there is no Linux /proc. */
function removedFolder(): string | undefined {
  try {
    return /^(.+) \(deleted\)$/s.exec(readlinkSync(KEPT))?.[1];
  } catch {
    return undefined;
  }
}
