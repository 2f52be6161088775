import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { getBuiltinModule, platform } from 'node:process';
import { reason } from '../core/errors.js';
import { PRIVATE_FOLDER_MODE } from '../store/files/private-file.js';

/** In a task's folder. */
const SOCKET_FILE = 'host.sock';

/** The bytes that sockaddr_un.sun_path holds in front of its NUL (unix(7), unix(4) of macOS). Node 20 and 22 cut a longer path without a word. */
const MAX_PATH_BYTES = platform === 'darwin' ? 103 : 107;

/**
 * Where the host of the task in `folder` listens: in that folder, or, where its path is too long for a socket, in a folder of the
 * user's own that has a short one. Throws where that cannot be had.
 */
export function socketPlace(folder: string, env: Readonly<Record<string, string | undefined>>): string {
  const own = join(folder, SOCKET_FILE);
  if (fits(own)) return own;
  const runtime = env['XDG_RUNTIME_DIR'];
  const base =
    runtime === undefined || runtime === '' ? join(tmpdir(), `orch-${userInfo().uid}`) : join(runtime, 'orch');
  // Most paths are short, and crypto takes a while to load.
  const hash = getBuiltinModule('node:crypto').createHash('sha256').update(realpathSync(folder)).digest('hex');
  const short = join(base, `${hash.slice(0, 24)}.sock`);
  if (!fits(short))
    throw new Error(`${own} and ${short} are too long for a socket, which takes ${MAX_PATH_BYTES} bytes`);
  makePrivate(base);
  return short;
}

/** Whether a path is short enough for a socket to be made or reached there. */
export function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_PATH_BYTES;
}

/** The temporary folder is everybody's: another user may have made one of this name before. */
function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  } catch (error) {
    throw new Error(`${folder} cannot be made: ${reason(error)}`, { cause: error });
  }
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || stats.uid !== userInfo().uid || (stats.mode & 0o077) !== 0)
    throw new Error(`${folder} is not a folder that you alone may use`);
}
