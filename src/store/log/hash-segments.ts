import { errnoCode, errors } from '../../core/errors.js';
import type { EventRecord } from '../../core/events.js';
import { type RecordingDigest, RecordingHash } from './recording-hash.js';
import { openSegmentFile, type SegmentFile } from './segment-file.js';
import { type Segment, trimmedTo } from './segments.js';

/** One read: large enough that reading costs nothing beside hashing; two of them are in memory. */
const HASHED_BYTES = 1024 * 1024;

/** The segments that were hashed when they were complete. */
export function segmentEvents(events: readonly EventRecord[]): readonly Extract<EventRecord, { type: 'segment' }>[] {
  return events.filter((event) => event.type === 'segment');
}

/** What the bytes on the disk hash to. */
export interface LogHashes extends RecordingDigest {
  /** SHA-256 of each segment, by the offset of its first byte. */
  readonly segments: ReadonlyMap<number, string>;
}

/**
 * Hashes the segments of a recording. `events` tell what was in front of the first, should that have been removed. Undefined
 * when `signal` aborted it. `onBytes` is called with all bytes, in order, and their offsets in the recording.
 *
 * @throws OrchError LOG_UNREADABLE, also for a segment that is shorter than it was when it was listed
 */
export async function hashSegments(
  segments: readonly Segment[],
  events: readonly EventRecord[],
  signal?: AbortSignal,
  onBytes?: (bytes: Uint8Array, offset: number) => void,
): Promise<LogHashes | undefined> {
  const filled = segments.filter(({ bytes }) => bytes > 0);
  const begin = filled[0]?.start ?? Infinity;
  const hash = new RecordingHash(segmentEvents(events).findLast(({ offset }) => offset < begin)?.chain);
  if (trimmedTo(events) > 0) hash.removed();
  const hashes = new Map<number, string>();
  for (const segment of filled) {
    const isWhole = await hashSegment(segment, { hash, signal, onBytes });
    if (!isWhole) return undefined;
    hashes.set(segment.start, hash.endSegment().sha256);
  }
  return { segments: hashes, ...hash.digest() };
}

interface Hashing {
  readonly hash: RecordingHash;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: ((bytes: Uint8Array, offset: number) => void) | undefined;
}

/** Hashes one segment. While a piece is hashed the next one is read. False when `signal` aborted it. */
async function hashSegment(segment: Segment, { hash, signal, onBytes }: Hashing): Promise<boolean> {
  const buffers = [Buffer.allocUnsafeSlow(HASHED_BYTES), Buffer.allocUnsafeSlow(HASHED_BYTES)] as const;
  await using file = await openSegment(segment);
  let reading = readPiece(file, segment, buffers[0], 0);
  for (let [position, turn] = [0, 1]; position < segment.bytes; turn++) {
    const piece = await reading;
    if (signal?.aborted === true) return false;
    const offset = segment.start + position;
    position += piece.length;
    if (position < segment.bytes)
      reading = readPiece(file, segment, turn % 2 === 0 ? buffers[0] : buffers[1], position);
    hash.update(piece);
    onBytes?.(piece, offset);
  }
  await reading;
  return true;
}

async function openSegment({ path, sealed }: Segment): Promise<SegmentFile> {
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

/** At least one byte from `position` on, and none behind the segment's end. @throws OrchError LOG_UNREADABLE */
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
