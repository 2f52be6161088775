import { lastKeyframe } from '../../keyframes/keyframes.js';
import { Screen } from '../../render/screen/screen.js';
import type { RecordedTask } from '../lines/recorded-task.js';

/** The screen of a recording as it was at the absolute offset `to`, with its colours: for the caller to go on with, and to dispose. */
export async function screenAt(recording: RecordedTask, to: number, signal?: AbortSignal): Promise<Screen> {
  const begin = await lastKeyframe(recording.entry.folder, to);
  const chunks = recording.chunks(
    { from: begin?.offset ?? 0, to, ...(signal === undefined ? {} : { signal }) },
    { continued: begin !== undefined },
  );
  const screen =
    begin === undefined
      ? new Screen(recording.sizeAt(0), { styles: true })
      : Screen.resume(begin.state.screen, { styles: true });
  try {
    for await (const chunk of chunks) screen.feed(chunk);
    return screen;
  } catch (error) {
    screen.dispose();
    throw error;
  }
}
