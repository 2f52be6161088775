/** The parsed notation `-b, --backend <backend>`. */
export interface OptionFlags {
  /** Without dashes. */
  readonly long: string;
  readonly short: string | undefined;
  readonly value: 'needed' | 'optional' | 'none';
  /** The value's name: `backend`. */
  readonly placeholder: string | undefined;
}

/** Parses the notation in which help shows a flag; throws where it is malformed. */
export function optionFlags({ flags }: { readonly flags: string }): OptionFlags {
  const match = /^(?:-(\w), )?--([a-z][a-z-]*)(?: <([^>]+)>|\[=<([^>]+)>\])?$/.exec(flags);
  const long = match?.[2];
  if (long === undefined) throw new Error(`Not the notation of an option: ${flags}`);
  const [, short, , needed, optional] = match ?? [];
  const value = needed !== undefined ? 'needed' : optional !== undefined ? 'optional' : 'none';
  return { long, short, value, placeholder: needed ?? optional };
}
