import { OrchError } from '../../core/errors.js';
import { readEvents } from '../../store/events/event-reader.js';
import { listSegments, trimmedTo } from '../../store/log/segments.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import { missingRanges } from '../lines/missing-range.js';

/** How much of what an agent printed is not in its recording. */
export interface MissingBytes {
  /** Bytes lost: they could not be written, or their files were removed. */
  readonly missing: number;
  /** Removed on purpose, to make room. */
  readonly removed: number;
}

/** The bytes missing from the files of a task, by the sizes of the files; undefined where that is not known. */
export function missingBytes(entry: TaskEntry): MissingBytes | undefined {
  if (entry.type === 'unreadable') return undefined;
  const { path } = entry.folder;
  try {
    const segments = listSegments(path);
    // Only where it does not begin at its beginning may something have been removed.
    const removedTo = (segments[0]?.start ?? 0) > 0 ? trimmedTo(readEvents(path).events) : 0;
    const ranges = missingRanges(segments, { from: 0, end: entry.bytes, removedTo });
    const sum = (removed: boolean): number =>
      ranges.reduce((total, range) => (range.removed === removed ? total + range.bytes : total), 0);
    return { missing: sum(false), removed: sum(true) };
  } catch (error) {
    if (error instanceof OrchError) return undefined;
    throw error;
  }
}
