import { z } from 'zod';
import { errors } from '../../../core/errors.js';
import { visible } from '../../../core/text/printable.js';
import { parsePlace, type Place, PLACES } from '../../../view/places/place.js';

/** What tools ask for alike. */
export const taskInput = z.string().min(1).describe('its id, its name, the beginning of its id, or latest');

/** The place that `text`, the input `name` of a tool, means. @throws OrchError BAD_ARGUMENT */
export function placeNamed(name: string, text: string): Place {
  const place = parsePlace(text);
  if (place === undefined) throw errors.badArgument(`${name}: ${text} is no place`, `name ${PLACES}`);
  return place;
}

/** The longest line that is given whole, in characters. */
const LINE_CHARACTERS = 2_000;

/** A line as an answer has it: cut where it is too long, and with nothing in it that hides or turns text. */
export function shownLine(line: string): string {
  const { length } = line;
  const begun = length <= LINE_CHARACTERS ? line : line.slice(0, LINE_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
  return visible(begun) + (length <= LINE_CHARACTERS ? '' : `… (${length} characters)`);
}
