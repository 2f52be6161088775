import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Lowers the priority of the calling thread: `niceness` as in nice(2), up to 19. On Linux setpriority(2) takes the
 * id of a single thread.
 */
export function beNice(niceness: number): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness);
  } catch {
    // Elsewhere the thread keeps its priority.
  }
}
