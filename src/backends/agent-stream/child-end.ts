import type { Clock, Timer } from '../../core/clock.js';
import { type ExitStatus, exitStatusOf } from '../../core/exit-status.js';
import type { ChildProcess } from '../../core/process/spawn.js';

/** Silence after the exit, ms, from which a process that still holds the pipes open has no output of the program. */
const SILENCE_MS = 250;
/** A process left behind that keeps talking is listened to no longer than this (ms). */
const MAX_LINGER_MS = 2_000;

/** How the child ended, once what it printed has been read: its pipes may be held open by a process it left behind. */
export function endOfChild(child: ChildProcess, clock: Clock): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once('exit', (code, killedBy) => {
      const timers = new Set<Timer>();
      const end = (): void => {
        for (const timer of timers) timer.cancel();
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(exitStatusOf(code, killedBy));
      };
      // Drawing may have been stalled by a terminal that is not read: what waits in the pipes is read first.
      const late = (): void => void setImmediate(() => setImmediate(end));
      timers.add(clock.after(MAX_LINGER_MS, late));
      let silence = clock.after(SILENCE_MS, late);
      timers.add(silence);
      const heard = (): void => {
        timers.delete(silence);
        silence.cancel();
        silence = clock.after(SILENCE_MS, late);
        timers.add(silence);
      };
      child.stdout?.on('data', heard);
      child.stderr?.on('data', heard);
      child.once('close', end);
    });
  });
}
