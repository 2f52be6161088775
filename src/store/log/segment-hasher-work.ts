import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { sleep, systemClock } from '../../core/clock.js';
import { nextTurn } from '../../core/async/next-turn.js';
import type { Exposure } from '../../core/redact/secret-watch.js';
import { readRange } from './file-range.js';
import type { HasherData, HasherRequest, HasherReply } from './segment-hasher-protocol.js';
import { LogWatch } from './log-watch.js';
import { OutputPace } from './output-pace.js';
import { RecordingHash } from './recording-hash.js';
import { SegmentPacker } from './segment-packer.js';
import { packedLogName } from './segment-names.js';

/** So much is hashed, and looked through, before requests are looked at again. */
const STEP_BYTES = 4 * 1024 * 1024;
/** After a whole step, of which there are several behind a flood, the thread rests this many times as long, until the end. */
const REST = 3;
/** How often it is seen whether a flood is over, ms. */
const FLOOD_MS = 100;

/** A segment that is being read. */
interface Reading {
  readonly start: number;
  readonly fd: number | undefined;
  /** Bytes that are in the file, as far as is known here. */
  bytes: number;
  hashed: number;
}

/**
 * What the thread behind SegmentHasher does as the segments of a recording grow: it hashes them in order, looks through them for
 * secrets, and packs those that are complete while there is nothing to hash. In a flood it does nothing, which would slow the agent:
 * what is left at the end another process can do.
 */
export class SegmentHasherWork {
  readonly #folder: string;
  readonly #report: (report: HasherReply) => void;
  readonly #watch: LogWatch | undefined;
  /** In order; the last is being written. */
  #toHash: Reading[] = [];
  readonly #toPack: SegmentPacker[] = [];
  readonly #hash = new RecordingHash();
  readonly #pace = new OutputPace();
  /** Aborted at the end, for which no one rests. */
  readonly #ending = new AbortController();
  #working = false;
  #whenHashed: ((report: HasherReply) => void) | undefined;

  constructor({ folder, secrets, isPartial }: HasherData, report: (report: HasherReply) => void) {
    this.#folder = folder;
    this.#report = report;
    this.#watch = secrets === undefined ? undefined : new LogWatch(secrets);
    if (isPartial) this.#hash.removed();
  }

  /** The end is answered with the digest, once all is hashed. */
  take(request: HasherRequest): Promise<HasherReply> | undefined {
    this.#obey(request);
    if (request.type !== 'end') {
      void this.#work();
      return undefined;
    }
    if (request.atMost !== undefined && this.#bytesLeft > request.atMost) {
      this.#releaseAll();
      return Promise.resolve({ type: 'behind' });
    }
    return new Promise<HasherReply>((resolve) => {
      this.#whenHashed = resolve;
      void this.#work();
    });
  }

  get #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  get #bytesLeft(): number {
    return this.#toHash.reduce((sum, { bytes, hashed }) => sum + bytes - hashed, 0);
  }

  #obey(request: HasherRequest): void {
    switch (request.type) {
      case 'begun':
        this.#toHash.push({ start: request.start, fd: request.fd, bytes: 0, hashed: 0 });
        return;
      case 'grown':
        // Only the newest grows; one that stayed empty may begin at the same place.
        for (const reading of this.#toHash.slice(-1))
          if (reading.start === request.start) this.#grew(reading, request.bytes);
        return;
      case 'gone':
        this.#forget(request);
        this.#release(request.start);
        return;
      case 'end':
        this.#ending.abort();
        return;
    }
  }

  #grew(reading: Reading, bytes: number): void {
    this.#pace.grew(bytes - reading.bytes, systemClock.monotonic());
    reading.bytes = bytes;
  }

  /** A segment that is not in the recording any more is in no hash either, unless it was done with before. */
  #forget({ start, isEmpty }: HasherRequest & { readonly type: 'gone' }): void {
    const [first] = this.#toHash;
    if (first?.start === start && first.hashed > 0) this.#hash.dropSegment();
    else if (!isEmpty) this.#hash.removed();
  }

  /** Nothing more is read of a segment. */
  #release(start: number): void {
    for (const reading of this.#toHash.filter((candidate) => candidate.start === start)) close(reading.fd);
    this.#toHash = this.#toHash.filter((candidate) => candidate.start !== start);
    const at = this.#toPack.findIndex((packer) => packer.start === start);
    for (const packer of at === -1 ? [] : this.#toPack.splice(at, 1)) {
      packer.abandon();
      close(packer.fd);
    }
  }

  /** A step at a time, with a look at the requests after each. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (;;) {
      const started = systemClock.monotonic();
      if (!this.#ended && this.#pace.isFlood(started)) {
        await this.#rest(FLOOD_MS);
        continue;
      }
      const left = this.#bytesLeft;
      if (!this.#step()) break;
      if (this.#ended || left - this.#bytesLeft < STEP_BYTES) await nextTurn();
      else await this.#rest((systemClock.monotonic() - started) * REST);
    }
    this.#working = false;
    if (this.#ended) this.#finish();
  }

  async #rest(ms: number): Promise<void> {
    await sleep(systemClock, ms, this.#ending.signal);
  }

  /** False where there is nothing to do. */
  #step(): boolean {
    return this.#hashNext() || this.#finishNext() || (!this.#ended && this.#packNext());
  }

  /** Hashes the next bytes of the first segment that is not done with; false where there are none. */
  #hashNext(): boolean {
    const [reading] = this.#toHash;
    if (reading === undefined || reading.bytes === reading.hashed) return false;
    const { fd, start, hashed } = reading;
    if (fd === undefined) throw new Error(`the log from byte ${start} on could not be opened again`);
    const length = Math.min(STEP_BYTES, reading.bytes - hashed);
    readRange({ fd, position: hashed, length }, (bytes) => {
      this.#hash.update(bytes);
      this.#reportExposure(this.#watch?.look(bytes, start + reading.hashed));
      reading.hashed += bytes.length;
    });
    if (this.#ended) this.#report({ type: 'progress' });
    return true;
  }

  /** Done with hashing the first segment, where another was begun behind it. */
  #finishNext(): boolean {
    const [first, second] = this.#toHash;
    if (first === undefined || second === undefined) return false;
    this.#toHash.shift();
    const { start, bytes } = first;
    // An empty one was replaced by the next.
    if (bytes > 0) this.#report({ type: 'hashed', start, bytes, ...this.#hash.endSegment() });
    if (bytes > 0 && first.fd !== undefined)
      this.#toPack.push(new SegmentPacker(first.fd, start, bytes, join(this.#folder, `${packedLogName(start)}.part`)));
    else close(first.fd);
    return true;
  }

  /** Packs the next block; false where there is none. The newest segments come first: those will be there longest. */
  #packNext(): boolean {
    const packer = this.#toPack.at(-1);
    if (packer === undefined) return false;
    const state = packer.step();
    if (state === 'going') return true;
    this.#toPack.pop();
    close(packer.fd);
    if (state === 'done') this.#report({ type: 'packed', start: packer.start, path: packer.path });
    return true;
  }

  #finish(): void {
    const digest = this.#hash.digest();
    const last = this.#toHash.at(-1);
    this.#reportExposure(this.#watch?.end(last === undefined ? 0 : last.start + last.hashed));
    this.#releaseAll();
    this.#whenHashed?.({ type: 'digest', digest });
    this.#whenHashed = undefined;
  }

  #releaseAll(): void {
    for (const { start } of [...this.#toPack, ...this.#toHash]) this.#release(start);
  }

  #reportExposure(exposure: Exposure | undefined): void {
    if (exposure !== undefined) this.#report({ type: 'exposure', exposure });
  }
}

function close(fd: number | undefined): void {
  if (fd !== undefined) closeSync(fd);
}
