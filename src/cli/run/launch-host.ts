import { errors } from '../../core/errors.js';
import { exitStatusOf, shellExitCode, signalName } from '../../core/exit-status.js';
import { definedOnly } from '../../core/process/environment.js';
import { spawn } from '../../core/process/spawn.js';
import type { CliContext } from '../options/context.js';

/** The host of a task, as its starter has it. */
export interface LaunchedHost {
  /** Resolves with the id of its task when the agent runs; with undefined when it has ended before, and has said why. */
  readonly started: Promise<string | undefined>;
  /** Resolves with its exit code. Rejects where it could not be started, or was killed by others before the agent ran. */
  readonly ended: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** It goes on, and is not waited for any more. */
  leave(): void;
}

export interface HostStreams {
  /** What it reads; undefined: what we do. */
  readonly stdin: string | undefined;
  /** Called with each line of its stderr; undefined: it has ours, until the agent runs. */
  readonly onSaid: ((line: string) => void) | undefined;
}

/** Starts the host of one task: orch once more, with these words, in a session of its own. */
export function launchHost(
  words: readonly string[],
  { stdin, onSaid }: HostStreams,
  { execPath, script, cwd, env }: CliContext,
): LaunchedHost {
  const host = spawn(execPath, [script, ...words], {
    cwd,
    env: definedOnly(env),
    detached: true,
    stdio: [stdin === undefined ? 'inherit' : 'pipe', 'pipe', onSaid === undefined ? 'inherit' : 'pipe'],
  });
  const { stdin: input, stdout: output, stderr: said } = host;
  // It may end before it has read all.
  input?.on('error', () => undefined);
  input?.end(stdin);
  if (onSaid !== undefined) said?.setEncoding('utf8').on('data', linesTo(onSaid));
  let id = '';
  let isKilled = false;
  output?.setEncoding('utf8').on('data', (text: string) => (id += text));
  const closed = new Promise<number>((resolve, reject) => {
    host.once('error', reject);
    // Behind all that it has said.
    host.once('close', (code, signal) => {
      const status = exitStatusOf(code, signal);
      if (id === '' && signal !== null && !isKilled)
        reject(errors.hostEndedAtStart(signalName(status.signal) ?? signal));
      else resolve(shellExitCode(status));
    });
  });
  // It closes its stdout when the agent runs.
  const letGo = new Promise<void>((resolve) => output?.once('end', resolve));
  const started = Promise.race([letGo, closed]).then(() => (id === '' ? undefined : id.trim()));
  return {
    started,
    ended: closed,
    kill: (signal) => {
      isKilled = true;
      host.kill(signal);
    },
    leave: () => {
      host.unref();
      for (const stream of [input, output, said]) stream?.destroy();
    },
  };
}

/** Calls `onLine` with each whole line of the text that comes. */
function linesTo(onLine: (line: string) => void): (text: string) => void {
  let unfinished = '';
  return (text) => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
