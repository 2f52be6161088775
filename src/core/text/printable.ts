import { codePointOf } from '../items/element-at.js';

/** C0 without exception, DEL and C1: they move a terminal's cursor, change its colours or make it answer. */
const CONTROL = String.raw`\x00-\x1f\x7f-\x9f`;
/**
 * Invisible characters that change how the text around them is shown: marks, embeddings, overrides and isolates of the
 * bidirectional algorithm (UAX #9), line and paragraph separators, blanks without a width, other invisible operators, annotations and tags.
 * The joiners are not among them: letters and emoji are written with them.
 */
const INVISIBLE = String.raw`\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}`;

// A lone surrogate is no character either.
const UNSAFE = new RegExp(`[${CONTROL}${INVISIBLE}\\p{Cs}]`, 'gu');
const UNSEEN = new RegExp(`[${INVISIBLE}]`, 'gu');
const IN_JSON = new RegExp(`[\\x7f-\\x9f${INVISIBLE}]`, 'gu');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text from outside (a name, an argument, a reason) as one line that affects neither the terminal nor the text around it. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT[character] ?? escaped(character));
}

/** A line of clean text, in which no control is left, as one that keeps its order and hides nothing. */
export function visible(line: string): string {
  return line.replace(UNSEEN, escaped);
}

/** As {@link visible}, with the width unchanged: for a row that is cut to the width of a terminal. */
export function withoutInvisible(row: string): string {
  return row.replace(UNSEEN, '');
}

/** A value as indented JSON that is safe to print: JSON escapes C0 itself, but lets the others through. */
export function printableJson(value: unknown): string {
  return safeJson(JSON.stringify(value, undefined, 2));
}

/** As {@link printableJson}, on one line. */
export function printableJsonLine(value: unknown): string {
  return safeJson(JSON.stringify(value));
}

function safeJson(json: string): string {
  return json.replace(IN_JSON, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`).join(''),
  );
}

function escaped(character: string): string {
  const code = codePointOf(character);
  if (code > 0xffff) return `\\u{${hex(code, 1)}}`;
  return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
