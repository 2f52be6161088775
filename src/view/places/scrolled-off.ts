import { keyframesFromEnd, stateOf } from '../../keyframes/keyframes.js';
import type { Row } from '../../render/model/row.js';
import { runsToAnsi } from '../../render/pictures/print-frame.js';
import { Screen, type ScreenState } from '../../render/screen/screen.js';
import type { RecordedTask } from '../lines/recorded-task.js';

/**
 * The last rows, `count` at most, that had left the normal screen at its top at the absolute offset `to`, with their colours: the
 * oldest first, each with the line break in front of it that it had. Goes back no further than it takes, keyframe by keyframe.
 */
export async function scrolledOff(
  recording: RecordedTask,
  { to, count, signal }: { readonly to: number; readonly count: number; readonly signal: AbortSignal },
): Promise<string> {
  if (count === 0) return '';
  const { folder } = recording.entry;
  const beginnings = [...keyframesFromEnd(folder)].filter(({ offset }) => offset <= to);
  // Each try goes back twice as far as the one before.
  for (let back = 0; back < beginnings.length; back = back * 2 + 1) {
    const entry = beginnings[back];
    const state = entry && (await stateOf(folder, entry));
    if (entry === undefined || state === undefined) continue;
    const begin = { offset: entry.offset, saved: state.screen };
    const rows = await rowsFrom(recording, begin, { to, count, signal });
    if (rows.length === count || signal.aborted) return drawn(rows);
  }
  return drawn(await rowsFrom(recording, { offset: 0, saved: undefined }, { to, count, signal }));
}

async function rowsFrom(
  recording: RecordedTask,
  { offset, saved }: { readonly offset: number; readonly saved: ScreenState | undefined },
  { to, count, signal }: { readonly to: number; readonly count: number; readonly signal: AbortSignal },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const observer = {
    scrolledOff: (left: readonly Row[]): void => {
      rows.push(...left);
      if (rows.length > 2 * count) rows.splice(0, rows.length - count);
    },
    scrollbackErased: (): void => {
      rows.length = 0;
    },
  };
  const options = { styles: true, observer };
  const screen = saved === undefined ? new Screen(recording.sizeAt(0), options) : Screen.resume(saved, options);
  try {
    const chunks = recording.chunks({ from: offset, to, signal }, { continued: saved !== undefined });
    for await (const chunk of chunks) screen.feed(chunk);
    return rows.slice(-count);
  } finally {
    screen.dispose();
  }
}

function drawn(rows: readonly Row[]): string {
  const text = rows.map((row, at) => {
    const isContinued = row.wrapped && at > 0;
    return `${isContinued ? '' : '\r\n'}${runsToAnsi(row.runs ?? row.readRuns?.() ?? [], { links: true })}`;
  });
  return text.join('');
}
