import type { Line } from '../model/line.js';
import { linksOf, runsToAnsi } from './print-frame.js';

/** Lines as text, each with its newline. */
export function linesToText(lines: readonly Line[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}

/** Lines in their colours, as SGR, for a terminal; a line without any as text. */
export function linesToAnsi(lines: readonly Line[], options: { readonly links?: boolean } = {}): string {
  return lines.map(({ text, runs }) => `${runs === undefined ? text : runsToAnsi(runs, options)}\n`).join('');
}

/** Lines for programs: a JSON object a line, with the offsets of the bytes it came from; the links, where there are any. */
export function linesToJson(lines: readonly Line[]): string {
  return lines
    .map(({ text, offset, endOffset, runs = [] }) => {
      const links = linksOf(runs);
      return `${JSON.stringify({ text, offset, endOffset, ...(links.length > 0 && { links }) })}\n`;
    })
    .join('');
}
