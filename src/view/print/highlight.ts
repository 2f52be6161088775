import type { Pattern, Range } from '../../core/pattern/pattern.js';
import type { Run } from '../../render/model/frame.js';

/** The most matches marked in one line: no one reads more, and finding each may take as long as the line. */
const MOST_MARKS = 1000;
/** The most steps for all matches of one line; about a third of a second. */
const MOST_STEPS = 100_000_000;

/** The runs with what `pattern` matches in their text shown inverse, the first thousand places at most. */
export function highlight(runs: readonly Run[], pattern: Pattern): readonly Run[] {
  const text = runs.map((run) => run.text).join('');
  const ranges = marksIn(text, pattern);
  if (ranges.length === 0) return runs;
  const out: Run[] = [];
  let next = 0;
  let at = 0;
  for (const run of runs) {
    const end = at + run.text.length;
    for (let from = at; from < end; ) {
      while ((ranges[next]?.[1] ?? Infinity) <= from) next++;
      const [begin, behind] = ranges[next] ?? [Infinity, Infinity];
      const marked = begin <= from;
      const to = Math.min(end, marked ? behind : begin);
      const style = marked ? { ...run.style, inverse: !run.style.inverse } : run.style;
      out.push({ ...run, text: text.slice(from, to), style });
      from = to;
    }
    at = end;
  }
  return out;
}

function marksIn(text: string, pattern: Pattern): readonly Range[] {
  const most = Math.min(MOST_MARKS, Math.floor(MOST_STEPS / pattern.steps(text)));
  const ranges: Range[] = [];
  if (most < 1) return ranges;
  for (const range of pattern.matches(text)) {
    ranges.push(range);
    if (ranges.length === most) break;
  }
  return ranges;
}
