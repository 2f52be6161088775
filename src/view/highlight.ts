import type { Run } from '../render/frame.js';

/** The runs with all that `pattern` (which must be global) matches in their text shown inverse. */
export function highlight(runs: readonly Run[], pattern: RegExp): readonly Run[] {
  const text = runs.map((run) => run.text).join('');
  const ranges = [...text.matchAll(pattern)].flatMap((match) =>
    match[0] === '' ? [] : [[match.index, match.index + match[0].length] as const],
  );
  if (ranges.length === 0) return runs;
  const edges = new Set(ranges.flat());
  const out: Run[] = [];
  let at = 0;
  for (const run of runs) {
    let from = 0;
    for (let to = 1; to <= run.text.length; to++) {
      if (to < run.text.length && !edges.has(at + to)) continue;
      const marked = ranges.some(([begin, end]) => begin <= at + from && at + from < end);
      const style = marked ? { ...run.style, inverse: !run.style.inverse } : run.style;
      out.push({ ...run, text: run.text.slice(from, to), style });
      from = to;
    }
    at += run.text.length;
  }
  return out;
}
