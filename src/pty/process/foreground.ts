import { readFileSync } from 'node:fs';

/**
 * Whether this process is its terminal's foreground process group. A background one (`orch run … &`) that touched the terminal's
 * settings or read its keys would be stopped (SIGTTOU, SIGTTIN). True where the system does not say.
 */
export function inForeground(): boolean {
  try {
    // proc_pid_stat(5): behind the name in parentheses come state, ppid, pgrp, session, tty_nr, tpgid.
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
