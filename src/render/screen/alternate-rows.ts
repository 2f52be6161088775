import { readRows } from '../emulator/read-rows.js';
import { Provenance } from '../model/provenance.js';
import type { Row } from '../model/row.js';
import type { ScreenContext } from './screen-context.js';

/** The rows `from` up to `to` of the alternate screen, which is on. */
export function alternateRows({ feed, limits }: ScreenContext, from: number, to: number): readonly Row[] {
  // Where the emulator had more rows before, the alternate screen has a scrollback too.
  const { active } = feed.emulator;
  const { baseY } = active;
  return readRows(active, [baseY + from, baseY + to], new Provenance(), 0, limits.links ? 'now' : 'none', limits.cols);
}
