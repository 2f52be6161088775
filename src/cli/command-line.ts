import { type Command, type CommandLine, OptionValues } from './command.js';

/** Arguments in front of the first `--`, and those behind it; undefined without one. */
export interface SplitArguments {
  readonly before: readonly string[];
  readonly after: readonly string[] | undefined;
}

/** Done before any parser sees the arguments, so that nothing behind `--` can be taken for an option. */
export function splitAtDashes(args: readonly string[]): SplitArguments {
  const at = args.indexOf('--');
  return at === -1 ? { before: args, after: undefined } : { before: args.slice(0, at), after: args.slice(at + 1) };
}

/** The line a parser has understood: `operands` and `values` from in front of `--`, and what was behind it. */
export function commandLine(
  command: Command,
  operands: readonly string[],
  after: readonly string[] | undefined,
  values: ReadonlyMap<string, string | true>,
): CommandLine {
  const options = new OptionValues(values);
  return command.takesCommand === true
    ? { operands, rest: after, options }
    : { operands: [...operands, ...(after ?? [])], rest: undefined, options };
}

/** What is wrong with the number of operands, if anything. */
export function operandProblem(command: Command, { operands }: CommandLine): string | undefined {
  const { min, max } = command.operands;
  if (operands.length < min) return `orch ${command.name} needs ${command.usage}`;
  const surplus = operands[max];
  return surplus === undefined ? undefined : `orch ${command.name} has no use for '${surplus}'`;
}
