/** Placeholders that arguments may hold. */
export const PLACEHOLDERS = ['prompt', 'promptFile'] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{(prompt|promptFile)\}/g;

/** The placeholders that are anywhere in `args`. */
export function placeholdersIn(args: readonly string[]): ReadonlySet<Placeholder> {
  return new Set(args.flatMap((arg) => PLACEHOLDERS.filter((name) => arg.includes(`{${name}}`))));
}

/**
 * `args` with each placeholder replaced by its value, literally: no shell reads it, and nothing in it is a
 * placeholder again. An argument with one that stands for nothing is left out.
 */
export function fillTemplate(
  args: readonly string[],
  values: Readonly<Record<Placeholder, string | undefined>>,
): readonly string[] {
  return args
    .filter((arg) => [...placeholdersIn([arg])].every((name) => values[name] !== undefined))
    .map((arg) => arg.replace(PLACEHOLDER, (_, name: Placeholder) => values[name] ?? ''));
}
