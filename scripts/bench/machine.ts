import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { RunRecord } from './run-record.js';

export function thisMachine(): RunRecord['machine'] {
  return {
    system: `${type()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}

export function machineLine({ system, cpu, cpus: count, memoryGb, node }: RunRecord['machine']): string {
  return `${count} × ${cpu}, ${memoryGb} GB, ${system}, Node ${node}`;
}

/** A quarter of a core busy with something else: two things that are measured meet it, and not equally. */
const BUSY_LOAD = 0.25;

/** What to say of a machine that does something else; undefined where it is idle. */
export function busyWarning({ load }: Pick<RunRecord['machine'], 'load'>): string | undefined {
  if (load <= BUSY_LOAD) return undefined;
  return `The machine is busy: a load of ${load.toFixed(1)} before the run. Figures count on an idle machine (${BUSY_LOAD} at most).`;
}
