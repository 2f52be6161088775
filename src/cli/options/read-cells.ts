import { errors } from '../../core/errors.js';
import { terminalSize } from '../../core/terminal/size.js';
import type { OptionValues } from './command.js';

/** The value of `--cols` or `--rows`; undefined where it was not given. @throws OrchError BAD_ARGUMENT */
export function readCells(options: OptionValues, name: 'cols' | 'rows'): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const cells = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (terminalSize(cells, cells) !== undefined) return cells;
  throw errors.badArgument(`--${name} ${text} is not a number of cells`, `from 1 to 65535, such as --${name} 100`);
}
