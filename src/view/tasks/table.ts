import { itemAt } from '../../core/items/element-at.js';
import type { Paint } from '../print/colour.js';
import { displayWidth, padEnd, truncate } from '../../core/terminal/display-width.js';

/** A column of a table of `T`s; `onlyIfUsed`: left out where all its cells are empty. */
export interface Column<T> {
  readonly title: string;
  readonly onlyIfUsed?: true;
  readonly cell: (row: T) => string;
}

/** Between two columns. */
const GAP = '   ';

/**
 * A line for each row under a heading, without line ends; columns are as wide as their widest cell. Lines are cut to
 * `columns` cells, where there are so few.
 */
export function tableLines<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  options: { readonly columns: number | undefined; readonly paint: Paint },
): readonly string[] {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const used = columns.map(({ onlyIfUsed }, at) => onlyIfUsed !== true || cells.some((row) => row[at] !== ''));
  const shown = [columns.map(({ title }) => title), ...cells].map((row) => row.filter((_, at) => used[at]));
  const widths = itemAt(shown, 0).map((_, at) => Math.max(...shown.map((row) => displayWidth(itemAt(row, at)))));
  const [heading = '', ...lines] = shown.map((row) => line(row, widths, options.columns));
  return [options.paint('heading', heading), ...lines];
}

/** The last cell is cut, not padded: it is the one that can be long, and trailing blanks are useless. */
function line(row: readonly string[], widths: readonly number[], columns = Infinity): string {
  const before = row
    .slice(0, -1)
    .map((cell, at) => padEnd(cell, itemAt(widths, at)) + GAP)
    .join('');
  return before + truncate(row.at(-1) ?? '', columns - displayWidth(before));
}
