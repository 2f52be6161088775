import { parseSize, type TerminalSize } from '../../core/terminal/size.js';
import { exitStatusOf, type ExitStatus } from '../../core/exit-status.js';
import { definedOnly } from '../../core/process/environment.js';
import { type ChildProcess, spawn } from '../../core/process/spawn.js';
import type { CliContext } from '../options/context.js';

/** The hidden command that starts a host; behind it come how, and the words of `orch run`. */
export const HOST_COMMAND = 'host';

/** How a host begins. */
export type HostBeginning =
  /** With no client: it prints the id of its task on stdout when the agent runs. */
  | { readonly type: 'detached' }
  /** With a client, at descriptor 3, for whose terminal of this size the agent is started. */
  | { readonly type: 'attended'; readonly size: TerminalSize };

/** The descriptor at which a host has its first client. */
export const FIRST_CLIENT_FD = 3;

const DETACHED = 'detached';

export interface HostProcess {
  readonly child: ChildProcess;
  /** How it ended; rejects with the system's error where it could not be started. */
  readonly ended: Promise<ExitStatus>;
}

/** What the three streams of a host are, and its descriptor 3. */
export type HostStreams = readonly ('inherit' | 'pipe' | 'ignore')[];

/**
 * Starts a host in a session of its own: `words` are those of `orch run`. It runs in the working folder of this process, also where
 * that was removed.
 */
export function startHostProcess(
  words: readonly string[],
  beginning: HostBeginning,
  stdio: HostStreams,
  { execPath, script, env }: CliContext,
): HostProcess {
  const how = beginning.type === 'detached' ? DETACHED : `${beginning.size.cols}x${beginning.size.rows}`;
  const child = spawn(execPath, [script, HOST_COMMAND, how, ...words], {
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

/** What {@link startHostProcess} has said in front of the words; undefined where it is not that. */
export function beginningOf(how: string | undefined): HostBeginning | undefined {
  if (how === DETACHED) return { type: 'detached' };
  const size = how === undefined ? undefined : parseSize(how);
  return size && { type: 'attended', size };
}
