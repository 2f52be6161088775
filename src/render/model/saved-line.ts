import type { Run } from './frame.js';
import type { Line } from './line.js';
import { runsOf } from './runs-later.js';

/** A final line as it is kept: there may be thousands in a state. */
export type SavedLine = readonly [text: string, offset: number, endOffset: number, runs?: readonly Run[]];

export function saveLine(line: Line): SavedLine {
  const { text, offset, endOffset } = line;
  const runs = runsOf(line);
  return runs === undefined ? [text, offset, endOffset] : [text, offset, endOffset, runs];
}

/** With its colours where there are to be `styles`. */
export function resumeLine([text, offset, endOffset, runs]: SavedLine, styles: boolean): Line {
  const line = { text, offset, endOffset, final: true };
  return styles && runs !== undefined ? { ...line, runs } : line;
}
