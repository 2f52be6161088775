import stripAnsi from 'strip-ansi';
import { graphemeWidth } from '../../core/terminal/cell-width.js';

/** Made when there is a text that needs it, which for most commands there is not: that takes tens of milliseconds. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Every character is a cell. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/** How many cells a terminal gives a line of text; colours in it take none. */
export function displayWidth(text: string): number {
  const plain = stripAnsi(text);
  if (PRINTABLE_ASCII.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes(plain)) width += graphemeWidth(segment);
  return width;
}

/** The beginning of a line that fits into `columns` cells, ending in `…` where something had to go. No colours in it. */
export function truncate(text: string, columns: number): string {
  if (text.length <= columns && PRINTABLE_ASCII.test(text)) return text;
  let width = 0;
  let fits = '';
  for (const { segment, index } of graphemes(text)) {
    width += graphemeWidth(segment);
    if (width > columns) return columns < 1 ? '' : `${fits}…`;
    if (width < columns) fits = text.slice(0, index + segment.length);
  }
  return text;
}

/** Adds blanks up to `columns` cells. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
