import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errnoCode, errors } from '../core/errors.js';
import { readEvents } from './event-reader.js';
import { LOG_NAME, sealedLogStart } from './segment-names.js';

/** One file of a recording. */
export interface Segment {
  readonly path: string;
  /** Absolute offset of its first byte in the recording. */
  readonly start: number;
  readonly bytes: number;
  /** Identifies the file whatever it is called; a segment being written is renamed when it is sealed. */
  readonly inode: number;
  readonly sealed: boolean;
  /** When it was last written, in milliseconds since the epoch. */
  readonly modified: number;
}

/**
 * The files of a recording in the order of their bytes, backend.log, which may still grow, last. Empty where none
 * is left. Consistent while the recorder seals and starts segments.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export function listSegments(folder: string): Segment[] {
  for (;;) {
    const starts = sealedStarts(folder);
    const sealed = [...starts].flatMap(([path, start]) => segmentAt(path, start, true) ?? []);
    const active = segmentAt(join(folder, LOG_NAME), activeStart(folder, sealed), false);
    // What was backend.log a moment ago may have been sealed meanwhile: then everything is looked at again.
    if (sameKeys(starts, sealedStarts(folder))) return active === undefined ? sealed : [...sealed, active];
  }
}

/** The absolute offset behind the last byte on disk. */
export function recordedEnd(folder: string): number {
  const last = listSegments(folder).at(-1);
  return last === undefined ? 0 : last.start + last.bytes;
}

/** Sealed segments, path to start, in order. */
function sealedStarts(folder: string): Map<string, number> {
  const found = namesIn(folder).flatMap((name) => {
    const start = sealedLogStart(name);
    return start === undefined ? [] : [[join(folder, name), start] as const];
  });
  return new Map(found.sort(([, a], [, b]) => a - b));
}

/**
 * Where backend.log begins: its name does not say, the last `rotate` event does. Without one (lost with a full disk,
 * say) it follows the sealed segments without a hole.
 */
function activeStart(folder: string, sealed: readonly Segment[]): number {
  const last = sealed.at(-1);
  const sealedEnd = last === undefined ? 0 : last.start + last.bytes;
  const rotated = readEvents(folder).events.flatMap((event) => (event.type === 'rotate' ? [event.offset] : []));
  return Math.max(sealedEnd, rotated.at(-1) ?? 0);
}

function segmentAt(path: string, start: number, sealed: boolean): Segment | undefined {
  const stats = statOf(path);
  if (stats === undefined) return undefined;
  return { path, start, bytes: stats.size, inode: stats.ino, sealed, modified: stats.mtimeMs };
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
