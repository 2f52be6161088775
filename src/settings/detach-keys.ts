import { errors } from '../core/errors.js';
import { controlCharacter } from '../core/terminal/key-sequences.js';
import type { FlagKind } from './value-kind.js';

/** The keys by which a client leaves, each as its character: `\x1c`, `d`. None: no key does. */
export type DetachKeys = readonly string[];

/** In docker's notation. */
export const DEFAULT_DETACH_KEYS = 'ctrl-\\,d';

/** The value of `--detach-keys`. */
export const detachKeys: FlagKind<DetachKeys> = {
  read: (text, flag) => {
    if (text === 'none') return [];
    const keys = text.split(',').map((key) => characterOf(key));
    if (keys.every((key) => key !== undefined)) return keys;
    throw errors.badArgument(
      `${flag} '${text}' is no sequence of keys`,
      `characters, or ctrl- and one of a-z @ [ \\ ] ^ _, with commas between: ${flag} ctrl-p,ctrl-q; or none`,
    );
  },
};

/** `ctrl-a` is the character 1, as terminals send it. */
function characterOf(key: string): string | undefined {
  if (/^[!-~]$/.test(key)) return key;
  const [, held] = /^ctrl-(.)$/.exec(key) ?? [];
  return held === undefined ? undefined : controlCharacter(held);
}
