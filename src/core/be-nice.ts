import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** nice(2): the agent and its capture come first. */
const NICENESS = 19;

/** Has the thread that calls this give way to all others. On Linux setpriority(2) takes the id of a thread for that alone. */
export function beNice(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS);
  } catch {
    // Elsewhere the thread is one like any other.
  }
}
