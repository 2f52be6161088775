import { PLAIN, type Run } from '../../render/model/frame.js';
import { runsToAnsi } from '../../render/pictures/print-frame.js';
import type { Row } from '../../render/model/row.js';
import { displayWidth, truncate } from '../../core/terminal/display-width.js';

/** A row as it stands, in its colours where it has them, cut to fit into `columns`. */
export function clippedRow({ text, runs }: Row, columns: number): string {
  if (runs === undefined) return truncate(text.trimEnd(), columns);
  const clipped: Run[] = [];
  let left = columns;
  for (const run of runs) {
    const width = displayWidth(run.text);
    if (width <= left) clipped.push(run);
    else
      clipped.push({
        ...run,
        text: truncate(run.text, Math.max(1, left)),
        width: left,
        style: left > 0 ? run.style : PLAIN,
      });
    left -= width;
    if (left <= 0) break;
  }
  return runsToAnsi(clipped);
}
