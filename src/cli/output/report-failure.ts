import { inspect } from 'node:util';
import { errnoCode, OrchError, reason } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { printable } from '../../core/text/printable.js';
import type { CliContext } from '../options/context.js';

/**
 * Says what ended a command, in one line on stderr (with ORCH_DEBUG=1 also where in the code), and returns its exit
 * code. Only a reader of our output that has gone, as `head` does, is no failure and ends quietly with 0.
 */
export async function reportFailure(error: unknown, { stderr, env }: CliContext): Promise<number> {
  if (errnoCode(error) === 'EPIPE') return ExitCode.ok;
  const debug = env['ORCH_DEBUG'] === '1' ? `${inspect(error)}\n` : '';
  try {
    await stderr.write(`${failureLine(error)}\n${debug}`);
  } catch {
    // stderr has no reader either: only the exit code is left.
  }
  return error instanceof OrchError ? error.exitCode : ExitCode.io;
}

/** `orch: what happened and why — what to do` */
export function failureLine(error: unknown): string {
  if (!(error instanceof OrchError)) return printable(`orch: ${reason(error)} — more with ORCH_DEBUG=1`);
  return printable(`orch: ${error.message}${error.fix === undefined ? '' : ` — ${error.fix}`}`);
}
