// The thread behind LogHash: takes lists of file ranges, then `digest`, and answers that with the hash.
import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { type FileRange, hashRange } from './log-hash.js';

/** nice(2): the agent and its capture come first, and the hash is wanted only when both have ended. */
const NICENESS = 10;

const hash = createHash('sha256');
beNice();

parentPort?.on('message', (message: readonly FileRange[] | 'digest') => {
  if (message === 'digest') {
    parentPort?.postMessage(hash.digest('hex'));
    parentPort?.close();
  } else {
    for (const range of message) hashRange(hash, range);
  }
});

/** On Linux setpriority(2) takes the id of a thread for that thread alone. */
function beNice(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS);
  } catch {
    // Elsewhere the thread is one like any other.
  }
}
