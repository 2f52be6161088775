import { errors } from '../../core/errors.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { agentDirOption } from '../options/agent-dir-option.js';

export const importCommand: Command = {
  name: 'import',
  summary: 'create a task from a recording, or from another machine',
  usage: '[options] <FILE|->',
  operands: { min: 1, max: 1 },
  options: [
    { flags: '--timing <file>', description: 'the timing file that script(1) wrote with the typescript' },
    { flags: '--name <name>', description: "the name of the task (default: the recording's title)" },
    { flags: '--cols <n>', description: "the terminal's width at the start (default: the file's, else 80)" },
    { flags: '--rows <n>', description: "and its height (default: the file's, else 24)" },
    agentDirOption,
  ],
  examples: [
    { line: 'orch import session.cast', does: 'an asciicast, or what ttyrec wrote' },
    { line: 'orch import --timing T typescript', does: 'a session of script(1), at its times' },
    { line: 'make 2>&1 | orch import -', does: 'any output' },
    { line: 'orch import nightly.tar', does: 'a task from another machine, unchanged' },
  ],
  run: async (line: ParsedLine, context: CliContext): Promise<number> => {
    const [file = ''] = line.operands;
    if (file === '-' && context.stdin.isTTY)
      throw errors.badArgument('there is nothing to import', 'orch import FILE, or COMMAND | orch import -');
    if (line.options.text('timing') === '-') throw errors.badArgument('--timing cannot be stdin', 'name a file');
    // Loaded only here: every format that can be imported.
    const { runImport } = await import('../transfer/import-file.js');
    return runImport(file, line, context);
  },
};
