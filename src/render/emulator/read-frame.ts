import type { TerminalSize } from '../../core/terminal/size.js';
import type { CellBuffer } from './cell-buffer.js';
import { cellRuns } from './cell-runs.js';
import type { Frame, Window } from '../model/frame.js';

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
  const lines = Array.from({ length: rows }, (_, at) => {
    const row = top + at;
    if (row >= size.rows) return [];
    // A row may have more cells than are seen, where the screen became narrower.
    return cellRuns(buffer.getLine(buffer.baseY + row), left, Math.min(left + cols, size.cols));
  });
  const cursor = { row: buffer.cursorY - top, col: Math.min(buffer.cursorX, size.cols - 1) - left, visible };
  return { cols, rows, cursor, lines };
}
