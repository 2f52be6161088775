import { displayWidth } from './display-width.js';

/** The pieces a terminal agent draws with, as strings: styles, widths, bars and boxes. Nothing here writes or waits. */

export const hideCursor = '\x1b[?25l';
export const showCursor = '\x1b[?25h';
export const eraseLine = '\r\x1b[2K';
/** Synchronized output (DEC private mode 2026): the terminal shows nothing between the two, so a redraw never flickers. */
export const beginUpdate = '\x1b[?2026h';
export const endUpdate = '\x1b[?2026l';
/** Puts a terminal right after whatever piece was cut short: styles off, updates shown, cursor back. */
export const reset = `\x1b[0m${endUpdate}${showCursor}`;

const sgr =
  (on: string, off: string) =>
  (text: string): string =>
    `\x1b[${on}m${text}\x1b[${off}m`;
export const bold = sgr('1', '22');
export const dim = sgr('2', '22');
export const green = sgr('32', '39');
export const yellow = sgr('33', '39');
export const magenta = sgr('35', '39');
export const cyan = sgr('36', '39');

export const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

/** How many rows `lines` take in a terminal of `columns`, the rows its wrapping adds included. */
export function rows(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}

/** A bar `width` cells wide, `done` (0 to 1) of it full. */
export function bar(done: number, width: number): string {
  const full = Math.round(done * width);
  return green('█'.repeat(full)) + dim('░'.repeat(width - full));
}

/** `lines` in a rounded frame, `width` cells wide with it. */
export function box(title: string, lines: readonly string[], width: number): string[] {
  const inner = width - 4;
  const pad = (line: string): string => line + ' '.repeat(Math.max(0, inner - displayWidth(line)));
  return [
    dim('╭─ ') + bold(title) + dim(` ${'─'.repeat(Math.max(0, inner - displayWidth(title) - 1))}╮`),
    ...lines.map((line) => `${dim('│')} ${pad(line)} ${dim('│')}`),
    dim(`╰${'─'.repeat(inner + 2)}╯`),
  ];
}
