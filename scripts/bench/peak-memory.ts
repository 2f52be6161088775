import { readFileSync } from 'node:fs';

/** VmHWM of a process, the peak of its resident set, in KiB (proc(5)); 0 once it has gone. */
export function peakKb(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
