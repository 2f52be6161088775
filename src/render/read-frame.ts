import type { TerminalSize } from '../core/size.js';
import type { Cell, CellBuffer, CellLine } from './cell-buffer.js';
import { type Color, type Frame, PLAIN, type Run, type Style, sameStyle } from './frame.js';

/** The screen of `buffer` as a picture. */
export function readFrame(buffer: CellBuffer, { cols, rows }: TerminalSize): Frame {
  const lines = Array.from({ length: rows }, (_, row) => runsOf(buffer.getLine(buffer.baseY + row)));
  return { cols, rows, cursor: { row: buffer.cursorY, col: Math.min(buffer.cursorX, cols - 1) }, lines };
}

function runsOf(line: CellLine | undefined): readonly Run[] {
  const runs: Run[] = [];
  for (let col = 0; line !== undefined && col < line.length; col++) {
    const cell = line.getCell(col);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const text = cell.getChars() === '' ? ' ' : cell.getChars();
    const style = styleOf(cell);
    const last = runs.at(-1);
    if (last !== undefined && sameStyle(last.style, style)) {
      runs[runs.length - 1] = { text: last.text + text, width: last.width + cell.getWidth(), style };
    } else runs.push({ text, width: cell.getWidth(), style });
  }
  const last = runs.at(-1);
  if (last === undefined || !sameStyle(last.style, PLAIN)) return runs;
  const text = last.text.trimEnd();
  if (text === '') return runs.slice(0, -1);
  return [...runs.slice(0, -1), { ...last, text, width: last.width - (last.text.length - text.length) }];
}

function styleOf(cell: Cell): Style {
  return {
    foreground: colorOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colorOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    invisible: cell.isInvisible() !== 0,
    strikethrough: cell.isStrikethrough() !== 0,
  };
}

function colorOf(isDefault: boolean, isRgb: boolean, value: number): Color {
  if (isDefault) return { type: 'default' };
  return isRgb ? { type: 'rgb', value } : { type: 'palette', index: value };
}
