import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errnoCode } from '../../core/errors.js';
import { writeNewFile } from '../files/private-file.js';

/** In a task's folder while it runs: space that its last words will need when the disk is full by then. */
const RESERVE_FILE = '.reserve';

/** Events, lines of task.log and of the time index that tell of the end, each file a block or two of its own. */
const LAST_WORDS_BYTES = 16 * 1024;

/**
 * Reserves space for the end of a task, given the size of its manifest in bytes: the final one is written beside the old one.
 * Throws the system's error where there is no such space.
 */
export function takeReserve(folder: string, manifestBytes: number): void {
  try {
    writeNewFile(join(folder, RESERVE_FILE), incompressible(LAST_WORDS_BYTES + 2 * manifestBytes));
  } catch (error) {
    releaseReserve(folder);
    if (errnoCode(error) !== 'EEXIST') throw error;
  }
}

/** Gives the space back, right before it is needed: another writer might take it. */
export function releaseReserve(folder: string): void {
  try {
    rmSync(join(folder, RESERVE_FILE), { force: true });
  } catch {
    // The write is then tried without the reserve.
  }
}

/** Bytes that a file system which compresses cannot make smaller. */
function incompressible(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const fd = openSync('/dev/urandom', 'r');
  try {
    readSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return bytes;
}
