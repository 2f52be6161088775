import type { BenchRecord, ContenderRecord, Outcome } from './run-record.js';
import { paired, spread } from './spread.js';
import { type Target, unitOf, unitOfFigure } from './targets.js';

/** What a line came to by what was measured; of a quick run nothing is judged. */
export function judge(target: Target, { contenders }: BenchRecord, quick: boolean): Outcome {
  const { name, work, direction, target: bound, figure, beside } = target;
  const said = {
    name,
    work,
    direction,
    target: bound,
    unit: unitOf(target),
    measuredIn: unitOfFigure(figure),
  };
  const orch = contenders.find((contender) => contender.name === 'orch');
  const failure = orch?.failed ?? (orch === undefined ? 'orch was not measured' : undefined);
  const ours = valuesOf(orch, figure);
  if (orch?.missing !== undefined) return { ...said, verdict: 'unjudged', reason: orch.missing };
  if (failure !== undefined || ours === undefined)
    return { ...said, verdict: 'failed', reason: failure ?? `there is no figure "${figure}"` };
  const other = valuesOf(
    contenders.find((contender) => contender.name === 'other'),
    figure,
  );
  const measured = {
    ...said,
    orch: spread(ours),
    ...(other && { ofOther: paired(ours, other, ratio) }),
  };
  if (beside === undefined) return judged(measured, spread(ours), quick);
  const peer = beside.peer === 'itself' ? orch : contenders.find((contender) => contender.name === beside.peer);
  const theirs = valuesOf(peer, beside.figure ?? figure);
  if (theirs === undefined) {
    const reason = peer?.missing ?? peer?.failed ?? 'was not measured';
    return { ...measured, peer: beside.peer, verdict: 'unjudged', reason: `${beside.peer}: ${reason}` };
  }
  const value = paired(ours, theirs, beside.as === 'ratio' ? ratio : difference);
  return judged({ ...measured, peer: beside.peer, ofPeer: spread(theirs) }, value, quick);
}

/** Whether none of them was missed or has failed. */
export function isKept(lines: readonly Outcome[]): boolean {
  return lines.every(({ verdict }) => verdict === 'met' || verdict === 'unjudged');
}

type Measured = Omit<Outcome, 'verdict' | 'reason' | 'value'>;

function judged(measured: Measured, value: ReturnType<typeof spread>, quick: boolean): Outcome {
  if (!Number.isFinite(value.median)) return { ...measured, verdict: 'failed', reason: 'it has no number' };
  const met = measured.direction === '≥' ? value.median >= measured.target : value.median <= measured.target;
  return { ...measured, value, verdict: quick ? 'unjudged' : met ? 'met' : 'missed' };
}

/** In the order of the turns; undefined where not one turn has it. */
function valuesOf(contender: ContenderRecord | undefined, figure: string): readonly number[] | undefined {
  const values = contender?.turns.flatMap((turn) => turn[figure] ?? []) ?? [];
  return values.length === 0 ? undefined : values;
}

const ratio = (ours: number, theirs: number): number => ours / theirs;
const difference = (ours: number, theirs: number): number => ours - theirs;
