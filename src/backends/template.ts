/** Placeholders that the arguments of a command may hold. */
export const PLACEHOLDERS = ['prompt', 'promptFile'] as const;

/** Those of a command that goes on with a session. */
export const RESUME_PLACEHOLDERS = [...PLACEHOLDERS, 'session'] as const;

/** The placeholders of `names` that are anywhere in `args`. */
export function placeholdersIn<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): ReadonlySet<Name> {
  return new Set(args.flatMap((arg) => names.filter((name) => arg.includes(`{${name}}`))));
}

/**
 * `args` with each placeholder, by the names of `values`, replaced by its value, literally: no shell reads it, and nothing in it is a
 * placeholder again. An argument with one that stands for nothing is left out.
 */
export function fillTemplate(
  args: readonly string[],
  values: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const names = Object.keys(values);
  const placeholder = new RegExp(`\\{(${names.join('|')})\\}`, 'g');
  return args
    .filter((arg) => [...placeholdersIn([arg], names)].every((name) => values[name] !== undefined))
    .map((arg) => arg.replace(placeholder, (_, name: string) => values[name] ?? ''));
}
