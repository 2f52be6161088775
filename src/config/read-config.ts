import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { errors } from '../core/errors.js';
import { type Config, NO_CONFIG } from './config.js';
import { readConfigValue } from './config-shape.js';
import { readDocuments } from './document.js';
import { readText, type TextFile } from './read-text.js';
import { refuse } from './value.js';

/** Thousands of backends; and a file made to take long takes seconds. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads an orch.yml. `name` is what messages call it. An empty one says nothing.
 *
 * @throws OrchError CONFIG_INVALID, with the line and the key; CONFIG_UNREADABLE, CONFIG_FOREIGN
 */
export function readConfig(path: string, name: string): Config {
  const file = readText(path, name, MAX_BYTES);
  if (isForeign(file.owner, ownUser())) throw errors.configForeign(name);
  return configIn(file, dirname(path));
}

/** What the text of an orch.yml that stands in `folder` says. @throws OrchError CONFIG_INVALID */
export function configIn(file: TextFile, folder: string): Config {
  const [document, second] = readDocuments(file);
  if (second !== undefined) throw refuse(second, 'a second document begins here', 'orch.yml is one: remove the ---');
  if (document === undefined || document.type === 'nothing') return { ...NO_CONFIG, file: file.name };
  return readConfigValue(document, { folder, file: file.name });
}

/**
 * A file met on the way up that another user owns (`/tmp/orch.yml`, say) would let that user run programs as whoever
 * works below it. Root's files and root itself are trusted.
 */
function isForeign(owner: number, self: number | undefined): boolean {
  return self !== undefined && owner !== self && owner !== 0 && self !== 0;
}

/** Undefined for a user that the system knows by number alone, as in some containers. */
function ownUser(): number | undefined {
  try {
    return userInfo().uid;
  } catch {
    return undefined;
  }
}
