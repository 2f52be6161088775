import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { errors } from '../core/errors.js';
import { isForeign } from '../core/process/foreign-owner.js';
import { type Config, NO_CONFIG } from './config.js';
import { readConfigValue } from './config-shape.js';
import { readDocuments } from './document.js';
import { readText, type TextFile } from './read-text.js';
import { refuse } from './value.js';

/** Room for thousands of backends; a file made to be slow takes seconds at most. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads an orch.yml. One of another user is refused: it would let that user run programs as anyone who works below it. A
 * user who can only write to the folder cannot create a file of another owner. `name` is its name in messages. An empty
 * file sets nothing.
 *
 * @throws OrchError CONFIG_INVALID, with the line and the key; CONFIG_UNREADABLE, CONFIG_FOREIGN
 */
export function readConfig(path: string, name: string): Config {
  const file = readText(path, name, MAX_BYTES);
  // The link's owner counts, too: a link of another user may point to a file that the user made for another folder.
  if (isForeign(file.owner) || isForeign(lstatSync(path).uid)) throw errors.configForeign(name);
  return configIn(file, dirname(path));
}

/** What the text of an orch.yml that stands in `folder` says. @throws OrchError CONFIG_INVALID */
export function configIn(file: TextFile, folder: string): Config {
  const [document, second] = readDocuments(file);
  if (second !== undefined)
    throw refuse(second, 'a second document begins here', 'orch.yml is a single document: remove the ---');
  if (document === undefined || document.type === 'nothing') return { ...NO_CONFIG, file: file.name };
  return readConfigValue(document, { folder, file: file.name });
}
