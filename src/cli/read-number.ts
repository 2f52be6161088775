import { errors } from '../core/errors.js';
import type { OptionValues } from './command.js';

/**
 * The value of an option that is a count from 1 on; undefined where it was not given.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function readFromOne(options: OptionValues, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw errors.badArgument(`--${name} ${text} is no number from 1 on`, `such as --${name} 100`);
}
