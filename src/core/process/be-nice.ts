import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Has the thread that calls this give way to others: `niceness` as nice(2) takes it, up to 19. On Linux setpriority(2) takes the
 * id of a thread for that alone.
 */
export function beNice(niceness: number): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness);
  } catch {
    // Elsewhere the thread is one like any other.
  }
}
