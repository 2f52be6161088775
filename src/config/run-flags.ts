import { configKey, type Flag, flagsOf, givenFor, SWITCHED_OFF } from '../settings/flag.js';
import { optionFlags } from '../settings/option-flags.js';
import { runFlags } from '../settings/run-flags.js';
import type { GivenRunFlags } from '../settings/run-settings.js';
import type { Spelling } from '../settings/value-kind.js';
import {
  byteSize,
  checked,
  duration,
  type KeyShape,
  line,
  oneOf,
  optional,
  type Shape,
  size,
  text,
  wholeNumber,
  yesOrNo,
} from './shapes.js';

/** The keys of a file that set flags; values are spelled as on the command line. */
export const runFlagKeys: Readonly<Record<string, KeyShape<string, false>>> = Object.fromEntries(
  flagsOf(runFlags).flatMap((flag) =>
    flag.inConfig === undefined
      ? []
      : [[configKey(flag), optional(shapeOf(flag.inConfig.spelling), flag.inConfig.what)]],
  ),
);

/** What `values`, by key, give as options of a command line, by long name. */
export function optionsIn(values: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const flag of flagsOf(runFlags)) {
    const value = flag.inConfig === undefined ? undefined : values[configKey(flag)];
    if (value !== undefined) options.set(optionFlags(flag).long, value);
  }
  return options;
}

/** What `values`, by key, give for each flag. */
export function givenIn(values: Readonly<Record<string, string | undefined>>): GivenRunFlags {
  return givenFor(runFlags, <T>(flag: Flag<T, unknown>) => {
    const value = flag.inConfig === undefined ? undefined : values[configKey(flag)];
    return value === undefined ? undefined : flag.read([value]);
  });
}

function shapeOf(spelling: Spelling): Shape<string> {
  switch (spelling.type) {
    case 'text':
      return text;
    case 'line':
      return line;
    case 'size':
      return size;
    case 'duration':
      return duration;
    case 'bytes':
      return byteSize;
    case 'count':
      return wholeNumber(1);
    case 'switch':
      return checked(yesOrNo, (isOn) => (isOn ? 'true' : SWITCHED_OFF));
    case 'choice':
      return oneOf(spelling.choices);
  }
}
