import type { Signs } from '../backends/behaviour.js';
import type { Neighbours } from './said-lines.js';

/** What a line says, by the signs of an agent. A failure counts more than an end, and that more than a question. */
export function signIn(
  text: string,
  { before = '', after = '' }: Neighbours,
  { failed = [], done = [], waiting = [] }: Signs,
): keyof Signs | undefined {
  const matches = (pattern: RegExp): boolean =>
    pattern.test(pattern.source.includes('\\n') ? `${before}\n${text}\n${after}` : text);
  if (failed.some(matches)) return 'failed';
  if (done.some(matches)) return 'done';
  return waiting.some(matches) ? 'waiting' : undefined;
}
