import { closeSync, constants, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { errnoCode, OrchError, reason } from '../../core/errors.js';
import type { Gap } from '../../core/events.js';
import { readEvents } from '../../store/events/event-reader.js';
import { type EventScan, scanEvents } from '../../store/events/event-scan.js';
import { type IndexScan, scanIndex } from '../../store/times/index-scan.js';
import type { Manifest } from '../../store/layout/manifest.js';
import { listSegments, type Segment, trimmedTo } from '../../store/log/segments.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';

/** A recording on the disk, without its bytes: the input of the checks in checks.ts. */
export interface RecordingFacts {
  readonly entry: TaskEntry;
  readonly phase: Phase;
  readonly segments: SegmentsFound;
  /** Up to which offset the oldest segments may have been removed to make room. */
  readonly trimmedTo: number;
  readonly events: EventScan;
  readonly index: IndexScan;
  /** backend.jsonl; `why`: it is there and cannot be read. */
  readonly stream: { readonly type: 'absent' | 'readable' } | { readonly type: 'unreadable'; readonly why: string };
  /** What is unusual about a file or the folder, such as `backend.log is open to others (0644)`. */
  readonly oddities: readonly string[];
}

/** `unknown`: the manifest, the only source for this, cannot be read. */
type Phase = 'running' | 'lost' | 'ended' | 'unknown';

type SegmentsFound =
  | { readonly type: 'found'; readonly list: readonly Segment[] }
  | { readonly type: 'unreadable'; readonly why: string };

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Never fails: an unreadable file is a fact, too. */
export function gatherFacts(folder: TaskFolder): RecordingFacts {
  const entry = readTask(folder);
  // Read in reverse of the recorder's order, so that nothing of a running task seems to lie behind the end of its log.
  const index = scanIndex(folder.path);
  const events = scanEvents(folder.path);
  const segments = findSegments(folder.path);
  return {
    entry,
    phase: phaseOf(entry),
    segments,
    // Noted before it is done, so that it is looked at afterwards.
    trimmedTo: trimmedTo(readEvents(folder.path).events),
    events,
    index,
    stream: findStream(join(folder.path, STREAM_FILE)),
    oddities: findOddities(folder.path),
  };
}

/** The gaps that the recording notes itself: in the manifest at the end, until then in the events. */
export function notedGaps({ entry, phase, events }: RecordingFacts): readonly Gap[] {
  return phase === 'ended' && entry.type === 'task' ? entry.manifest.gaps : gapEvents(events);
}

export function gapEvents(events: EventScan): readonly Gap[] {
  return events.type === 'read' ? events.events.filter((event) => event.type === 'gap') : [];
}

/** How much was removed from the front to make room, which is no damage: up to the first segment there is. */
export function removedFront({ trimmedTo, segments }: RecordingFacts): number {
  const first = segments.type === 'found' ? segments.list[0]?.start : undefined;
  return first !== undefined && first <= trimmedTo ? first : 0;
}

/** The absolute offset behind the last byte: as the manifest has it where the task has ended, else as far as it is there. */
export function recordingEnd(facts: RecordingFacts): number {
  const { entry, phase, segments } = facts;
  if (phase === 'ended' && entry.type === 'task') return entry.manifest.bytes;
  const ranges = [...(segments.type === 'found' ? segments.list : []).map(rangeOf), ...notedGaps(facts)];
  return Math.max(0, ...ranges.map(({ offset, bytes }) => offset + bytes));
}

/** Whether its end was written by `--repair`: a recorder always notes an exit. */
export function isSealed({ exit, status }: Manifest): boolean {
  return status !== 'running' && exit === undefined;
}

function rangeOf({ start, bytes }: Segment): { readonly offset: number; readonly bytes: number } {
  return { offset: start, bytes };
}

function phaseOf(entry: TaskEntry): Phase {
  if (entry.type === 'unreadable') return 'unknown';
  return entry.status === 'running' || entry.status === 'lost' ? entry.status : 'ended';
}

function findSegments(folder: string): SegmentsFound {
  try {
    return { type: 'found', list: listSegments(folder) };
  } catch (error) {
    if (error instanceof OrchError) return { type: 'unreadable', why: error.message };
    throw error;
  }
}

const STREAM_FILE = 'backend.jsonl';

function findStream(path: string): RecordingFacts['stream'] {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      readSync(fd, Buffer.allocUnsafe(1));
    } finally {
      closeSync(fd);
    }
    return { type: 'readable' };
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return errnoCode(error) === 'ENOENT' ? { type: 'absent' } : { type: 'unreadable', why: reason(error) };
  }
}

function findOddities(folder: string): string[] {
  try {
    const inside = readdirSync(folder).sort();
    return ['', ...inside].flatMap((name) => {
      const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
      return stats === undefined ? [] : oddityOf(name === '' ? 'the folder' : name, stats, name === '');
    });
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return [`the folder cannot be listed: ${reason(error)}`];
  }
}

function oddityOf(name: string, stats: Stats, isFolder: boolean): string[] {
  if (stats.isSymbolicLink()) return [`${name} is a symbolic link`];
  if (!isFolder && !stats.isFile()) return [`${name} is no file`];
  const mode = stats.mode & 0o777;
  const others = mode & ~(isFolder ? PRIVATE_FOLDER : PRIVATE_FILE);
  return others === 0 ? [] : [`${name} is open to others or executable (${mode.toString(8).padStart(4, '0')})`];
}
