import { closeSync, constants, futimesSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Entry, extract, type Headers } from 'tar-stream';
import { errnoCode, errors, OrchError, reason } from '../../core/errors.js';
import { makeStagingFolder } from '../../store/layout/staging-folder.js';
import type { Manifest } from '../../store/layout/manifest.js';
import { readManifest } from '../../store/layout/manifest-reader.js';
import { PRIVATE_FILE_MODE } from '../../store/files/private-file.js';
import { isTaskFile } from '../../store/layout/task-files.js';
import { isTaskId, type TaskFolder } from '../../store/layout/task-folder.js';
import { TaskLog } from '../../store/layout/task-log.js';
import type { ImportSetting } from './import-recording.js';
import { renameTask } from './rename-task.js';

/**
 * Makes a task of an archive of one, as `orch export --format tar` writes it: its files byte for byte, under its own id
 * where that is free. Only files of a task are accepted: an archive that holds anything else is refused as a whole. The
 * task appears complete, in one step; after a failure nothing is left. Undefined: it was aborted.
 *
 * @throws OrchError ARCHIVE_REFUSED, AGENT_DIR_UNWRITABLE; errors of `bytes`; the system's error
 */
export async function unpackTask(
  bytes: AsyncIterable<Uint8Array>,
  { agentDir, clock, importer, source, signal }: ImportSetting,
): Promise<TaskFolder | undefined> {
  const folder = makeStagingFolder(agentDir, { clock, pid: importer.pid });
  try {
    const id = await unpack(bytes, folder.path, signal);
    if (signal.aborted) return undefined;
    if (id === undefined) throw errors.archiveRefused('there is no task in it');
    if (manifestOf(folder.path).id !== id) throw errors.archiveRefused(`its task.json does not belong to ${id}`);
    return folder.become(id, (path, newId) => {
      renameTask(path, newId);
      using log = new TaskLog({ id: newId, path }, clock, () => undefined);
      log.info(`imported from ${source}, where it was ${id}; another task here has that id`);
    });
  } finally {
    folder.discard();
  }
}

/** The id of the task that was in it. */
async function unpack(
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

/** Reads an entry's path: a task's folder, without a `name`, or a file in it. @throws OrchError ARCHIVE_REFUSED */
function placeOf({ name: path, type, size }: Headers): { readonly id: string; readonly name: string | undefined } {
  const [, id = '', name = ''] = /^(?:\.\/)?([^/]+)\/([^/]*)$/.exec(path) ?? [];
  const said = JSON.stringify(path.slice(0, MAX_SAID));
  if (!isTaskId(id)) throw errors.archiveRefused(`${said} is not in the folder of a task`);
  if (name === '' && type === 'directory') return { id, name: undefined };
  if (!isTaskFile(name)) throw errors.archiveRefused(`${said} is not a file of a task`);
  if (type !== 'file' && type !== 'contiguous-file')
    throw errors.archiveRefused(`${said} is a ${type ?? 'strange thing'}`);
  if (!Number.isSafeInteger(size) || (size ?? -1) < 0) throw errors.archiveRefused(`${said} has no size`);
  return { id, name };
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

function manifestOf(folder: string): Manifest {
  try {
    return readManifest(folder);
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    throw errors.archiveRefused(
      'it has no task.json that this orch can read: it was cut short, or a newer orch wrote it',
    );
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
