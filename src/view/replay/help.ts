import { type Frame, PLAIN } from '../../render/model/frame.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { displayWidth, truncate } from '../../core/terminal/display-width.js';
import { KEYMAP } from './input/keymap.js';

/** The keys of a replay and what each does, for its help and the docs. */
export const KEYS = KEYMAP.flatMap(({ help }) => (help === undefined ? [] : [help]));

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
