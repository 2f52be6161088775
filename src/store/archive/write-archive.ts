import { createReadStream, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { errors } from '../../core/errors.js';
import { MANIFEST_FILE } from '../layout/manifest.js';
import { isTaskFile } from '../layout/task-files.js';
import type { TaskFolder } from '../layout/task-folder.js';
import { archivePath } from './archive-path.js';

/**
 * The folder of a task as it is, in an archive that tar(1) reads; the manifest last, so that what was cut short lacks it.
 * `onProgress` is called with the share done, 0 to 1.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export async function* writeArchive(
  { id, path }: TaskFolder,
  { onProgress, signal }: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array, void, void> {
  const files = filesOf(path);
  const total = files.reduce((sum, { stats }) => sum + stats.size, 1);
  const archive = pack();
  const filled = fill(archive, { id, path, files, signal });
  // Awaited below: until then a rejection has no other handler.
  filled.catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  let done = 0;
  for await (const bytes of archive as AsyncIterable<Uint8Array>) {
    if (signal.aborted) return;
    done += bytes.length;
    onProgress(done / total);
    yield bytes;
  }
  await filled;
}

interface TaskFile {
  readonly name: string;
  readonly stats: Stats;
}

/** Files of the task's alone: nothing a link leads to, and nothing others have put there. */
function filesOf(path: string): readonly TaskFile[] {
  try {
    const names = readdirSync(path).filter(isTaskFile).sort();
    return [...names.filter((name) => name !== MANIFEST_FILE), ...names.filter((name) => name === MANIFEST_FILE)]
      .map((name) => ({ name, stats: lstatSync(join(path, name)) }))
      .filter(({ stats }) => stats.isFile());
  } catch (error) {
    throw errors.logUnreadable(path, error);
  }
}

type Archive = ReturnType<typeof pack>;

async function fill(
  archive: Archive,
  task: {
    readonly id: string;
    readonly path: string;
    readonly files: readonly TaskFile[];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { id, path, files, signal } = task;
  archive.entry({ name: archivePath(id), type: 'directory', mode: 0o700 });
  for (const { name, stats } of files) {
    if (signal.aborted) break;
    await addFile(archive, join(path, name), { name: archivePath(id, name), stats });
  }
  archive.finalize();
}

/** As many bytes as the header says, though the file may have grown since; fewer are an error. */
async function addFile(
  archive: Archive,
  path: string,
  { name, stats: { size, mode, mtime } }: { readonly name: string; readonly stats: Stats },
): Promise<void> {
  const entry = archive.entry({ name, size, mode: mode & 0o777, mtime });
  // Of an empty file `end` would be in front of its beginning.
  const bytes = size === 0 ? Readable.from([]) : createReadStream(path, { end: size - 1 });
  await pipeline(bytes, entry);
}
