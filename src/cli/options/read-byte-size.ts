import { parseByteSize } from '../../core/text/byte-size.js';
import { errors } from '../../core/errors.js';
import type { OptionValues } from './command.js';

/** The value of an option that is a number of bytes; undefined where it was not given. @throws OrchError BAD_ARGUMENT */
export function readByteSize(options: OptionValues, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const bytes = parseByteSize(text);
  if (bytes !== undefined) return bytes;
  throw errors.badArgument(`--${name} ${text} is not a size`, `a number with a unit, such as --${name} 500MB or 1GiB`);
}
