// The thread behind LogHash: takes lists of file ranges, then `digest`, and answers that with the hash.
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { type FileRange, hashRange } from './log-hash.js';

const hash = createHash('sha256');

parentPort?.on('message', (message: readonly FileRange[] | 'digest') => {
  if (message === 'digest') {
    parentPort?.postMessage(hash.digest('hex'));
    parentPort?.close();
  } else {
    for (const range of message) hashRange(hash, range);
  }
});
