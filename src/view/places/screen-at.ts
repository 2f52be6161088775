import { lastKeyframe } from '../../keyframes/keyframes.js';
import { Screen } from '../../render/screen/screen.js';
import type { MissingRange } from '../lines/missing-range.js';
import type { RecordedTask } from '../lines/recorded-task.js';

export interface ScreenAtOptions {
  /** The absolute offset. */
  readonly to: number;
  /** With colours; its text alone is faster. */
  readonly styles: boolean;
  readonly signal: AbortSignal;
  readonly onMissing?: (range: MissingRange) => void;
}

/** The screen of a recording as it was, read from the keyframe in front of the place on: for the caller to go on with, and to dispose. */
export async function screenAt(
  recording: RecordedTask,
  { to, styles, signal, ...missing }: ScreenAtOptions,
): Promise<Screen> {
  const begin = await lastKeyframe(recording.entry.folder, to);
  const chunks = recording.chunks(
    { from: begin?.offset ?? 0, to, signal },
    { ...missing, continued: begin !== undefined },
  );
  const screen =
    begin === undefined ? new Screen(recording.sizeAt(0), { styles }) : Screen.resume(begin.state.screen, { styles });
  try {
    for await (const chunk of chunks) screen.feed(chunk);
    return screen;
  } catch (error) {
    screen.dispose();
    throw error;
  }
}
