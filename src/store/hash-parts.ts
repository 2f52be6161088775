import { createHash } from 'node:crypto';
import { errnoCode, errors } from '../core/errors.js';
import type { EventRecord } from '../core/events.js';
import { openSegmentFile, type SegmentFile } from './segment-file.js';
import type { Segment } from './segments.js';

/** One read: large enough that reading costs nothing beside hashing; two of them are in memory. */
const READ_BYTES = 1024 * 1024;

/**
 * The hash of a recording that goes on with a part of hash `sha256` behind what has the hash `before`: the SHA-256 of both, as
 * 128 hexadecimal digits. A recording of one part has that part's. So each part can be proven by itself, and what is left
 * when the first ones were removed still hangs together.
 */
export function chainHash(before: string | undefined, sha256: string): string {
  return before === undefined ? sha256 : createHash('sha256').update(before).update(sha256).digest('hex');
}

/** The segments that were hashed when they were complete. */
export function segmentEvents(events: readonly EventRecord[]): readonly Extract<EventRecord, { type: 'segment' }>[] {
  return events.filter((event) => event.type === 'segment');
}

/** What the bytes on the disk hash to. */
export interface LogHashes {
  /** SHA-256 of each part, by the offset of its first byte. */
  readonly parts: ReadonlyMap<number, string>;
  /** Of all there are, and what was in front of them. */
  readonly chain: string;
}

/**
 * Hashes the parts of a recording. `events` tell what was in front of the first, should that have been removed. Undefined
 * when `signal` aborted it.
 *
 * @throws OrchError LOG_UNREADABLE, also for a part that is shorter than it was when it was listed
 */
export async function hashParts(
  parts: readonly Segment[],
  events: readonly EventRecord[],
  signal?: AbortSignal,
): Promise<LogHashes | undefined> {
  const filled = parts.filter(({ bytes }) => bytes > 0);
  const begin = filled[0]?.start ?? Infinity;
  let chain = segmentEvents(events).findLast(({ offset }) => offset < begin)?.chain;
  const hashes = new Map<number, string>();
  for (const part of filled) {
    const sha256 = await hashPart(part, signal);
    if (sha256 === undefined) return undefined;
    hashes.set(part.start, sha256);
    chain = chainHash(chain, sha256);
  }
  return { parts: hashes, chain: chain ?? createHash('sha256').digest('hex') };
}

/** SHA-256 of one part, in lower-case hex. While a piece is hashed the next one is read. Undefined when `signal` aborted it. */
async function hashPart(part: Segment, signal?: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  const buffers = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)] as const;
  await using file = await openPart(part);
  let reading = readPiece(file, part, buffers[0], 0);
  for (let [position, turn] = [0, 1]; position < part.bytes; turn++) {
    const piece = await reading;
    if (signal?.aborted === true) return undefined;
    position += piece.length;
    if (position < part.bytes) reading = readPiece(file, part, turn % 2 === 0 ? buffers[0] : buffers[1], position);
    hash.update(piece);
  }
  await reading;
  return hash.digest('hex');
}

async function openPart({ path, sealed }: Segment): Promise<SegmentFile> {
  try {
    return await openSegmentFile(path);
  } catch (error) {
    // It may have been packed since it was listed.
    if (sealed && errnoCode(error) === 'ENOENT') return await openSegmentFile(`${path}.gz`).catch(unreadable);
    return unreadable(error);
  }

  function unreadable(error: unknown): never {
    throw errors.logUnreadable(path, error);
  }
}

/** At least one byte from `position` on, and none behind the part's end. @throws OrchError LOG_UNREADABLE */
async function readPiece(
  file: SegmentFile,
  { path, bytes }: Segment,
  buffer: Buffer,
  position: number,
): Promise<Uint8Array> {
  const wanted = Math.min(buffer.length, bytes - position);
  if (wanted === 0) return buffer.subarray(0, 0);
  const count = await file.read(buffer, wanted, position).catch((error: unknown) => {
    throw errors.logUnreadable(path, error);
  });
  if (count === 0) throw errors.logUnreadable(path, new Error(`it ends at ${position} of its ${bytes} bytes`));
  return buffer.subarray(0, count);
}
