import type { ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import type { Resumption } from './resumption.js';

/** A line of `orch run` as it is, or, with `--resume`, completed by the task that it names. @throws OrchError of that */
export async function resumedLine(
  line: ParsedLine,
  context: CliContext,
): Promise<Omit<Resumption, 'resumes'> & Partial<Resumption>> {
  if (!line.options.has('resume')) return { line, context };
  // Few runs need it, and it takes a while to load.
  return (await import('./resumption.js')).resumption(line, context);
}
