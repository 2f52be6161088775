import { type Frame, PLAIN } from '../../render/model/frame.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { displayWidth, truncate } from '../../core/terminal/display-width.js';

/** The keys of a replay and what each does, for its help and the docs. */
export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['space', 'pause, or continue'],
  ['.  ,', 'the next frame, the previous one'],
  ['left  right', '5 seconds back, or on'],
  ['[  ]', 'the beginning of the iteration, of the next'],
  ['0 to 9', 'tenths of the recording'],
  ['home  end', 'its beginning, its end'],
  ['+  -', 'twice as fast, half as fast'],
  ['/  n  N', 'find a line (a regular expression); the next, the previous'],
  ['h j k l', 'pan a screen larger than yours left, down, up, right'],
  ['shift + arrows', 'the same'],
  ['c', 'follow the cursor again'],
  ['?', 'these keys'],
  ['q', 'quit'],
];

const KEYS_CELLS = 16;

/** The keys, in place of a picture. */
export function helpFrame({ cols, rows }: TerminalSize): Frame {
  const help = KEYS.map(([keys, does]) => `  ${keys.padEnd(KEYS_CELLS)}${does}`);
  const lines = ['', ...help].map((line) => truncate(line, cols));
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
