/**
 * Hashes a recording whose recorder has ended, a program of its own: `node hash-program.js`, which reads a HashRequest. It leads its
 * own session, and ends when it is done: after about a second for 500 MB.
 */
import { systemClock } from '../../core/clock.js';
import { giveWay } from '../../core/process/give-way.js';
import { processStart } from '../layout/process-identity.js';
import { finishHash, type HashRequest } from './finish-hash.js';

giveWay();
let received = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  received += String(text);
});
process.stdin.on('end', () => {
  const { pid } = process;
  const me = { pid, pidStart: processStart(pid) ?? '' };
  // Where it fails no one is there to hear of it: the manifest names a process that is gone, and `verify` says so.
  finishHash(JSON.parse(received) as HashRequest, me, systemClock).catch(() => {
    process.exitCode = 1;
  });
});
