import type { Line } from './line.js';

const rows = new WeakMap<Line, number>();

/** Notes how many rows of the screen `line` took, where it was more than one. */
export function noteRows(line: Line, count: number): void {
  if (count > 1) rows.set(line, count);
}

/** How many rows of the screen `line` took when it left. */
export function rowsTaken(line: Line): number {
  return rows.get(line) ?? 1;
}

/** Where the last of `lines` begin that took `rows` rows of the screen together. */
export function firstOfLastRows<Lined>(lines: readonly Lined[], rows: number, rowsOf: (line: Lined) => number): number {
  let left = rows;
  return 1 + lines.findLastIndex((line) => (left -= rowsOf(line)) < 0);
}
