import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errnoCode, errors } from '../../core/errors.js';
import type { EventRecord } from '../../core/events.js';
import { EVENTS_FILE } from '../events/event-log.js';
import { lastRotation } from '../events/event-reader.js';
import { KnownFiles } from '../files/known-files.js';
import { DamagedBlock } from './packed-segment.js';
import { unpackedBytes } from './segment-file.js';
import { isPackedLogName, LOG_NAME, sealedLogName, sealedLogStart } from './segment-names.js';

/** One file of a recording. */
export interface Segment {
  readonly path: string;
  /** Absolute offset of its first byte in the recording. */
  readonly start: number;
  readonly bytes: number;
  /** What it takes on the disk, which is less where it is compressed. */
  readonly packedBytes: number;
  /** Identifies the file whatever it is called; a segment being written is renamed when it is sealed. */
  readonly inode: number;
  readonly sealed: boolean;
  /** When it was last written, in milliseconds of Unix time. */
  readonly modified: number;
}

/**
 * The files of a recording in the order of their bytes, backend.log, which may still grow, last. Empty where none
 * is left. Consistent while the recorder seals and starts segments.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export function listSegments(folder: string): Segment[] {
  const path = join(folder, LOG_NAME);
  for (;;) {
    const before = statOf(path);
    const starts = sealedStarts(folder);
    const found = [...starts].map(([sealedPath, start]) => segmentAt(sealedPath, statOf(sealedPath), start, true));
    const sealed = found.filter((segment) => segment !== undefined);
    const start = before === undefined ? 0 : activeStart(folder, sealed);
    const after = statOf(path);
    const isSameLog = before?.ino === after?.ino && before?.dev === after?.dev;
    // What was backend.log a moment ago may have been sealed meanwhile, and the oldest removed: then all is looked at again.
    if (!isSameLog || (sealed.length < found.length && !sameKeys(starts, sealedStarts(folder)))) continue;
    const active = segmentAt(path, after, start, false);
    return active === undefined ? sealed : [...sealed, active];
  }
}

/**
 * The absolute offset at which what is left of the recording begins; 0 where nothing is.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export function recordedStart(folder: string): number {
  return listSegments(folder)[0]?.start ?? 0;
}

/**
 * When the recording last grew, in milliseconds of Unix time; undefined where nothing is left of it.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export function lastWritten(folder: string): number | undefined {
  // While backend.log has no name, because it is being sealed, the sealed one is the newest.
  return statOf(join(folder, LOG_NAME))?.mtimeMs ?? listSegments(folder).at(-1)?.modified;
}

/** Up to which offset the oldest segments were removed to make room: what is missing in front of it was meant to go. */
export function trimmedTo(events: readonly EventRecord[]): number {
  return events.reduce((to, event) => (event.type === 'trim' ? Math.max(to, event.offset + event.bytes) : to), 0);
}

/** The absolute offset behind the last byte on disk. */
export function recordedEnd(folder: string): number {
  return endOfSegments(listSegments(folder));
}

export function endOfSegments(segments: readonly Segment[]): number {
  const last = segments.at(-1);
  return last === undefined ? 0 : last.start + last.bytes;
}

/** Sealed segments, path to start, in order. One that is there packed and as it was is taken as it was. */
function sealedStarts(folder: string): Map<string, number> {
  const names = new Set(namesIn(folder));
  const found = [...names].flatMap((name) => {
    const start = sealedLogStart(name);
    if (start === undefined || (isPackedLogName(name) && names.has(sealedLogName(start)))) return [];
    return [[join(folder, name), start] as const];
  });
  return new Map(found.sort(([, a], [, b]) => a - b));
}

/**
 * Where backend.log begins: its name does not say, the last `rotate` event does. Without one (lost with a full disk,
 * say) it follows the sealed segments without a gap.
 */
function activeStart(folder: string, sealed: readonly Segment[]): number {
  const sealedEnd = endOfSegments(sealed);
  const events = join(folder, EVENTS_FILE);
  const stats = statIfPossible(events);
  return stats === undefined
    ? sealedEnd
    : Math.max(
        sealedEnd,
        rotations.get(events, stats, () => lastRotation(folder)),
      );
}

/** Where the recording is read while it grows all this is asked for again and again, and seldom changes. */
const KNOWN_FILES = 4096;
const rotations = new KnownFiles<number>(KNOWN_FILES);
const packedSizes = new KnownFiles<number>(KNOWN_FILES);

function segmentAt(path: string, stats: Stats | undefined, start: number, sealed: boolean): Segment | undefined {
  if (stats === undefined) return undefined;
  const isPacked = isPackedLogName(basename(path));
  const bytes = isPacked ? packedSizes.get(path, stats, () => bytesInPacked(path)) : stats.size;
  if (bytes === undefined) return undefined;
  return { path, start, bytes, packedBytes: stats.size, inode: stats.ino, sealed, modified: stats.mtimeMs };
}

/** Of one that does not tell nothing can be read: 0. Undefined where it went meanwhile. */
function bytesInPacked(path: string): number | undefined {
  try {
    return unpackedBytes(path);
  } catch (error) {
    if (error instanceof DamagedBlock) return 0;
    if (errnoCode(error) === 'ENOENT') return undefined;
    throw errors.logUnreadable(path, error);
  }
}

/** Of a file that a reader can do without. */
function statIfPossible(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return undefined;
  }
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw errors.logUnreadable(path, error);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return [];
    throw errors.logUnreadable(folder, error);
  }
}

function sameKeys(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}
