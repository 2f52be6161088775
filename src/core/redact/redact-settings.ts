import { compilePattern } from '../pattern/pattern.js';
import type { RedactorOptions } from './redactor.js';
import { TOKEN_SHAPES } from './token-shapes.js';

/** The variable that tells programs of orch's own what to mask; it holds names and patterns, never values. */
export const REDACT_VARIABLE = 'ORCH_REDACT';

type Environment = Readonly<Record<string, string | undefined>>;

/** The value of {@link REDACT_VARIABLE} with which a program in the same environment masks the same. */
export function writeRedactSettings({ secrets, patterns = [] }: RedactorOptions): string {
  const variables = secrets.map(({ name }) => name);
  return JSON.stringify({ variables, patterns: patterns.map(({ source, flags }) => ({ source, flags })) });
}

/** Reads what {@link writeRedactSettings} wrote; undefined where nothing is to be masked. Throws where it is malformed. */
export function readRedactSettings(env: Environment): RedactorOptions | undefined {
  const text = env[REDACT_VARIABLE];
  if (text === undefined || text === '') return undefined;
  const { variables, patterns } = JSON.parse(text) as {
    readonly variables: readonly string[];
    readonly patterns: readonly { readonly source: string; readonly flags: string }[];
  };
  return {
    secrets: variables.flatMap((name) => (env[name] === undefined ? [] : [{ name, value: env[name] }])),
    shapes: TOKEN_SHAPES,
    patterns: patterns.map(compilePattern),
  };
}
