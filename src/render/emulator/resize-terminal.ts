import type { TerminalSize } from '../../core/terminal/size.js';
import { blankLine, copyCells, emptyLine, type Reflow } from './reflow.js';
import type { InternalBuffer, InternalLine, TerminalInternals } from './terminal-state.js';

/**
 * Gives a terminal another size. Its alternate screen, if it is on, loses rows below the cursor first and then at the top, and
 * gets new ones at the bottom, as in tmux; columns that are seen no longer are kept. The normal screen stays as it is, for
 * `showRows`: @xterm/headless 6.0.0 would move its cursor away from its text, and forget rows.
 */
export function resizeTerminal(
  internals: TerminalInternals,
  { cols, rows }: TerminalSize,
  resize: (cols: number, rows: number) => void,
): void {
  const { normal, alt } = internals._bufferService.buffers;
  const normalLines = takeLines(normal);
  const altLines = takeLines(alt);
  resize(cols, rows);
  for (const buffer of [normal, alt]) {
    buffer.scrollTop = 0;
    buffer.scrollBottom = rows - 1;
  }
  // With room for more it would have a scrollback.
  alt.lines.maxLength = rows;
  putLines(normal, normalLines);
  if (altLines.length > 0) resizeAlternate(alt, altLines, { cols, rows });
}

/** The rows of the normal screen. */
export function screenLines({ lines, ybase }: InternalBuffer): readonly InternalLine[] {
  return Array.from({ length: lines.length - ybase }, (_, at) => lines.get(ybase + at));
}

/**
 * Has the normal buffer be `count` rows of `layout` from row `from` on, without a scrollback; below them blank rows, where
 * there are no more.
 */
export function showRows(buffer: InternalBuffer, layout: Reflow, from: number, count: number): void {
  const made = Array.from({ length: count }, (_, at) => layout.make(from + at));
  buffer.ybase = 0;
  buffer.ydisp = 0;
  buffer.lines.length = 0;
  putLines(buffer, made);
}

function resizeAlternate(buffer: InternalBuffer, lines: readonly InternalLine[], { cols, rows }: TerminalSize): void {
  const surplus = Math.max(0, lines.length - rows);
  const atBottom = Math.min(surplus, lines.length - 1 - buffer.y);
  const atTop = surplus - atBottom;
  const kept = lines.slice(atTop, lines.length - atBottom).map((line) => withColumns(line, cols));
  const added = Array.from({ length: rows - kept.length }, () => blankLine(emptyLine(lines[0]), cols));
  buffer.y -= atTop;
  buffer.x = Math.min(buffer.x, cols - 1);
  buffer.savedX = Math.min(buffer.savedX, cols - 1);
  buffer.savedY = Math.min(buffer.savedY, rows - 1);
  putLines(buffer, [...kept, ...added]);
}

function withColumns(line: InternalLine, cols: number): InternalLine {
  if (line.length >= cols) return line;
  const made = blankLine(emptyLine(line), cols);
  made.isWrapped = line.isWrapped;
  copyCells(line, 0, line.length, made, 0);
  return made;
}

function takeLines(buffer: InternalBuffer): readonly InternalLine[] {
  const lines = Array.from({ length: buffer.lines.length }, (_, at) => buffer.lines.get(at));
  buffer.lines.length = 0;
  return lines;
}

function putLines(buffer: InternalBuffer, lines: readonly InternalLine[]): void {
  buffer.lines.maxLength = Math.max(buffer.lines.maxLength, lines.length);
  for (const line of lines) buffer.lines.push(line);
}
