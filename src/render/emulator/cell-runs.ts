import type { Cell, CellLine } from './cell-buffer.js';
import { type Color, PLAIN, type Run, type Style, sameStyle } from '../model/frame.js';
import { type Link, sameLink } from '../model/link.js';

/**
 * The cells of a row as runs, those from column `from` on and in front of `to`, without the plain blanks at the end. A wide
 * character that is cut in two there is a blank.
 */
export function cellRuns(line: CellLine | undefined, from = 0, to = Infinity): readonly Run[] {
  const runs: Run[] = [];
  let open: { text: string; width: number; style: Style; readonly look: Look } | undefined;
  let cell: Cell | undefined;
  let width = 1;
  // The second half of a wide character is passed over, whatever it is; what has no width elsewhere is text.
  for (let col = from; line !== undefined && col < Math.min(line.length, to); col += Math.max(width, 1)) {
    cell = line.getCell(col, cell);
    if (cell === undefined) break;
    width = cell.getWidth();
    const isCut = (col === from && col > 0 && width === 0) || col + width > to;
    const chars = isCut ? '' : cell.getChars();
    if (open === undefined || !looksLike(cell, open.look)) {
      if (open !== undefined) runs.push({ text: open.text, width: open.width, style: open.style });
      open = { text: '', width: 0, style: styleOf(cell), look: lookOf(cell) };
    }
    open.text += chars === '' ? ' ' : chars;
    open.width += chars === '' ? 1 : width;
  }
  if (open === undefined) return runs;
  const { text, style } = open;
  const shown = sameStyle(style, PLAIN) ? text.trimEnd() : text;
  return shown === '' ? runs : [...runs, { text: shown, width: open.width - (text.length - shown.length), style }];
}

/** A cell's colours and attributes as numbers, to be compared many times. */
interface Look {
  readonly foreground: number;
  readonly background: number;
  readonly flags: number;
  readonly link: Link | undefined;
}

function lookOf(cell: Cell): Look {
  return {
    foreground: cell.getFgColorMode() + cell.getFgColor(),
    background: cell.getBgColorMode() + cell.getBgColor(),
    flags: flagsOf(cell),
    link: linkOf(cell),
  };
}

function looksLike(cell: Cell, look: Look): boolean {
  return (
    cell.getFgColorMode() + cell.getFgColor() === look.foreground &&
    cell.getBgColorMode() + cell.getBgColor() === look.background &&
    flagsOf(cell) === look.flags &&
    sameLink(linkOf(cell), look.link)
  );
}

function linkOf(cell: Cell): Link | undefined {
  return cell.hasExtendedAttrs?.() ? cell.extended?.link : undefined;
}

/** One bit each. */
function flagsOf(cell: Cell): number {
  return (
    (cell.isBold() && 1) |
    (cell.isDim() && 2) |
    (cell.isItalic() && 4) |
    (cell.isUnderline() && 8) |
    (cell.isInverse() && 16) |
    (cell.isInvisible() && 32) |
    (cell.isStrikethrough() && 64)
  );
}

function styleOf(cell: Cell): Style {
  const link = linkOf(cell);
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
    ...(link !== undefined && { link }),
  };
}

function colorOf(isDefault: boolean, isRgb: boolean, value: number): Color {
  if (isDefault) return { type: 'default' };
  return isRgb ? { type: 'rgb', value } : { type: 'palette', index: value };
}
