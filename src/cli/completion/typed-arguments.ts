import { type Command, type GivenOptions, type OptionSpec, OptionValues } from '../options/command.js';
import { give } from '../options/command-line.js';
import { type OptionFlags, optionFlags } from '../../settings/option-flags.js';

/** The arguments in front of the word that is being typed. */
export interface TypedArguments {
  /** The option whose value is being typed. */
  readonly awaiting: OptionSpec | undefined;
  /** How many operands there are, those behind `--` included. */
  readonly operands: number;
  /** Where the first `--` is. */
  readonly dashesAt: number | undefined;
  readonly options: OptionValues;
}

/** Reads a line that has no end yet. A parser would refuse most of these; here what is wrong is passed over. */
export function typedArguments(command: Command, words: readonly string[]): TypedArguments {
  const values: GivenOptions = new Map();
  let awaiting: OptionSpec | undefined;
  let operands = 0;
  for (const [at, word] of words.entries()) {
    if (word === '--') {
      const behind = words.length - at - 1;
      return { awaiting: undefined, operands: operands + behind, dashesAt: at, options: new OptionValues(values) };
    }
    if (awaiting !== undefined) {
      give(values, optionFlags(awaiting).long, word);
      awaiting = undefined;
    } else if (word.startsWith('-') && word !== '-') {
      const option = optionIn(command, word);
      if (option?.value === undefined) awaiting = option?.spec;
      else give(values, optionFlags(option.spec).long, option.value);
    } else {
      operands++;
    }
  }
  return { awaiting, operands, dashesAt: undefined, options: new OptionValues(values) };
}

/** The option of a word that has a value, in the word or behind it. */
export interface OptionWithValue {
  readonly spec: OptionSpec;
  /** The word up to the value: `--dir=`, `-b`, `-qb`. */
  readonly head: string;
  /** Undefined where the value is the next word. */
  readonly value: string | undefined;
}

/** Undefined where the word has no option that takes a value. */
export function optionIn({ options }: Command, word: string): OptionWithValue | undefined {
  const find = (wanted: (flags: OptionFlags) => boolean): OptionSpec | undefined =>
    options.find((option) => wanted(optionFlags(option)));
  if (word.startsWith('--')) {
    const [head = '', name] = /^--([^=]*)=/.exec(word) ?? [];
    if (name !== undefined) {
      const spec = find(({ long, value }) => long === name && value !== 'none');
      return spec === undefined ? undefined : { spec, head, value: word.slice(head.length) };
    }
    const spec = find(({ long, value }) => long === word.slice(2) && value === 'needed');
    return spec === undefined ? undefined : { spec, head: word, value: undefined };
  }
  for (let at = 1; at < word.length; at++) {
    const spec = find(({ short, value }) => short === word[at] && value === 'needed');
    if (spec === undefined) continue;
    return { spec, head: word.slice(0, at + 1), value: at + 1 === word.length ? undefined : word.slice(at + 1) };
  }
  return undefined;
}
