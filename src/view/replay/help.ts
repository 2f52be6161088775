import { type Frame, PLAIN } from '../../render/model/frame.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { displayWidth, truncate } from '../../core/terminal/display-width.js';

const KEYS = [
  'space           pause, or go on',
  '.  ,            the next frame, the one before',
  'left  right     5 seconds back, or on',
  '[  ]            the beginning of the iteration, of the next',
  '0 to 9          tenths of the recording',
  'home  end       its beginning, its end',
  '+  -            twice as fast, half as fast',
  '/  n  N         look for a line (a regular expression); the next, the one before',
  'h j k l         look left, down, up, right (so do shift and arrows) on a screen',
  '                larger than yours; c follows the cursor again',
  '?               these keys',
  'q               quit',
];

/** The keys, in place of a picture. */
export function helpFrame({ cols, rows }: TerminalSize): Frame {
  const lines = ['', ...KEYS.map((line) => `  ${line}`)].map((line) => truncate(line, cols));
  return {
    cols,
    rows,
    cursor: { row: -1, col: -1, visible: false },
    lines: Array.from({ length: rows }, (_, at) => {
      const text = lines[at] ?? '';
      return text === '' ? [] : [{ text, width: displayWidth(text), style: PLAIN }];
    }),
  };
}
