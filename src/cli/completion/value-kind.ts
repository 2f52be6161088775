import type { Command, OptionSpec } from '../options/command.js';
import { optionFlags } from '../../settings/option-flags.js';

/** The candidates for a value: a few words, or a kind of thing to look up. */
export type CompletionKind =
  | { readonly type: 'choices'; readonly choices: readonly string[] }
  | { readonly type: 'task' | 'file' | 'folder' | 'backend' };

/** The placeholders of flags and usages that say what they stand for; any other leaves the value to the user. */
const LOOKED_UP: ReadonlyMap<string, CompletionKind> = new Map([
  ['id', { type: 'task' }],
  ['TASK', { type: 'task' }],
  ['file', { type: 'file' }],
  ['FILE', { type: 'file' }],
  ['folder', { type: 'folder' }],
  ['backend', { type: 'backend' }],
]);

export function valueKind(spec: OptionSpec): CompletionKind | undefined {
  if (spec.choices !== undefined) return { type: 'choices', choices: spec.choices };
  return LOOKED_UP.get(optionFlags(spec).placeholder ?? '');
}

/** The kind of a command's operands, from its usage: `[TASK...]`, `[FILE|-]`, `<bash|zsh|fish>`. */
export function operandKind({ usage }: Command): CompletionKind | undefined {
  const placeholders = [...usage.matchAll(/[[<]([\w|-]+)(?:\.\.\.)?[\]>]/g)].map(([, inside = '']) => inside);
  const words = placeholders.find((inside) => inside !== 'options')?.split('|') ?? [];
  const known = words.map((word) => LOOKED_UP.get(word)).find((kind) => kind !== undefined);
  return known ?? (words.length > 1 ? { type: 'choices', choices: words } : undefined);
}
