import { parseDuration } from '../../core/text/duration.js';
import { errors } from '../../core/errors.js';
import type { OptionValues } from './command.js';

/** The value of an option that is a duration, ms; undefined where it was not given. @throws OrchError BAD_ARGUMENT */
export function readDuration(options: OptionValues, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined)
    throw errors.badArgument(
      `--${name} ${text} is not a duration`,
      `seconds, or with a unit, such as --${name} 10 or --${name} 2m`,
    );
  return ms;
}
