import { errnoCode } from '../../core/errors.js';

/** Sends a signal to a process group. False: there is no such group. */
export function killGroup(group: number, signal: NodeJS.Signals): boolean {
  return send(-group, signal);
}

/** Sends a signal to one process. False: there is no such process. */
export function killProcess(pid: number, signal: NodeJS.Signals): boolean {
  return send(pid, signal);
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if (errnoCode(error) !== 'ESRCH') throw error;
    return false;
  }
}
