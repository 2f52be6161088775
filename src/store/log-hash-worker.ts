// The thread behind LogHash: takes lists of file ranges, then `digest`, and answers that with the hash. What it finds in
// the log that should perhaps not be there it tells in between.
import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.js';
import type { Exposure } from '../core/redact/secret-watch.js';
import type { Secret } from '../core/redact/secret-variables.js';
import { type FileRange, readRange } from './file-range.js';
import type { HashMessage } from './log-hash.js';
import { LogWatch } from './log-watch.js';

/** nice(2): the agent and its capture come first, and the hash is wanted only when both have ended. */
const NICENESS = 10;
/** The hash is wanted now: what was not looked through yet is looked through for so long, the rest is not. */
const LAST_LOOK_MS = 500;
/** After each piece that was looked through the thread rests this many times as long: agents print little, floods can wait. */
const REST = 9;

const hash = createHash('sha256');
const secrets = workerData as readonly Secret[] | undefined;
const watch = secrets === undefined ? undefined : new LogWatch(secrets);
let looking = false;
beNice();

parentPort?.on('message', (message: readonly FileRange[] | 'digest') => {
  if (message === 'digest') {
    const digest = hash.digest('hex');
    lookOnce();
    tell({ type: 'digest', digest });
    parentPort?.close();
    return;
  }
  for (const range of message) {
    readRange(range, (bytes) => {
      hash.update(bytes);
    });
  }
  watch?.add(message);
  lookWhenIdle();
});

/** A piece at a time, so that what is to be hashed comes first. */
function lookWhenIdle(restMs = 0): void {
  if (looking || watch?.waits !== true) return;
  looking = true;
  systemClock.after(restMs, () => {
    looking = false;
    const begun = systemClock.monotonic();
    tellOf(watch.next());
    lookWhenIdle((systemClock.monotonic() - begun) * REST);
  });
}

function lookOnce(): void {
  if (watch === undefined) return;
  const until = systemClock.monotonic() + LAST_LOOK_MS;
  while (watch.waits && systemClock.monotonic() < until) tellOf(watch.next());
  tellOf(watch.end());
}

/** LogHash counts the first. */
function tellOf(exposure: Exposure | undefined): void {
  if (exposure !== undefined) tell({ type: 'exposure', exposure });
}

function tell(message: HashMessage): void {
  parentPort?.postMessage(message);
}

/** On Linux setpriority(2) takes the id of a thread for that thread alone. */
function beNice(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS);
  } catch {
    // Elsewhere the thread is one like any other.
  }
}
