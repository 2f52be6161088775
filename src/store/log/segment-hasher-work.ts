import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.js';
import { nextTurn } from '../../core/async/next-turn.js';
import type { Exposure } from '../../core/redact/secret-watch.js';
import { readRange } from './file-range.js';
import type { HasherData, HasherRequest, HasherReply } from './segment-hasher-protocol.js';
import { LogWatch } from './log-watch.js';
import { RecordingHash } from './recording-hash.js';
import { SegmentPacker } from './segment-packer.js';
import { packedLogName } from './segment-names.js';

/** So much is hashed before requests are looked at again. */
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

/**
 * What the thread behind SegmentHasher does: told how the segments of a recording grow, it hashes them in order, and packs those
 * that are complete while there is nothing to hash. What it finds in the log that should perhaps not be there it tells in between.
 */
export class SegmentHasherWork {
  readonly #folder: string;
  readonly #report: (report: HasherReply) => void;
  readonly #watch: LogWatch | undefined;
  /** In order; the last is being written. */
  #toHash: Reading[] = [];
  readonly #toPack: SegmentPacker[] = [];
  readonly #hash = new RecordingHash();
  #ended = false;
  #working = false;
  #looking = false;
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
    const answer =
      request.type === 'end'
        ? new Promise<HasherReply>((resolve) => {
            this.#whenHashed = resolve;
          })
        : undefined;
    void this.#work();
    return answer;
  }

  #obey(request: HasherRequest): void {
    switch (request.type) {
      case 'begun':
        this.#toHash.push({ start: request.start, fd: request.fd, bytes: 0, hashed: 0 });
        return;
      case 'grown':
        // Only the newest grows; one that stayed empty may begin at the same place.
        for (const reading of this.#toHash.slice(-1))
          if (reading.start === request.start) reading.bytes = request.bytes;
        return;
      case 'gone':
        this.#forget(request);
        this.#release(request.start);
        return;
      case 'end':
        this.#ended = true;
        return;
    }
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
    while (this.#hashNext() || this.#finishNext() || (!this.#ended && this.#packNext())) await nextTurn();
    this.#working = false;
    if (this.#ended) this.#finish();
    else this.#lookWhenIdle();
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
    });
    this.#watch?.add({ fd, position: hashed, length, offset: start + hashed });
    reading.hashed += length;
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
    this.#watch?.forget(packer.fd);
    close(packer.fd);
    if (state === 'done') this.#report({ type: 'packed', start: packer.start, path: packer.path });
    return true;
  }

  #finish(): void {
    const digest = this.#hash.digest();
    this.#lookOnce();
    for (const { start } of [...this.#toPack, ...this.#toHash]) this.#release(start);
    this.#whenHashed?.({ type: 'digest', digest });
  }

  /** A piece at a time, so that what is to be hashed comes first. */
  #lookWhenIdle(restMs = 0): void {
    const watch = this.#watch;
    if (this.#looking || this.#ended || watch?.waits !== true) return;
    this.#looking = true;
    systemClock.after(restMs, () => {
      this.#looking = false;
      if (this.#ended) return;
      const started = systemClock.monotonic();
      this.#reportExposure(watch.next());
      this.#lookWhenIdle((systemClock.monotonic() - started) * REST);
    });
  }

  #lookOnce(): void {
    const watch = this.#watch;
    if (watch === undefined) return;
    for (let left = LAST_LOOK_BYTES; watch.waits && left > 0; ) {
      left -= watch.nextBytes;
      this.#reportExposure(watch.next());
    }
    this.#reportExposure(watch.end());
  }

  /** SegmentHasher counts the first. */
  #reportExposure(exposure: Exposure | undefined): void {
    if (exposure !== undefined) this.#report({ type: 'exposure', exposure });
  }
}

function close(fd: number | undefined): void {
  if (fd !== undefined) closeSync(fd);
}
