import type { Line } from './line.js';

/** Lines as text, each with its newline. */
export function linesToText(lines: readonly Line[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}

/** Lines for programs: a JSON object a line, with the offsets of the bytes it came from. */
export function linesToJson(lines: readonly Line[]): string {
  return lines.map(({ text, offset, endOffset }) => `${JSON.stringify({ text, offset, endOffset })}\n`).join('');
}
