import stripAnsi from 'strip-ansi';
import { printable } from '../../core/text/printable.js';

/** More of a line than any terminal is wide; the rest need not be looked at. */
const MAX_LINE_CHARACTERS = 4096;

/** C0 but newline and tab, DEL and C1. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Text of a model or a tool that can do nothing to a terminal but begin a line or go to a tab stop. */
export function harmless(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROL, (character) => printable(character));
}

/** A line as it is: its indentation kept, its colours and tabs gone, cut after `max` characters. */
export function plainLine(line: string, max = MAX_LINE_CHARACTERS): string {
  const start = stripAnsi(line.slice(0, max));
  return harmless(start.replace(/\r+$/, '').replaceAll('\t', '    ')).replaceAll('\n', ' ');
}

/** Any text on one line, its whitespace folded. */
export function oneLine(text: string): string {
  return plainLine(text.slice(0, MAX_LINE_CHARACTERS).trim().replace(/\s+/g, ' '));
}

/** The first `max` lines of a text of any length, and how many follow. Blank lines at its end do not count. */
export function headLines(text: string, max: number): { readonly lines: readonly string[]; readonly more: number } {
  const whole = text.trimEnd();
  const lines: string[] = [];
  let more = 0;
  for (let from = 0; from <= whole.length; ) {
    const newline = whole.indexOf('\n', from);
    const end = newline === -1 ? whole.length : newline;
    if (lines.length < max) lines.push(whole.slice(from, end));
    else more += 1;
    from = end + 1;
  }
  return { lines, more };
}
