import { penToAnsi, runsToAnsi } from '../../render/pictures/print-frame.js';
import type { Screen } from '../../render/screen/screen.js';

/**
 * What draws a screen on a terminal of its size, so that the output that comes next finds it as it was: its rows, then `modes`, which a
 * screen does not show, its cursor and its colours. What stood on the terminal scrolls off where the normal screen is
 * drawn. Disposes of `screen`.
 */
export function drawScreen(screen: Screen, modes: string): string {
  const { lines, cursor } = screen.frame();
  const rows = lines.map((runs) => runsToAnsi(runs, { links: true }));
  const { onAlternate: isAlternate, aboutToWrap } = screen;
  const pen = penOf(screen);
  screen.dispose();
  const drawn = isAlternate
    ? `\x1b[?1049h\x1b[m\x1b[2J${rows.map((row, at) => (row === '' ? '' : `\x1b[${at + 1};1H${row}`)).join('')}`
    : `\x1b[m${rows.map((row) => `\r\n${row}`).join('')}`;
  // Behind a full row the cursor stands on its last cell, and the next character goes to the next row: only writing leads there.
  const place = aboutToWrap
    ? `\x1b[${cursor.row + 1};1H${rows[cursor.row] ?? ''}`
    : `\x1b[${cursor.row + 1};${cursor.col + 1}H`;
  return `${drawn}${modes}${place}${pen}`;
}

/** The look of what is written next: the model is asked by writing something, in a corner, whatever margins and origin are in force. */
function penOf(screen: Screen): string {
  screen.write(Buffer.from('\x1b[?6l\x1b[1;1HX'));
  const style = screen.frame({ top: 0, left: 0, cols: 1, rows: 1 }).lines[0]?.[0]?.style;
  return style === undefined ? '' : penToAnsi(style);
}
