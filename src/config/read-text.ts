import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errors } from '../core/errors.js';

/** The text of a file, and where it is. */
export interface TextFile {
  /** Its name in messages: relative to the working folder. */
  readonly name: string;
  readonly text: string;
  /** The user it belongs to. */
  readonly owner: number;
}

/**
 * Reads a text file: UTF-8, without its byte order mark, of at most `maxBytes`.
 *
 * @throws OrchError CONFIG_UNREADABLE; CONFIG_INVALID, with the line, for what is no text
 */
export function readText(path: string, name: string, maxBytes: number): TextFile {
  const { bytes, owner } = readBytes(path, name, maxBytes);
  if (!isUtf8(bytes)) {
    throw errors.configInvalid(`${name}:${lineThatIsNoText(bytes)}:1`, 'this line is not UTF-8', 'save it as UTF-8');
  }
  return { name, text: new TextDecoder().decode(bytes), owner };
}

function readBytes(path: string, name: string, maxBytes: number): { readonly bytes: Buffer; readonly owner: number } {
  let opened: number | undefined;
  try {
    // Opening a pipe without a writer would block.
    opened = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(opened);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > maxBytes) throw new Error(`it has ${stats.size} bytes, more than the limit of ${maxBytes}`);
    return { bytes: readFileSync(opened), owner: stats.uid };
  } catch (error) {
    throw errors.configUnreadable(name, error);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** From 1. No character of UTF-8 has the byte of a newline in it. */
function lineThatIsNoText(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline === -1 || !isUtf8(bytes.subarray(start, newline))) return line;
    start = newline + 1;
  }
}
