import { Command as Commander } from 'commander';
import { orchVersion } from '../core/version.js';
import { answerOf, exampleText, type HelpAnswer } from './options/parse-with-errors.js';
import { instead } from './options/habits.js';
import { commandTable } from './command-table.js';

/**
 * Answers a line that names no command: `orch`, `orch --help`, `orch --version`.
 *
 * @throws OrchError BAD_ARGUMENT for an unknown command or flag, with a suggestion where one is near
 */
export function answerWithoutCommand(argv: readonly string[]): HelpAnswer {
  const program = new Commander('orch')
    .usage('COMMAND [options]')
    .description('Run an AI coding agent under a pseudo-terminal, keep every byte it prints, and read it back.')
    .version(orchVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help; after a command, its own')
    .helpCommand(false)
    .addHelpText('after', exampleText(EXAMPLES));
  for (const { name, summary } of commandTable) program.command(name).description(summary);
  return answerOf(program, argv, instead) ?? { help: program.helpInformation() };
}

const EXAMPLES = [
  { line: 'orch run -b demo', does: 'record a scripted agent: no key, no network' },
  { line: 'orch run -- make test', does: 'record any command' },
  { line: 'orch logs latest --no-ansi', does: 'read what it printed, without redraws' },
  { line: 'orch ls', does: 'see what was recorded' },
];
