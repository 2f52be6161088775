import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { errnoCode } from '../core/errors.js';
import { foldersUpward } from '../core/process/folders-upward.js';
import { type Config, NO_CONFIG } from './config.js';

const CONFIG_FILE = 'orch.yml';

/**
 * The settings of the nearest orch.yml, from `cwd` (absolute) upward. Where there is none, the usual case, nothing is
 * loaded to read it.
 *
 * @throws OrchError CONFIG_INVALID, with the line and the key; CONFIG_UNREADABLE, CONFIG_FOREIGN
 */
export async function loadConfig(cwd: string): Promise<Config> {
  const path = findConfig(cwd);
  if (path === undefined) return NO_CONFIG;
  const { readConfig } = await import('./read-config.js');
  return readConfig(path, relative(cwd, path));
}

/** Anything with the name counts, so that a mistake is reported and not ignored. */
function findConfig(cwd: string): string | undefined {
  for (const folder of foldersUpward(cwd)) {
    const path = join(folder, CONFIG_FILE);
    if (isThere(path)) return path;
  }
  return undefined;
}

/** A folder that may not be searched counts as empty. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return errnoCode(error) === 'ELOOP';
  }
}
