/** What the notation `-b, --backend <backend>` says. */
export interface OptionFlags {
  /** Without dashes. */
  readonly long: string;
  readonly short: string | undefined;
  readonly value: 'needed' | 'optional' | 'none';
  /** What the value is called: `backend`. */
  readonly placeholder: string | undefined;
}

/** Reads the notation in which help shows a flag; throws where it is not one this command line knows. */
export function optionFlags({ flags }: { readonly flags: string }): OptionFlags {
  const match = /^(?:-(\w), )?--([a-z][a-z-]*)(?: <([^>]+)>|\[=<([^>]+)>\])?$/.exec(flags);
  const long = match?.[2];
  if (long === undefined) throw new Error(`Not the notation of an option: ${flags}`);
  const [, short, , needed, optional] = match ?? [];
  const value = needed !== undefined ? 'needed' : optional !== undefined ? 'optional' : 'none';
  return { long, short, value, placeholder: needed ?? optional };
}
