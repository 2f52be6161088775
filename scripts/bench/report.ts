import type { Spread } from './spread.js';

/** One figure that the project promises, beside what was measured. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean;
}

/** A figure that must be at most, or at least, so much. */
export function figure(what: string, value: number, relation: '≤' | '≥', target: number, unit = ''): Figure {
  return {
    what,
    measured: number(value) + unit,
    target: `${relation} ${target}${unit}`,
    met: relation === '≤' ? value <= target : value >= target,
  };
}

export function number(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** `median (min–max)`. */
export function range({ median, min, max }: Spread): string {
  return `${number(median)} (${number(min)}–${number(max)})`;
}

export function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, target, met }) => [what, measured, target, met ? 'met' : 'MISSED']);
  return table([['', 'measured', 'target', ''], ...rows]);
}

/** Rows of cells as Markdown, padded so that it is a table in a terminal, too; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}
