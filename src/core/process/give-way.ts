import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** nice(2): of a processor that others want too a tenth is left, so that it goes on nevertheless. */
const NICENESS = 10;

/**
 * Lets all other processes of the machine go first. For a process that leads its own session: where Linux gives each session a share
 * of its own (sched(7), autogroup), a niceness counts among the processes of one session only, and the session has another.
 */
export function giveWay(): void {
  for (const step of [
    () => {
      setPriority(NICENESS);
    },
    () => {
      writeFileSync('/proc/self/autogroup', `${NICENESS}`);
    },
  ]) {
    try {
      step();
    } catch {
      // Elsewhere it keeps its priority.
    }
  }
}
