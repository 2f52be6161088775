import { type Clock, sleep } from '../../core/clock.js';
import type { LiveView } from './live-view.js';

/** Time without progress after the end, ms, from which a terminal counts as unread: the recording has the rest. */
const UNREAD_MS = 2000;

/** Waits until a terminal has been shown everything, for as long as it takes something. */
export async function untilTerminalIsDone(view: Pick<LiveView, 'caughtUp' | 'progress'>, clock: Clock): Promise<void> {
  const done = new AbortController();
  const caughtUp = view.caughtUp().then(() => {
    done.abort();
  });
  for (let before = -1; before !== view.progress && !done.signal.aborted; ) {
    before = view.progress;
    await Promise.race([caughtUp, sleep(clock, UNREAD_MS, done.signal)]);
  }
}

/** Waits until a pipe has taken everything, however long that takes, or until `stop` aborts. */
export async function untilPipeIsDone(view: LiveView, stop: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stop.removeEventListener('abort', done);
      resolve();
    };
    stop.addEventListener('abort', done);
    void view.caughtUp().then(done);
  });
}
