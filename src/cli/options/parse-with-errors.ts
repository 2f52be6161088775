import { Command as Commander, CommanderError, Option } from 'commander';
import { errors, type OrchError } from '../../core/errors.js';
import type { Command, ParsedLine, Example } from './command.js';
import { insteadOfOption } from './habits.js';
import { badChoice, commandLine, give, operandProblem, splitAtDashes, takeOptionalValues } from './command-line.js';
import { optionFlags } from '../../settings/option-flags.js';

/** Help is for reading on the narrowest terminal people use. */
const HELP_COLUMNS = 80;

/** A line that asks for help: the text for stdout. */
export interface HelpAnswer {
  readonly help: string;
}

/**
 * Parses a line with commander, for what parse.ts leaves to it: help, and mistakes.
 *
 * @throws OrchError BAD_ARGUMENT, with a suggestion where one is near
 */
export function parseWithErrors(command: Command, args: readonly string[]): ParsedLine | HelpAnswer {
  const { before, after } = splitAtDashes(args);
  const { rest, values } = takeOptionalValues(command.options, before);
  const bad = badChoice(command.options, values);
  if (bad !== undefined) {
    const { long } = optionFlags(bad.spec);
    throw errors.badArgument(
      `option '--${long}' argument '${bad.value}' is invalid. Allowed choices are ${bad.spec.choices?.join(', ')}.`,
      `see: orch ${command.name} --help`,
    );
  }
  const commander = new Commander(`orch ${command.name}`)
    .usage(command.usage)
    .description(sentence(command.summary))
    .argument('[operands...]')
    .addHelpText('after', exampleText(command.examples));
  for (const spec of command.options) {
    const { long, value } = optionFlags(spec);
    const option = new Option(value === 'optional' ? spec.flags.replace(/\[.*/, '') : spec.flags, spec.description);
    option.flags = spec.flags;
    if (spec.choices !== undefined && value === 'needed') option.choices(spec.choices);
    commander.addOption(option);
    commander.on(`option:${option.name()}`, (given: string | null) => {
      give(values, long, given ?? true);
    });
  }
  const answer = answerOf(commander, rest, (option) => insteadOfOption(command.name, option));
  if (answer !== undefined) return answer;
  const line = commandLine(command, args, commander.args, after, values);
  const problem = operandProblem(command, line);
  if (problem !== undefined) throw errors.badArgument(problem, `see: orch ${command.name} --help`);
  return line;
}

/**
 * The help that these arguments ask for; undefined where they ask for none. `habit`: what there is in place of an unknown word.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function answerOf(
  commander: Commander,
  args: readonly string[],
  habit: (word: string) => string | undefined,
): HelpAnswer | undefined {
  let help = '';
  const write = (text: string): void => {
    help += text;
  };
  commander.exitOverride().configureOutput({
    writeOut: write,
    writeErr: write,
    getOutHelpWidth: () => HELP_COLUMNS,
    getOutHasColors: () => false,
  });
  try {
    commander.parse(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === 'commander.help') return { help };
    throw mistake(error, commander.name(), habit);
  }
}

export function exampleText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  return ['', 'Examples:', ...examples.map(({ line, does }) => `  ${line.padEnd(width)}  ${does}`)].join('\n');
}

export function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

/** commander's words, as one of ours: without its prefix, its suggestion as the thing to do. */
function mistake(error: CommanderError, name: string, habit: (word: string) => string | undefined): OrchError {
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const [, unknown] = /^unknown (?:command|option) '(.*)'$/.exec(what) ?? [];
  const instead = unknown === undefined ? undefined : habit(unknown);
  if (instead !== undefined) return errors.badArgument(what, instead);
  const meant = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  const see = `see: ${name} --help`;
  return errors.badArgument(what, meant === undefined ? see : `did you mean ${meant}? Else ${see}`);
}
