import type { CellBuffer, CellLine } from './cell-buffer.js';
import { cellRuns } from './cell-runs.js';
import type { Provenance } from './provenance.js';
import type { Row } from './row.js';

/**
 * The rows `from` up to `to` of `buffer`; `origin` is the row that `provenance` counts from. With `styles` they have their
 * colours.
 */
export function readRows(
  buffer: CellBuffer,
  [from, to]: readonly [from: number, to: number],
  provenance: Provenance,
  origin: number,
  styles: boolean,
): readonly Row[] {
  const rows: Row[] = [];
  for (let at = from; at < to; at++) {
    const line = buffer.getLine(at);
    if (line === undefined) break;
    const continues = at + 1 < buffer.length && buffer.getLine(at + 1)?.isWrapped === true;
    const text = continues ? continuedText(line) : line.translateToString(true);
    const row: Row = { text, wrapped: line.isWrapped, continues, ...provenance.of(at - origin) };
    rows.push(styles ? { ...row, runs: cellRuns(line) } : row);
  }
  return rows;
}

/** A wide character that did not fit leaves one cell, which is no text; what was erased before a wrap is a gap. */
function continuedText(line: CellLine): string {
  const written = [line.length - 2, line.length - 1].some((col) => {
    const cell = line.getCell(col);
    return cell?.getCode() !== 0 || cell.getWidth() === 0;
  });
  return line.translateToString(written);
}
