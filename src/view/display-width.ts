import stripAnsi from 'strip-ansi';

/** East Asian Wide and Fullwidth (Unicode Standard Annex #11), and what is shown as a picture. */
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u;

/** Marks, joiners and the like, when they stand alone. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many cells a terminal gives a line of text; colours in it take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripAnsi(text))) width += graphemeWidth(segment);
  return width;
}

/** The beginning of a line that fits into `columns` cells, ending in `…` where something had to go. No colours in it. */
export function truncate(text: string, columns: number): string {
  let width = 0;
  let fits = '';
  for (const { segment, index } of graphemes.segment(text)) {
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

function graphemeWidth(grapheme: string): number {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}
