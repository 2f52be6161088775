import { systemClock, type Timer } from '../../core/clock.js';
import type { PtyProcess } from './pty-process.js';

/** How long after SIGTERM an aborted command is killed. */
const KILL_AFTER_MS = 10_000;

/** Signals the process group when `signal` aborts, until disposed. */
export function endWith(signal: AbortSignal | undefined, target: Pick<PtyProcess, 'kill'>): Disposable {
  let killing: Timer | undefined;
  const abort = (): void => {
    target.kill('SIGTERM');
    killing = systemClock.after(KILL_AFTER_MS, () => {
      target.kill('SIGKILL');
    });
  };
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return {
    [Symbol.dispose]: () => {
      killing?.cancel();
      signal?.removeEventListener('abort', abort);
    },
  };
}
