import { errnoCode } from '../core/errors.js';

/** Sends a signal to a process group; one that is gone needs none. */
export function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (errnoCode(error) !== 'ESRCH') throw error;
  }
}
