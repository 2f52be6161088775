import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { errors } from '../../core/errors.js';
import { folderFromVariables } from '../../settings/environment.js';
import type { AgentDirQuery } from '../../store/layout/agent-dir.js';
import type { ParsedLine, OptionSpec } from './command.js';
import type { CliContext } from './context.js';

export const agentDirOption: OptionSpec = {
  flags: '--dir <folder>',
  description: 'the folder of recordings (else ORCH_DIR, else the nearest .agent)',
};

/** Which folder of recordings a line means. An empty ORCH_DIR counts as unset, an empty `--dir` as a mistake. */
export function agentDirQuery({ options }: Pick<ParsedLine, 'options'>, { cwd, env }: CliContext): AgentDirQuery {
  return agentDirNamed(options.text('dir') ?? folderFromVariables(env), cwd);
}

/** The folder of recordings called `dir`; undefined: the nearest one. @throws OrchError BAD_ARGUMENT, BAD_CWD */
export function agentDirNamed(dir: string | undefined, cwd: string): AgentDirQuery {
  if (dir === '') throw errors.badArgument('--dir is empty', 'name a folder, or leave it out');
  // Else the folder would be made again, in place of the removed one.
  if (dir !== undefined && !isAbsolute(dir) && !existsSync(cwd)) throw errors.badCwd(cwd, 'it was removed');
  return { cwd, dir };
}
