import { ExitCode } from '../core/exit-status.js';
import type { Recording } from '../view/recording.js';
import type { CliContext } from './context.js';
import { failureLine } from './report-failure.js';

/** Says what was found wrong, and what a command that reads ends with. */
export async function ending(
  problems: readonly string[],
  signal: AbortSignal,
  { stderr }: CliContext,
): Promise<number> {
  if (signal.aborted) return ExitCode.interrupted;
  for (const problem of problems) await stderr.write(`${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}

/** What is wrong with a recording before its bytes are read. */
export function problemsOf({ entry, times }: Recording): string[] {
  const unreadable = entry.type === 'unreadable' ? [failureLine(entry.problem)] : [];
  return times.problem === undefined ? unreadable : [...unreadable, `orch: ${times.problem}`];
}
