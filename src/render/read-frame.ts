import type { TerminalSize } from '../core/size.js';
import type { CellBuffer } from './cell-buffer.js';
import { cellRuns } from './cell-runs.js';
import type { Frame, Window } from './frame.js';

/**
 * What of the screen of `buffer` is seen through `window`, as a picture; `visible`: its cursor is. That is kept within the screen,
 * and counts from the window's corner, so that it may lie outside.
 */
export function readFrame(
  buffer: CellBuffer,
  size: TerminalSize,
  visible: boolean,
  { top, left, cols, rows }: Window,
): Frame {
  const isWhole = left === 0 && cols === size.cols;
  const lines = Array.from({ length: rows }, (_, at) => {
    const row = top + at;
    if (row >= size.rows) return [];
    const cells = buffer.getLine(buffer.baseY + row);
    // A wide character at the edge of a screen that became narrower is still all of its line.
    return isWhole ? cellRuns(cells) : cellRuns(cells, left, left + cols);
  });
  const cursor = { row: buffer.cursorY - top, col: Math.min(buffer.cursorX, size.cols - 1) - left, visible };
  return { cols, rows, cursor, lines };
}
