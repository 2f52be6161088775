import { type FlagTable, type Given, givenFor } from '../../settings/flag.js';
import { optionFlags } from '../../settings/option-flags.js';
import type { FlagKind } from '../../settings/value-kind.js';
import type { OptionValues } from './command.js';

/** The value of an option, as its kind is read; undefined where it was not given. @throws OrchError BAD_ARGUMENT */
export function readValue<T>(options: OptionValues, name: string, kind: FlagKind<T>): T | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : kind.read(text, `--${name}`);
}

/** The values that a line gives for the flags of a table. @throws OrchError BAD_ARGUMENT */
export function readFlags<Table extends FlagTable>(options: OptionValues, table: Table): Given<Table> {
  return givenFor(table, (flag) => flag.read(options.given(optionFlags(flag).long)));
}
