import { errors } from '../../core/errors.js';
import { parsePlace, type Place, PLACES } from '../../view/places/place.js';
import type { OptionValues } from './command.js';

/** The value of an option that is a place in a recording; undefined where it was not given. @throws OrchError BAD_ARGUMENT */
export function readPlace(options: OptionValues, name: string): Place | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const place = parsePlace(text);
  if (place !== undefined) return place;
  throw errors.badArgument(`--${name} ${text} is not a place in a recording`, `such as ${PLACES}`);
}
