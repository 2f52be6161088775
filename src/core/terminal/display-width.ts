import stripAnsi from 'strip-ansi';
import { graphemeWidth } from './cell-width.js';

/** Built at the first text that needs it, which takes tens of milliseconds; most commands have none. */
let segmenter: Intl.Segmenter | undefined;

/** The graphemes of `text`. */
function graphemes(text: string): Iterable<Grapheme> {
  return ALONE.test(text) ? characters(text) : segments(text);
}

interface Grapheme {
  readonly segment: string;
  readonly index: number;
}

function segments(text: string): Iterable<Grapheme> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

function* characters(text: string): Generator<Grapheme> {
  let index = 0;
  for (const segment of text) {
    yield { segment, index };
    index += segment.length;
  }
}

/** Latin, punctuation, arrows, boxes, symbols, Chinese, Japanese, Hangul: characters that never combine with their neighbours. */
const ALONE =
  /^[ -~\xa0-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2bff\u3000-\u3029\u3031-\u3098\u309b-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;

/** Every character takes one cell. */
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
