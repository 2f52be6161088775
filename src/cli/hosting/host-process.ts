import { exitStatusOf, type ExitStatus } from '../../core/exit-status.js';
import { definedOnly } from '../../core/process/environment.js';
import { type ChildProcess, spawn } from '../../core/process/spawn.js';
import type { CliContext } from '../options/context.js';

/** The descriptor at which a host has its first client. */
export const FIRST_CLIENT_FD = 3;

export interface HostProcess {
  readonly child: ChildProcess;
  /** How it ended; rejects with the system's error where it could not be started. */
  readonly ended: Promise<ExitStatus>;
}

/** What the three streams of a host are, and its descriptor 3. */
export type HostStreams = readonly ('inherit' | 'pipe' | 'ignore')[];

/**
 * Starts the host of one task, orch once more, in a session of its own: `words` are those of `orch run` behind those that ask for a host.
 * It runs in the working folder of this process, also where that was removed.
 */
export function startHostProcess(
  words: readonly string[],
  stdio: HostStreams,
  { execPath, script, env }: CliContext,
): HostProcess {
  const child = spawn(execPath, [script, ...words], {
    env: definedOnly(env),
    detached: true,
    stdio: [...stdio],
  });
  const ended = new Promise<ExitStatus>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(exitStatusOf(code, signal));
    });
  });
  // A failure is reported where it is awaited.
  ended.catch(() => undefined);
  return { child, ended };
}
