import { closeSync, constants, futimesSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Entry, extract, type Headers } from 'tar-stream';
import { errnoCode, errors, OrchError, reason } from '../../core/errors.js';
import { PRIVATE_FILE_MODE } from '../files/private-file.js';
import { readArchivePath } from './archive-path.js';

/**
 * Whether a file that begins with `head` is an archive: POSIX and GNU archives say so at byte 257 (tar(5)). Undefined: more of it
 * has to be read. `ended`: there is no more.
 */
export function isArchive(head: Buffer, ended: boolean): boolean | undefined {
  if (head.length < MAGIC_AT + MAGIC.length && !ended) return undefined;
  return head.toString('latin1', MAGIC_AT, MAGIC_AT + MAGIC.length) === MAGIC;
}

/**
 * Unpacks the archive of one task into a folder, byte for byte. Only files of a task are accepted: an archive that holds anything
 * else is refused as a whole. Returns the id of the task; undefined where there is none in it, or it was aborted.
 *
 * @throws OrchError ARCHIVE_REFUSED; what `bytes` throws; the system's error
 */
export async function readArchive(
  bytes: AsyncIterable<Uint8Array>,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const archive = extract();
  const watch = new ArchiveWatch();
  const input = Readable.from(watch.watched(bytes), { objectMode: true });
  input.on('error', (error) => archive.destroy(error));
  input.pipe(archive);
  let task: string | undefined;
  try {
    for await (const entry of archive) {
      watch.progress();
      const { header } = entry;
      const { id, name } = placeOf(header);
      task ??= id;
      if (id !== task) throw errors.archiveRefused(`it holds more than one task: ${task}, ${id}`);
      await writeEntry(entry, name === undefined ? undefined : join(folder, name), { watch, signal });
      if (signal.aborted) return undefined;
    }
  } catch (error) {
    // tar-stream's own errors have no code; those of the system and of the source pass unchanged.
    if (error instanceof OrchError || errnoCode(error) !== undefined) throw error;
    throw errors.archiveRefused(`it is damaged, or not a tar: ${reason(error)}`);
  } finally {
    input.destroy();
  }
  if (!watch.hasEnd) throw errors.archiveRefused('it was cut short');
  return task;
}

/** @throws OrchError ARCHIVE_REFUSED */
function placeOf({ name: path, type, size }: Headers): { readonly id: string; readonly name: string | undefined } {
  const said = JSON.stringify(path.slice(0, MAX_SAID));
  const place = readArchivePath(path);
  if (place === 'no task') throw errors.archiveRefused(`${said} is not in the folder of a task`);
  const isFolder = typeof place === 'object' && place.name === undefined;
  if (isFolder && type === 'directory') return place;
  if (isFolder || place === 'no file of a task') throw errors.archiveRefused(`${said} is not a file of a task`);
  if (type !== 'file' && type !== 'contiguous-file')
    throw errors.archiveRefused(`${said} is a ${type ?? 'strange thing'}`);
  if (!Number.isSafeInteger(size) || (size ?? -1) < 0) throw errors.archiveRefused(`${said} has no size`);
  return place;
}

/** Writes an entry; nothing where `path` is undefined. A file that exists already, under any spelling, is refused. */
async function writeEntry(
  entry: Entry,
  path: string | undefined,
  { watch, signal }: { readonly watch: ArchiveWatch; readonly signal: AbortSignal },
): Promise<void> {
  const fd = path === undefined ? undefined : openNew(path, entry.header.name);
  try {
    for await (const bytes of entry as AsyncIterable<Uint8Array>) {
      if (signal.aborted) return;
      watch.progress();
      if (fd === undefined) continue;
      for (let left = bytes; left.length > 0; ) left = left.subarray(writeSync(fd, left));
    }
    const { mtime } = entry.header;
    // The end of a killed task is known by its files' times alone.
    if (fd !== undefined && mtime !== undefined) futimesSync(fd, mtime, mtime);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function openNew(path: string, name: string): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  try {
    return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE_FILE_MODE);
  } catch (error) {
    throw errnoCode(error) === 'EEXIST' ? errors.archiveRefused(`${JSON.stringify(name)} is in it twice`) : error;
  }
}

/** Checks what tar-stream does not: endless headers, which it would hold in memory, and a missing end. */
class ArchiveWatch {
  #unused = 0;
  #zeros = 0;

  /** The end of an archive is two blocks of zeros. */
  get hasEnd(): boolean {
    return this.#zeros >= END_BYTES;
  }

  /** An entry was produced from the bytes read. */
  progress(): void {
    this.#unused = 0;
  }

  async *watched(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of bytes) {
      this.#unused += this.#ends(chunk) ? 0 : chunk.length;
      if (this.#unused > MAX_UNUSED_BYTES) throw errors.archiveRefused('a header in it has no end');
      yield chunk;
    }
  }

  /** Counts zeros; returns whether the chunk holds nothing else, as behind the end. */
  #ends(chunk: Uint8Array): boolean {
    const last = chunk.findLastIndex((byte) => byte !== 0);
    this.#zeros = last === -1 ? this.#zeros + chunk.length : chunk.length - 1 - last;
    return last === -1;
  }
}

const END_BYTES = 1024;
/** More than any chunk that is on its way, and any header of a name that is taken. */
const MAX_UNUSED_BYTES = 4 * 1024 * 1024;
const MAX_SAID = 80;
const MAGIC = 'ustar';
const MAGIC_AT = 257;
