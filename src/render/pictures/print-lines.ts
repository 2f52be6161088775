import type { Line } from '../model/line.js';
import { type LineBatch, TextLines } from '../model/text-lines.js';
import { linksOf, runsToAnsi } from './print-frame.js';

/** Lines as text, each with its newline, in UTF-8: a piece for each batch. */
export function batchesToText(batches: readonly LineBatch[]): readonly Uint8Array[] {
  return batches.map((batch) => (batch instanceof TextLines ? batch.bytes : Buffer.from(linesToText(batch))));
}

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
