import { flagsOf } from '../../settings/flag.js';
import { optionFlags } from '../../settings/option-flags.js';
import { runFlags } from '../../settings/run-flags.js';
import { type Command, type GivenOptions, OptionValues, type ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { wordsOf } from '../run/lasting-options.js';
import { runCommand } from './run.js';

/** Which agent it is, and which task, the operand says. */
const LEFT_OUT: ReadonlySet<string> = new Set(['backend', 'prompts', 'parallel', 'speed', 'resume']);

const options = flagsOf(runFlags).filter((flag) => !LEFT_OUT.has(optionFlags(flag).long));

export const resumeCommand: Command = {
  name: 'resume',
  summary: "go on with an agent's session, as a new task",
  usage: '[options] <TASK> [prompt...]',
  operands: { min: 1, max: Infinity },
  options,
  examples: [
    { line: 'orch resume fix-tests', does: 'its own interface, where it left off' },
    { line: 'orch resume latest "now the docs"', does: 'in the same folder, with the same settings' },
    { line: 'orch resume -d latest "go on"', does: 'in the background' },
  ],
  run: resume,
};

/** As `orch run --resume TASK -- PROMPT`: a prompt may begin with a dash. */
async function resume(line: ParsedLine, context: CliContext): Promise<number> {
  const [task = '', ...prompt] = line.operands;
  const values: GivenOptions = new Map([['resume', [task]]]);
  for (const { long } of options.map(optionFlags))
    if (line.options.has(long)) values.set(long, [...line.options.given(long)]);
  const rest = prompt.length === 0 ? undefined : prompt;
  const flags = [...values.keys()].flatMap((long) => wordsOf(new OptionValues(values), long));
  const words = rest === undefined ? flags : [...flags, '--', ...rest];
  return runCommand.run({ words, operands: [], rest, options: new OptionValues(values) }, context);
}
