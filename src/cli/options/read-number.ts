import { errors } from '../../core/errors.js';
import type { OptionValues } from './command.js';

/**
 * The value of an option that is a count from 1 on, or from 0; undefined where it was not given.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function readWholeNumber(options: OptionValues, name: string, from: 0 | 1 = 1): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^(0|[1-9]\d{0,8})$/.test(text) && Number(text) >= from) return Number(text);
  throw errors.badArgument(`--${name} ${text} is not a number from ${from} on`, `such as --${name} 100`);
}
