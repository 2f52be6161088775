import { codePointOf } from '../../core/items/element-at.js';
import { cellWidth } from '../../core/terminal/cell-width.js';

/** The text of a line as the `count` rows of `cols` columns that it was wrapped over; blanks at its end may be missing. */
export function rowsOfText(text: string, cols: number, count: number): readonly string[] {
  if (count === 1) return [text];
  const rows: string[] = [];
  let from = 0;
  let at = 0;
  let col = 0;
  for (const character of text) {
    const width = cellWidth(codePointOf(character));
    if (col + width > cols) {
      rows.push(text.slice(from, at));
      from = at;
      col = 0;
    }
    col += width;
    at += character.length;
  }
  rows.push(text.slice(from));
  while (rows.length < count) rows.push('');
  return rows.map((row, index) => (index < count - 1 && row.length < cols - 1 ? padded(row, cols) : row));
}

/** A row that goes on below is full, except for one column that a wide character may have left. */
function padded(row: string, cols: number): string {
  let columns = 0;
  for (const character of row) columns += cellWidth(codePointOf(character));
  return columns < cols - 1 ? row.padEnd(row.length + cols - columns) : row;
}
