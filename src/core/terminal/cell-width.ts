import { codePointOf, itemAt } from '../items/element-at.js';
import { NO_CELLS, TWO_CELLS } from './width-tables.js';

/**
 * The cells that a terminal gives a code point: 0 for what joins the cell before (marks, joiners, invisible ones), 2 for
 * East Asian Wide and Fullwidth, emoji included (Unicode Standard Annex #11), else 1. All widths come from here
 * (docs/decisions/0014-widths.md). Control characters have no width; they count as 1.
 */
export function cellWidth(code: number): 0 | 1 | 2 {
  if (code < FIRST) return 1;
  if (code >= WIDTHS_END) return isIn(NO_CELLS, code) ? 0 : isIn(TWO_CELLS, code) ? 2 : 1;
  const width = cellWidths()[code];
  return width === 0 || width === 2 ? width : 1;
}

/** The cells that a terminal gives a grapheme: a character with its marks, a joined emoji, a flag. */
export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  let width: 0 | 1 | 2 = 0;
  for (const character of grapheme) {
    const own = cellWidth(codePointOf(character));
    // The variation selector makes a symbol an emoji, and two regional indicators are a flag.
    if (own === 2 || (character === PICTURE && width === 1) || REGIONAL_INDICATOR.test(character)) return 2;
    if (own === 1) width = 1;
  }
  return width;
}

/** The widths of the code points of planes 0 and 1, by code point. Not to be written to. */
export function cellWidths(): Uint8Array {
  return (widths ??= widthsOfPlanes());
}

/** Built at the first one that is not ASCII. */
let widths: Uint8Array | undefined;

function widthsOfPlanes(): Uint8Array {
  const made = new Uint8Array(WIDTHS_END).fill(1);
  fill(made, NO_CELLS, 0);
  fill(made, TWO_CELLS, 2);
  return made;
}

function fill(target: Uint8Array, ranges: readonly number[], width: number): void {
  for (let at = 0; at < ranges.length; at += 2) target.fill(width, ranges[at], itemAt(ranges, at + 1) + 1);
}

function isIn(ranges: readonly number[], code: number): boolean {
  for (let at = 0; at < ranges.length; at += 2)
    if (code >= itemAt(ranges, at) && code <= itemAt(ranges, at + 1)) return true;
  return false;
}

/** Below it every code point has one cell. */
const FIRST = 0x300;
const WIDTHS_END = 0x20000;
const PICTURE = '\ufe0f';
const REGIONAL_INDICATOR = /^[\u{1f1e6}-\u{1f1ff}]$/u;
