import type { OptionSpec } from './command.js';

/** What the notation `-b, --backend <name>` says. */
export interface OptionFlags {
  /** Without dashes. */
  readonly long: string;
  readonly short: string | undefined;
  readonly value: 'needed' | 'optional' | 'none';
}

/** Reads {@link OptionSpec.flags}; throws where the notation is not one this command line knows. */
export function optionFlags({ flags }: OptionSpec): OptionFlags {
  const match = /^(?:-(\w), )?--([a-z][a-z-]*)( <[^>]+>|\[=<[^>]+>\])?$/.exec(flags);
  const long = match?.[2];
  if (long === undefined) throw new Error(`Not the notation of an option: ${flags}`);
  const value = match?.[3] === undefined ? 'none' : match[3].startsWith('[') ? 'optional' : 'needed';
  return { long, short: match?.[1], value };
}
