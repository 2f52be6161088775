import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { errors } from '../../core/errors.js';
import type { AgentDirQuery } from '../../store/layout/agent-dir.js';
import type { CommandLine, OptionSpec } from './command.js';
import type { CliContext } from './context.js';

export const agentDirOption: OptionSpec = {
  flags: '--dir <folder>',
  description: 'the folder of recordings (else ORCH_DIR, else the nearest .agent)',
};

/** Which folder of recordings a line means. An empty ORCH_DIR counts as unset, an empty `--dir` as a mistake. */
export function agentDirQuery({ options }: Pick<CommandLine, 'options'>, { cwd, env }: CliContext): AgentDirQuery {
  const dir = options.text('dir');
  if (dir === '') throw errors.badArgument('--dir is empty', 'name a folder, or leave it out');
  const named = dir ?? (env['ORCH_DIR'] === '' ? undefined : env['ORCH_DIR']);
  // Else it would be made anew, around what is to be recorded.
  if (named !== undefined && !isAbsolute(named) && !existsSync(cwd)) throw errors.badCwd(cwd, 'it was removed');
  return { cwd, dir: named };
}
