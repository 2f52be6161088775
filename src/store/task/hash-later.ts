import { resolve } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { nodeEnvironment } from '../../core/process/node-environment.js';
import { spawn } from '../../core/process/spawn.js';
import type { KnownProcess } from '../layout/manifest.js';
import { processStart } from '../layout/process-identity.js';
import type { HashRequest } from './finish-hash.js';

const PROGRAM = fileURLToPath(new URL('./hash-program.js', import.meta.url));

/**
 * Has a process of its own hash a recording that has ended, and look for secrets in it, so that no one waits for that. It leads its own
 * session, and goes on when this process ends. It writes nothing before the manifest names it (`hashing`), and ends without
 * a word when that has another one, or is gone.
 *
 * Throws the system's error where it cannot be started.
 */
export function hashLater(request: HashRequest): KnownProcess {
  const child = spawn(execPath, [PROGRAM], {
    cwd: '/',
    detached: true,
    env: nodeEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined); // Without a pid, which is noticed below.
  child.stdin.on('error', () => undefined);
  const { folder } = request;
  // Not as arguments, which every user of the machine can read.
  child.stdin.end(JSON.stringify({ ...request, folder: { ...folder, path: resolve(folder.path) } }));
  child.unref();
  const { pid } = child;
  const pidStart = pid === undefined ? undefined : processStart(pid);
  if (pid === undefined || pidStart === undefined) throw new Error('the process that hashes it could not be started');
  return { pid, pidStart };
}
