import { join } from 'node:path';
import { OrchError } from '../../core/errors.js';
import { reachedBy } from '../../core/events.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { parseIndexEntry, parseIndexHeader } from './index-lines.js';
import { readEvents } from '../events/event-reader.js';
import { listSegments } from '../log/segments.js';
import { readTextIfPossible, wholeLines } from '../files/text-file.js';
import { INDEX_FILE, type IndexHeader } from './time-index.js';

/** How far an index can be trusted. */
export type IndexState =
  | { readonly type: 'whole' }
  /** The number of lines that could not be parsed and were skipped: times there are coarser, the rest is exact. */
  | { readonly type: 'damaged'; readonly lines: number }
  /** The file was of no use; what events.jsonl knows stands in for it: start, sizes and end, little between. */
  | { readonly type: 'rebuilt'; readonly why: string };

/** The terminal became `size` before the byte at `offset`, `ms` milliseconds after the start. */
export interface Resize {
  readonly ms: number;
  readonly offset: number;
  readonly size: TerminalSize;
}

/** A moment: at `ms` milliseconds after the start the recording had reached `offset`. */
export interface Point {
  readonly ms: number;
  readonly offset: number;
}

/** When which byte of a recording was captured, and how large the terminal was. */
export class TimeIndex {
  readonly state: IndexState;
  /** Wall time of millisecond 0, in milliseconds of Unix time; undefined where it is not known. */
  readonly start: number | undefined;
  /** The terminal's size at the start; undefined where it is not known. */
  readonly size: TerminalSize | undefined;
  readonly resizes: readonly Resize[];
  readonly #points: readonly Point[];

  constructor(state: IndexState, found: Moments) {
    this.state = state;
    this.start = found.start;
    this.size = found.size;
    this.resizes = found.resizes;
    this.#points = found.points;
  }

  /** When the byte at `offset` was captured, in milliseconds after the start; undefined where that is not yet known. */
  timeAt(offset: number): number | undefined {
    return this.#points[firstIndex(this.#points, (point) => point.offset > offset)]?.ms;
  }

  /** The offset the recording had reached `ms` milliseconds after the start; 0 before its first byte. */
  offsetAt(ms: number): number {
    return this.#points[firstIndex(this.#points, (point) => point.ms > ms) - 1]?.offset ?? 0;
  }
}

/** When each byte arrived, as far as is known. Milliseconds count from `start`; neither they nor offsets decrease. */
export interface Moments {
  readonly start: number | undefined;
  readonly size: TerminalSize | undefined;
  readonly resizes: readonly Resize[];
  readonly points: readonly Point[];
}

/**
 * The time index of a task folder. It never fails: a missing, torn or garbled file gives what can still be known,
 * and `state` says which of these it is. A last line without its line end is still being written and is no damage.
 */
export function readTimeIndex(folder: string): TimeIndex {
  const text = readTextIfPossible(join(folder, INDEX_FILE));
  if (text === undefined) return rebuildTimeIndex(folder, 'it is missing');
  const [first, ...lines] = wholeLines(text);
  const header = first === undefined ? undefined : parseIndexHeader(first);
  if (header === undefined) return rebuildTimeIndex(folder, 'its first line is not a header this orch can read');
  return collect(header, lines);
}

function collect(header: IndexHeader, lines: readonly string[]): TimeIndex {
  const points: Point[] = [];
  const resizes: Resize[] = [];
  let damaged = 0;
  let last: Point = { ms: 0, offset: 0 };
  for (const line of lines) {
    const entry = parseIndexEntry(line);
    if (entry === 'unknown') continue;
    // Going back in time or in the recording is not possible: such a line is as wrong as one that cannot be parsed.
    if (entry === 'damaged' || entry[0] < last.ms || entry[2] < last.offset) {
      damaged++;
      continue;
    }
    const [ms, type, offset] = entry;
    last = { ms, offset };
    points.push(last);
    if (type === 'r') resizes.push({ ms, offset, size: { cols: entry[3], rows: entry[4] } });
  }
  const state: IndexState = damaged === 0 ? { type: 'whole' } : { type: 'damaged', lines: damaged };
  return new TimeIndex(state, { start: Date.parse(header.start), size: header.size, resizes, points });
}

/** What events.jsonl and the log itself tell, where the index cannot. */
export function rebuildTimeIndex(folder: string, why: string): TimeIndex {
  return new TimeIndex({ type: 'rebuilt', why }, momentsWithoutIndex(folder));
}

/** The same where the caller knows when the recording started, in milliseconds of Unix time. */
export function momentsWithoutIndex(folder: string, known?: number): Moments {
  const { events } = readEvents(folder);
  const begin = events.find((event) => event.type === 'task.start');
  const start = known ?? (begin === undefined ? undefined : Date.parse(begin.ts));
  const points: Point[] = [];
  const resizes: Resize[] = [];
  const reached = (offset: number, wallTime: number): Point => {
    // Wall time may have been set back; the index does not go back with it.
    const last = points.at(-1) ?? { ms: 0, offset: 0 };
    const ms = start === undefined ? 0 : wallTime - start;
    const point = { ms: Math.max(last.ms, ms), offset: Math.max(last.offset, offset) };
    points.push(point);
    return point;
  };
  for (const event of events) {
    const offset = reachedBy(event);
    if (offset === undefined) continue;
    const point = reached(offset, Date.parse(event.ts));
    if (event.type === 'resize') resizes.push({ ...point, size: { cols: event.cols, rows: event.rows } });
  }
  const end = lastWrite(folder);
  if (end !== undefined) reached(end.offset, end.wallTime);
  const size = begin === undefined ? undefined : terminalSize(begin.cols, begin.rows);
  return { start, size, resizes, points };
}

/** Where the recording ends and when that was written, by the log itself: a task that was killed says it nowhere else. */
function lastWrite(folder: string): { offset: number; wallTime: number } | undefined {
  try {
    const last = listSegments(folder).at(-1);
    return last === undefined ? undefined : { offset: last.start + last.bytes, wallTime: Math.round(last.modified) };
  } catch (error) {
    if (error instanceof OrchError) return undefined;
    throw error;
  }
}

/** The first index whose item answers yes, where all that answer no come before; the length where none does. */
export function firstIndex<T>(items: readonly T[], answers: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && answers(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
