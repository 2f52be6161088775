import { errors, OrchError } from '../../core/errors.js';
import { readArchive } from '../../store/archive/read-archive.js';
import type { Manifest } from '../../store/layout/manifest.js';
import { readManifest } from '../../store/layout/manifest-reader.js';
import { makeStagingFolder } from '../../store/layout/staging-folder.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
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
    const id = await readArchive(bytes, folder.path, signal);
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
