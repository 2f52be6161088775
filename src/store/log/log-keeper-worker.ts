// The thread behind LogKeeper: told how the segments of a recording grow, it hashes them in order, and packs those that are
// complete while there is nothing to hash. What it finds in the log that should perhaps not be there it tells in between.
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { beNice } from '../../core/process/be-nice.js';
import { systemClock } from '../../core/clock.js';
import { nextTurn } from '../../core/async/next-turn.js';
import type { Exposure } from '../../core/redact/secret-watch.js';
import { readRange } from './file-range.js';
import type { KeeperData, KeeperOrder, KeeperReport } from './log-keeper.js';
import { LogWatch } from './log-watch.js';
import { RecordingHash } from './recording-hash.js';
import { SegmentPacker } from './segment-packer.js';
import { packedLogName } from './segment-names.js';

/** nice(2): the agent and its capture come first, and the hash is wanted only when both have ended. */
const NICENESS = 10;
/** So much is hashed before orders are looked at again. */
const STEP_BYTES = 4 * 1024 * 1024;
/** The hash is wanted now: so much of what was not looked through yet still is, which takes less than a second. */
const LAST_LOOK_BYTES = 64 * 1024 * 1024;
/** After each piece that was looked through the thread rests this many times as long: agents print little, floods can wait. */
const REST = 9;

/** A segment that is being read. */
interface Reading {
  readonly start: number;
  readonly fd: number | undefined;
  /** Bytes that are in the file, as far as is known here. */
  bytes: number;
  hashed: number;
}

const { folder, secrets, isLess } = workerData as KeeperData;
const watch = secrets === undefined ? undefined : new LogWatch(secrets);
/** In their order; the last is being written. */
let toHash: Reading[] = [];
const toPack: SegmentPacker[] = [];
const hash = new RecordingHash();
let ended = false;
let working = false;
let looking = false;
if (isLess) hash.removed();
beNice(NICENESS);

parentPort?.on('message', (order: KeeperOrder) => {
  obey(order);
  void work();
});

function obey(order: KeeperOrder): void {
  switch (order.type) {
    case 'begun':
      toHash.push({ start: order.start, fd: order.fd, bytes: 0, hashed: 0 });
      return;
    case 'grown':
      // Only the newest grows; one that stayed empty may begin at the same place.
      for (const reading of toHash.slice(-1)) if (reading.start === order.start) reading.bytes = order.bytes;
      return;
    case 'gone':
      forget(order);
      letGo(order.start);
      return;
    case 'end':
      ended = true;
      return;
  }
}

/** A segment that is not in the recording any more is in no hash either, unless it was done with before. */
function forget({ start, isEmpty }: KeeperOrder & { readonly type: 'gone' }): void {
  const [first] = toHash;
  if (first?.start === start && first.hashed > 0) hash.dropPart();
  else if (!isEmpty) hash.removed();
}

/** Nothing more is read of a segment. */
function letGo(start: number): void {
  for (const reading of toHash.filter((candidate) => candidate.start === start)) close(reading.fd);
  toHash = toHash.filter((candidate) => candidate.start !== start);
  const at = toPack.findIndex((packer) => packer.start === start);
  for (const packer of at === -1 ? [] : toPack.splice(at, 1)) {
    packer.abandon();
    close(packer.fd);
  }
}

/** A step at a time, with a look at the orders after each. */
async function work(): Promise<void> {
  if (working) return;
  working = true;
  while (hashNext() || finishNext() || (!ended && packNext())) await nextTurn();
  working = false;
  if (ended) finish();
  else lookWhenIdle();
}

/** Hashes the next bytes of the first segment that is not done with; false where there are none. */
function hashNext(): boolean {
  const [reading] = toHash;
  if (reading === undefined || reading.bytes === reading.hashed) return false;
  const { fd, start, hashed } = reading;
  if (fd === undefined) throw new Error(`the log from byte ${start} on could not be opened again`);
  const length = Math.min(STEP_BYTES, reading.bytes - hashed);
  readRange({ fd, position: hashed, length }, (bytes) => {
    hash.update(bytes);
  });
  watch?.add({ fd, position: hashed, length, offset: start + hashed });
  reading.hashed += length;
  if (ended) tell({ type: 'progress' });
  return true;
}

/** Done with hashing the first segment, where another was begun behind it. */
function finishNext(): boolean {
  const [first, second] = toHash;
  if (first === undefined || second === undefined) return false;
  toHash.shift();
  const { start, bytes } = first;
  // An empty one was replaced by the next.
  if (bytes > 0) tell({ type: 'hashed', start, bytes, ...hash.endPart() });
  if (bytes > 0 && first.fd !== undefined)
    toPack.push(new SegmentPacker(first.fd, start, bytes, join(folder, `${packedLogName(start)}.part`)));
  else close(first.fd);
  return true;
}

/** Packs the next block; false where there is none. The newest segments come first: those will be there longest. */
function packNext(): boolean {
  const packer = toPack.at(-1);
  if (packer === undefined) return false;
  const state = packer.step();
  if (state === 'going') return true;
  toPack.pop();
  watch?.forget(packer.fd);
  close(packer.fd);
  if (state === 'done') tell({ type: 'packed', start: packer.start, path: packer.path });
  return true;
}

function finish(): void {
  const digest = hash.digest();
  lookOnce();
  for (const { start } of [...toPack, ...toHash]) letGo(start);
  tell({ type: 'digest', digest });
  parentPort?.close();
}

/** A piece at a time, so that what is to be hashed comes first. */
function lookWhenIdle(restMs = 0): void {
  if (looking || ended || watch?.waits !== true) return;
  looking = true;
  systemClock.after(restMs, () => {
    looking = false;
    if (ended) return;
    const begun = systemClock.monotonic();
    tellOf(watch.next());
    lookWhenIdle((systemClock.monotonic() - begun) * REST);
  });
}

function lookOnce(): void {
  if (watch === undefined) return;
  for (let left = LAST_LOOK_BYTES; watch.waits && left > 0; ) {
    left -= watch.nextBytes;
    tellOf(watch.next());
  }
  tellOf(watch.end());
}

/** LogKeeper counts the first. */
function tellOf(exposure: Exposure | undefined): void {
  if (exposure !== undefined) tell({ type: 'exposure', exposure });
}

function tell(report: KeeperReport): void {
  parentPort?.postMessage(report);
}

function close(fd: number | undefined): void {
  if (fd !== undefined) closeSync(fd);
}
