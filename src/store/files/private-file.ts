import { closeSync, constants, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A recording holds what an agent saw, secrets included: files and folders are their owner's alone. */
export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_FOLDER_MODE = 0o700;

/**
 * Opens a file for appending and reading back, made when missing, and returns its descriptor. A symbolic link in its
 * place is refused (`ELOOP`), so that no one can point a recording at another file. Throws the system's error.
 */
export function openForAppend(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  return openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, PRIVATE_FILE_MODE);
}

/**
 * Writes a new file whole; throws `EEXIST` where anything, a dangling link included, has that name already. When it throws (a full
 * disk, say) nothing is left of it.
 */
export function writeNewFile(path: string, text: string | Uint8Array | Iterable<string>): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE_FILE_MODE);
  try {
    for (const piece of typeof text === 'string' || text instanceof Uint8Array ? [text] : text)
      writeFileSync(fd, piece);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

/**
 * Puts `text`, given whole or piece by piece, in the place of `path` in one step (rename(2)): a reader sees the old file
 * or the new one, never half of it. When it throws (a full disk, say) the old file is untouched and nothing is left behind. The data is not
 * forced to the disk: after a power cut the file may be the old one.
 */
export function replaceFile(path: string, text: string | Iterable<string>): void {
  const temporary = `${path}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    writeNewFile(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
