import { readFileSync } from 'node:fs';
import { errnoCode } from '../../core/errors.js';

/** A file's text, or undefined where the system will not give it: for files that a reader can do without. */
export function readTextIfPossible(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The lines that have their line end; what follows the last one is still being written, or was torn. */
export function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

/** The value of a JSON text; undefined, which no JSON text means, where it is not one. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
