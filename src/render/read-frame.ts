import type { TerminalSize } from '../core/size.js';
import type { CellBuffer } from './cell-buffer.js';
import { cellRuns } from './cell-runs.js';
import type { Frame } from './frame.js';

/** The screen of `buffer` as a picture; `visible`: its cursor is. */
export function readFrame(buffer: CellBuffer, { cols, rows }: TerminalSize, visible: boolean): Frame {
  const lines = Array.from({ length: rows }, (_, row) => cellRuns(buffer.getLine(buffer.baseY + row)));
  return { cols, rows, cursor: { row: buffer.cursorY, col: Math.min(buffer.cursorX, cols - 1), visible }, lines };
}
