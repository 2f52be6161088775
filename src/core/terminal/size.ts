/** A terminal's size in character cells. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** struct winsize holds unsigned shorts (tty_ioctl(4)); 0 means "unknown" to most programs and is refused. */
export const MAX_CELLS = 65_535;

/**
 * A count in a sequence (CSI 9999 B) is cut down to it: more than any screen has (tmux stops at 10,000 cells too), and larger
 * ones only serve to keep a terminal busy.
 */
export const MAX_PARAM = 9999;

/** The size where no terminal, flag or variable gives one: wide enough for what agents draw. */
export const DEFAULT_SIZE: TerminalSize = { cols: 120, rows: 40 };

/** The size assumed where a recording gives none: a VT100's, and the initial size of most terminals. */
export const UNKNOWN_SIZE: TerminalSize = { cols: 80, rows: 24 };

/** `cols` and `rows` as a size, or undefined where either is not a whole number from 1 to 65,535. */
export function terminalSize(cols: number, rows: number): TerminalSize | undefined {
  const fits = (cells: number): boolean => Number.isInteger(cells) && cells >= 1 && cells <= MAX_CELLS;
  return fits(cols) && fits(rows) ? { cols, rows } : undefined;
}

/** Whether a value of unknown origin is a size. */
export function isTerminalSize(value: unknown): value is TerminalSize {
  if (typeof value !== 'object' || value === null || !('cols' in value && 'rows' in value)) return false;
  const { cols, rows } = value;
  return typeof cols === 'number' && typeof rows === 'number' && terminalSize(cols, rows) !== undefined;
}

/** Reads `COLSxROWS`, the spelling of `--size`; undefined where it is anything else. */
export function parseSize(text: string): TerminalSize | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/i.exec(text);
  return match ? terminalSize(Number(match[1]), Number(match[2])) : undefined;
}
