import { errors } from '../../../core/errors.js';
import { writeArchive } from '../../../store/archive/write-archive.js';
import type { WriteOptions } from '../export-format.js';
import type { ExportSource } from '../export-source.js';

/**
 * The whole task, as it is on disk.
 *
 * @throws OrchError BAD_ARGUMENT for a task that runs, LOG_UNREADABLE
 */
export async function* writeTar(
  { entry, id }: ExportSource,
  options: WriteOptions,
): AsyncGenerator<Uint8Array, void, void> {
  if (entry.type === 'task' && entry.status === 'running')
    throw errors.badArgument(`${id} still runs, and would be cut short`, `wait until it has ended: orch wait ${id}`);
  yield* writeArchive(entry.folder, options);
}
