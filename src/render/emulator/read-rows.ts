import type { CellBuffer, CellLine } from './cell-buffer.js';
import { cellRuns } from './cell-runs.js';
import type { Provenance } from '../model/provenance.js';
import type { Run } from '../model/frame.js';
import type { Row } from '../model/row.js';
import { withRuns } from '../model/runs-later.js';

/**
 * Which rows have their colours. Reading colours takes most of the time. `later`: they are read when they are asked for, of
 * rows that never change again. `later-of-joined`: the same, only of rows that belong to a longer line. `readableLines`:
 * the same, and as many lines at the end can be asked for their colours besides (see `runsOf`).
 */
export type RowStyles = 'now' | 'later' | 'later-of-joined' | 'none' | { readonly readableLines: number };

/**
 * The rows `from` up to `to` of `buffer`, up to column `cols`; `origin` is the row that `provenance` counts from.
 */
export function readRows(
  buffer: CellBuffer,
  [from, to]: readonly [from: number, to: number],
  provenance: Provenance,
  origin: number,
  styles: RowStyles,
  cols = Infinity,
): readonly Row[] {
  const rows: Row[] = [];
  const readable = typeof styles === 'object' ? startOfLines(buffer, [from, to], styles.readableLines) : to;
  for (let at = from; at < to; at++) {
    const line = buffer.getLine(at);
    if (line === undefined) break;
    const continues = at + 1 < buffer.length && buffer.getLine(at + 1)?.isWrapped === true;
    const end = endOfText(line, cols);
    const text = continues ? continuedText(line, end) : line.translateToString(true, 0, end);
    if (text.length > MAX_LIGHT_CELL * line.length) compact(line);
    const { offset, ending } = provenance.of(at - origin);
    const wrapped = line.isWrapped;
    if (at >= readable && !wrapped && !continues) {
      const readRuns = (): readonly Run[] => cellRuns(line);
      rows.push({ text, wrapped, continues, offset, ending, readRuns });
      continue;
    }
    const row: Row = { text, wrapped, continues, offset, ending };
    if (styles === 'now') rows.push({ ...row, runs: cellRuns(line, 0, cols) });
    else if (styles === 'later' || (styles !== 'none' && (row.wrapped || row.continues)))
      rows.push(withRuns(row, () => cellRuns(line)));
    else rows.push(row);
  }
  return rows;
}

/** Where the last `count` lines begin, of the rows `from` up to `to`; behind them the beginning of one more may stand. */
function startOfLines(buffer: CellBuffer, [from, to]: readonly [from: number, to: number], count: number): number {
  let start = to;
  for (let lines = 0; start > from && lines <= count; start--) {
    if (buffer.getLine(start - 1)?.isWrapped !== true) lines++;
  }
  return start;
}

/**
 * The emulator adds marks to a cell one by one, so that V8 keeps a tree of strings for it, a hundred bytes a mark, and the
 * emulator keeps rows that it forgot until it needs their place. Looking into such a string makes V8 lay it out flat.
 */
function compact(line: CellLine): void {
  for (let col = 0; col < line.length; col++) line.getCell(col)?.getChars().charCodeAt(0);
}

/** Code units a cell; text has hardly more than two. */
const MAX_LIGHT_CELL = 4;

/** Where the cells of `line` end that are seen; a wide character that the right edge cuts in two is not. */
function endOfText(line: CellLine, cols: number): number {
  if (line.length <= cols) return line.length;
  return line.getCell(cols - 1)?.getWidth() === 2 ? cols - 1 : cols;
}

/** A wide character that did not fit leaves one cell, which is no text; what was erased before a wrap is a gap. */
function continuedText(line: CellLine, end: number): string {
  const written = [end - 2, end - 1].some((col) => {
    const cell = line.getCell(col);
    return cell?.getCode() !== 0 || cell.getWidth() === 0;
  });
  return line.translateToString(written, 0, end);
}
