import type { Change } from './compare.js';
import type { BenchRecord, Outcome, RunRecord } from './run-record.js';
import { type Spread, spread, width } from './spread.js';
import { type Target, unitOf } from './targets.js';

/** Turns that lie farther apart say that the machine did something else. */
const WIDE = 0.25;

/** All that was measured of one bench, a row for each contender. */
export function measuredTable({ contenders }: BenchRecord): string {
  const figures = [...new Set(contenders.flatMap(({ turns }) => turns.flatMap((turn) => Object.keys(turn))))];
  const rows = contenders.map(({ name, turns, missing, failed }) => [
    name,
    missing ?? failed ?? `n = ${turns.length}`,
    ...figures.map((figure) => {
      const values = turns.flatMap((turn) => turn[figure] ?? []);
      return values.length === 0 ? '' : range(spread(values));
    }),
  ]);
  return table([['', '', ...figures], ...rows]);
}

/** Each line beside its target; with the other build where one was measured. */
export function outcomesTable(outcomes: readonly Outcome[]): string {
  const withOther = outcomes.some(({ ofOther }) => ofOther !== undefined);
  const head = ['', 'orch', 'beside', 'reached', 'n', 'target', '', ...(withOther ? ['of the other build'] : [])];
  const rows = outcomes.map((outcome) => {
    const { name, orch, peer, ofPeer, value, verdict, reason, measuredIn, ofOther } = outcome;
    const wide = value !== undefined && width(value) > WIDE ? ' (wide spread)' : '';
    return [
      name,
      orch === undefined ? '' : withUnit(number(orch.median), measuredIn),
      ofPeer === undefined || peer === undefined
        ? (peer ?? '')
        : `${peer}: ${withUnit(number(ofPeer.median), measuredIn)}`,
      value === undefined ? (reason ?? '') : withUnit(range(value), outcome.unit),
      value === undefined ? '' : String(value.n),
      targetOf(outcome),
      `${VERDICTS[verdict]}${wide}`,
      ...(withOther ? [ofOther === undefined ? '' : `${range(ofOther)} ×`] : []),
    ];
  });
  return table([head, ...rows]);
}

const VERDICTS: Readonly<Record<Outcome['verdict'], string>> = {
  met: 'met',
  missed: 'MISSED',
  unjudged: 'not judged',
  failed: 'FAILED',
};

export function changesTable(changes: readonly Change[]): string {
  const shown = (value: Spread | undefined, unit: string): string => (value ? withUnit(range(value), unit) : '');
  const rows = changes.map(({ name, work, unit, before, after, factor, verdict }) => [
    name,
    work,
    shown(before, unit),
    shown(after, unit),
    factor === undefined ? '' : number(factor),
    verdict,
  ]);
  return table([['', '', 'before', 'after', 'after / before', ''], ...rows]);
}

export function targetsTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => [
    target.name,
    target.bench,
    target.work,
    target.beside?.peer ?? '',
    targetOf({ ...target, unit: unitOf(target) }),
    target.because ?? '',
  ]);
  return table([['line', 'bench', 'work', 'beside', 'target', ''], ...rows]);
}

/** The rows of docs/performance.md, the head first: every target, and what a run that was kept reached. */
export function performanceRows(
  targets: readonly Target[],
  record: RunRecord | undefined,
): readonly (readonly string[])[] {
  const rows = targets.map((target) => {
    const line = record?.lines.find(({ name }) => name === target.name);
    const because = target.because === undefined ? '' : ` (${target.because})`;
    return [
      target.work,
      target.beside === undefined ? '' : target.beside.peer,
      `${targetOf({ ...target, unit: unitOf(target) })}${because}`,
      line?.value === undefined ? '' : withUnit(range(line.value), line.unit),
      line === undefined || line.verdict === 'unjudged' ? '' : line.verdict,
    ];
  });
  return [['work', 'beside', 'target', 'reached, median (least–most)', 'verdict'], ...rows];
}

function targetOf({ direction, target, unit }: Pick<Outcome, 'direction' | 'target' | 'unit'>): string {
  return `${direction} ${withUnit(String(target), unit)}`;
}

const withUnit = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);

function number(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 3);
}

/** `median (min–max)`; the median alone where there is but one. */
function range({ n, median, min, max }: Spread): string {
  return n === 1 ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;
}

/** Rows of cells as Markdown, padded so that it is a table in a terminal, too; the first row is the head. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((cells, column) => (row[column] ?? '').padEnd(cells)).join(' | ')} |`;
  return [line(head), `|${widths.map((cells) => '-'.repeat(cells + 2)).join('|')}|`, ...body.map(line)].join('\n');
}
