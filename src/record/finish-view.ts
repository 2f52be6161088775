import { type Clock, sleep } from '../core/clock.js';
import type { LiveView } from './live-view.js';

/** A terminal that takes nothing for so long after the end is read by nobody: the recording has the rest. */
const UNREAD_MS = 2000;

/** Gives a terminal time to take what it has not been shown yet, for as long as it takes something. */
export async function finishView(view: LiveView, clock: Clock): Promise<void> {
  const done = new AbortController();
  const caughtUp = view.caughtUp().then(() => {
    done.abort();
  });
  for (let before = -1; before !== view.progress && !done.signal.aborted; ) {
    before = view.progress;
    await Promise.race([caughtUp, sleep(clock, UNREAD_MS, done.signal)]);
  }
}
