import { ExitCode } from '../../core/exit-status.js';
import { type MissingRange, missingRangeText } from '../../view/lines/missing-range.js';
import type { RecordedTask } from '../../view/lines/recorded-task.js';
import type { CliContext } from '../options/context.js';
import { failureLine } from './report-failure.js';

/** Prints the problems, and returns the exit code of a command that reads. */
export async function ending(
  problems: readonly string[],
  signal: AbortSignal,
  { stderr }: CliContext,
): Promise<number> {
  if (signal.aborted) return ExitCode.interrupted;
  for (const problem of problems) await stderr.write(`${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}

/** Adds a missing range to `problems`; a range removed on purpose is no problem, and goes to stderr at once. */
export function noteMissing(range: MissingRange, problems: string[], { stderr }: CliContext): void {
  const line = `orch: ${missingRangeText(range)}`;
  if (range.removed) void stderr.write(`${line}\n`);
  else problems.push(line);
}

/** The problems of a recording that show before its bytes are read. */
export function problemsOf({ entry, times }: RecordedTask): string[] {
  const unreadable = entry.type === 'unreadable' ? [failureLine(entry.problem)] : [];
  return times.problem === undefined ? unreadable : [...unreadable, `orch: ${times.problem}`];
}
