import { parseArgs } from 'node:util';
import type { Command, ParsedLine, OptionSpec } from './command.js';
import { badChoice, commandLine, give, operandProblem, splitAtDashes, takeOptionalValues } from './command-line.js';
import { optionFlags } from '../../settings/option-flags.js';

/** What of a command its lines are parsed by. */
export type LineShape = Pick<Command, 'name' | 'usage' | 'operands' | 'takesCommand' | 'options'>;

/**
 * Parses a line that is beyond doubt, in a fraction of the time it takes to load commander: an agent started by
 * `orch run` should not wait for a parser. Undefined for everything else (help, mistakes, unusual spellings), which
 * parse-with-errors.ts then answers; where both understand a line they agree, which a test checks.
 */
export function parse(command: LineShape, args: readonly string[]): ParsedLine | undefined {
  const { before, after } = splitAtDashes(args);
  const { rest, values } = takeOptionalValues(command.options, before);
  const parsed = parseStrictly(command.options, rest);
  if (parsed === undefined) return undefined;
  for (const option of command.options) {
    const { long } = optionFlags(option);
    for (const value of parsed.values[long] ?? []) give(values, long, typeof value === 'string' ? value : true);
  }
  const line = commandLine(command, args, parsed.positionals, after, values);
  const problem = badChoice(command.options, values) ?? operandProblem(command, line);
  return problem === undefined ? line : undefined;
}

function parseStrictly(specs: readonly OptionSpec[], before: readonly string[]) {
  const options = Object.fromEntries(
    specs.map(optionFlags).map(({ long, short, value }) => {
      const type = value === 'needed' ? ('string' as const) : ('boolean' as const);
      return [long, short === undefined ? { type, multiple: true as const } : { type, short, multiple: true as const }];
    }),
  );
  try {
    const parsed = parseArgs({ args: [...before], options, allowPositionals: true, strict: true, tokens: true });
    // It takes `-q-x` for `-q -- -x`. There is no `--` here, so where it sees one the line is not beyond doubt.
    return parsed.tokens.some(({ kind }) => kind === 'option-terminator') ? undefined : parsed;
  } catch {
    return undefined;
  }
}
