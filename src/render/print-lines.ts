import type { Line } from './line.js';
import { runsToAnsi } from './print-frame.js';

/** Lines as text, each with its newline. */
export function linesToText(lines: readonly Line[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}

/** Lines in their colours, as SGR, for a terminal; a line without any as text. */
export function linesToAnsi(lines: readonly Line[]): string {
  return lines.map(({ text, runs }) => `${runs === undefined ? text : runsToAnsi(runs)}\n`).join('');
}

/** Lines for programs: a JSON object a line, with the offsets of the bytes it came from. */
export function linesToJson(lines: readonly Line[]): string {
  return lines.map(({ text, offset, endOffset }) => `${JSON.stringify({ text, offset, endOffset })}\n`).join('');
}
