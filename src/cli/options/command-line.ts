import { type Command, type ParsedLine, type GivenOptions, type OptionSpec, OptionValues } from './command.js';
import { optionFlags } from '../../settings/option-flags.js';

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
  command: Pick<Command, 'takesCommand'>,
  words: readonly string[],
  operands: readonly string[],
  after: readonly string[] | undefined,
  values: GivenOptions,
): ParsedLine {
  const options = new OptionValues(values);
  return command.takesCommand === true
    ? { words, operands, rest: after, options }
    : { words, operands: [...operands, ...(after ?? [])], rest: undefined, options };
}

/**
 * Takes `--name=value` of the options that may stand without a value out of `args`. Parsers know no such option: to one it
 * has none, to another the next word is its value.
 */
export function takeOptionalValues(
  specs: readonly OptionSpec[],
  args: readonly string[],
): { readonly rest: readonly string[]; readonly values: GivenOptions } {
  const values: GivenOptions = new Map();
  const names = specs.map(optionFlags).flatMap(({ long, value }) => (value === 'optional' ? [long] : []));
  const rest = args.filter((arg) => {
    const name = names.find((candidate) => arg.startsWith(`--${candidate}=`));
    if (name === undefined) return true;
    give(values, name, arg.slice(name.length + 3));
    return false;
  });
  return { rest, values };
}

export function give(values: GivenOptions, name: string, value: string | true): void {
  values.set(name, [...(values.get(name) ?? []), value]);
}

/** The value that is none of an option's choices, if one is. */
export function badChoice(
  specs: readonly OptionSpec[],
  values: GivenOptions,
): { readonly spec: OptionSpec; readonly value: string } | undefined {
  for (const spec of specs) {
    const { choices } = spec;
    if (choices === undefined) continue;
    for (const value of values.get(optionFlags(spec).long) ?? []) {
      if (value !== true && !choices.includes(value)) return { spec, value };
    }
  }
  return undefined;
}

/** What is wrong with the number of operands, if anything. */
export function operandProblem(
  command: Pick<Command, 'name' | 'usage' | 'operands'>,
  { operands }: ParsedLine,
): string | undefined {
  const { min, max } = command.operands;
  if (operands.length < min) return `orch ${command.name} needs ${command.usage}`;
  const surplus = operands[max];
  return surplus === undefined ? undefined : `orch ${command.name} takes no '${surplus}'`;
}
