import { isTaskFile } from '../layout/task-files.js';
import { isTaskId } from '../layout/task-folder.js';

/** The path in an archive of the folder of a task, or of a file in it. */
export function archivePath(id: string, name = ''): string {
  return `${id}/${name}`;
}

/** Reads such a path; `name`: undefined for the folder. What it is not: `no task`, `no file of a task`. */
export function readArchivePath(
  path: string,
): { readonly id: string; readonly name: string | undefined } | 'no task' | 'no file of a task' {
  const [, id = '', name = ''] = /^(?:\.\/)?([^/]+)\/([^/]*)$/.exec(path) ?? [];
  if (!isTaskId(id)) return 'no task';
  if (name === '') return { id, name: undefined };
  return isTaskFile(name) ? { id, name } : 'no file of a task';
}
