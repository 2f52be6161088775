import { errors } from '../../core/errors.js';
import { shellExitCode, signalName } from '../../core/exit-status.js';
import type { CliContext } from '../options/context.js';
import { startHostProcess } from './host-process.js';

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

export interface StarterStreams {
  /** What it reads; undefined: what we do. */
  readonly stdin: string | undefined;
  /** Called with each line of its stderr; undefined: it has ours, until the agent runs. */
  readonly onSaid: ((line: string) => void) | undefined;
}

/** Starts the host of one task, one that prints the id of that: see startHostProcess. */
export function launchHost(
  words: readonly string[],
  { stdin, onSaid }: StarterStreams,
  context: CliContext,
): LaunchedHost {
  const own = stdin === undefined ? 'inherit' : 'pipe';
  const { child, ended } = startHostProcess(words, [own, 'pipe', onSaid === undefined ? 'inherit' : 'pipe'], context);
  const { stdin: input, stdout: output, stderr: said } = child;
  // It may end before it has read all.
  input?.on('error', () => undefined);
  input?.end(stdin);
  if (onSaid !== undefined) said?.setEncoding('utf8').on('data', linesTo(onSaid));
  let id = '';
  let isKilled = false;
  output?.setEncoding('utf8').on('data', (text: string) => (id += text));
  // Behind all that it has said.
  const closed = new Promise<void>((resolve) => child.once('close', resolve));
  const code = ended.then(async (status) => {
    await closed;
    if (id === '' && status.signal !== 0 && !isKilled)
      throw errors.hostEndedAtStart(signalName(status.signal) ?? `signal ${status.signal}`);
    return shellExitCode(status);
  });
  // It closes its stdout when the agent runs.
  const letGo = new Promise<void>((resolve) => output?.once('end', resolve));
  const started = Promise.race([letGo, code]).then(() => (id === '' ? undefined : id.trim()));
  return {
    started,
    ended: code,
    kill: (signal) => {
      isKilled = true;
      child.kill(signal);
    },
    leave: () => {
      child.unref();
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
