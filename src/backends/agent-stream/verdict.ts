import { constants } from 'node:os';
import { type ExitStatus, shellExitCode, signalName } from '../../core/exit-status.js';
import type { ResultEvent } from './events.js';
import { oneLine } from './safe-text.js';

/** The verdict of a session, and its exit code. */
export interface StreamVerdict {
  readonly type: 'done' | 'denied' | 'failed';
  readonly exitCode: number;
  /** For people: `done`, `failed: api_error 529`. Holds words of the agent as they came. */
  readonly words: string;
}

export interface StreamEnding {
  /** The last result line; undefined where the stream ended without one. */
  readonly result: ResultEvent | undefined;
  readonly program: ExitStatus;
  /** The number of the signal that this program got while the agent ran; 0 for none. */
  readonly interrupted: number;
}

/** With these a person, or the system, ends a session. */
const INTERRUPTS: ReadonlySet<number> = new Set([
  constants.signals.SIGHUP,
  constants.signals.SIGINT,
  constants.signals.SIGTERM,
]);

/** The exit code where the agent failed with an exit code of 0. */
const FAILED = 1;

/**
 * Whether the agent did what it was asked, which its exit code does not say (docs/agent-stream.md): 0 only if its
 * result line says that there was no error, nothing was refused to it, and it ended with 0.
 */
export function judge({ result, program, interrupted }: StreamEnding): StreamVerdict {
  const own = shellExitCode(program);
  const refused =
    result === undefined || result.denied.length === 0 ? '' : `permission denied: ${tally(result.denied)}`;
  const ended = program.signal === 0 ? `exit code ${own}` : (signalName(program.signal) ?? `signal ${program.signal}`);
  if (result?.isError === false) {
    if (own !== 0) return { type: 'failed', exitCode: own, words: `failed after its result: ${ended}` };
    if (refused !== '') return { type: 'denied', exitCode: FAILED, words: refused };
    return { type: 'done', exitCode: 0, words: 'done' };
  }
  // A signal that came to both may have ended the agent before it was seen here.
  const interrupt = interrupted === 0 && INTERRUPTS.has(program.signal) ? program.signal : interrupted;
  if (interrupt !== 0) {
    // claude ends with 0 at SIGINT.
    const exitCode = own === 0 ? 128 + interrupt : own;
    return { type: 'failed', exitCode, words: `interrupted by ${signalName(interrupt) ?? `signal ${interrupt}`}` };
  }
  const exitCode = own === 0 ? FAILED : own;
  if (result === undefined) return { type: 'failed', exitCode, words: `ended without a result: ${ended}` };
  const why = oneLine([result.reason, result.httpStatus].filter((value) => value !== undefined).join(' '));
  const words = [`failed: ${why === '' ? 'the result does not say why' : why}`, ...(refused === '' ? [] : [refused])];
  return { type: 'failed', exitCode, words: words.join('; ') };
}

/** `Bash (2), Write` */
function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`)).join(', ');
}
