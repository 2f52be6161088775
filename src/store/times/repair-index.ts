import { join } from 'node:path';
import type { EventScan } from '../events/event-scan.js';
import { fileLines } from '../files/file-lines.js';
import { parseIndexHeader } from './index-lines.js';
import { IndexOrder, type IndexScan, MAX_INDEX_LINE } from './index-scan.js';
import type { Manifest } from '../layout/manifest.js';
import { replaceFile } from '../files/private-file.js';
import { INDEX_FILE, INDEX_VERSION, type IndexEntry, type IndexHeader } from './time-index.js';
import { momentsWithoutIndex, type Point, type Resize } from './time-index-reader.js';

/** Lines in one write(2). */
const LINES_A_WRITE = 1000;

export interface IndexSource {
  readonly manifest: Pick<Manifest, 'started' | 'size'>;
  /** As they are on the disk now. */
  readonly index: IndexScan;
  readonly events: EventScan;
  /** The absolute offset behind the last byte of the recording. */
  readonly end: number;
}

/**
 * Rebuilds backend.idx and replaces it in one step: every line of the old one that can be right; the resizes as events.jsonl has them,
 * where that is whole; and behind the last of these what events.jsonl and the log's modification time tell. Of a task that is
 * being recorded the index must be left alone. Throws the system's error, the old file then untouched.
 */
export function repairIndex(folder: string, { manifest, index, events, end }: IndexSource): void {
  const path = join(folder, INDEX_FILE);
  // The recorder takes the one from the other, so that the times of the old lines stay what they were.
  const header: IndexHeader = { v: INDEX_VERSION, start: manifest.started, size: manifest.size };
  const { resizes, points } = momentsWithoutIndex(folder, Date.parse(manifest.started));
  const knowsResizes = events.type === 'read' && events.damaged === 0 && !events.isTorn;
  const old = index.type === 'missing' ? [] : entriesIn(path, end);
  const entries = merged(old, knowsResizes ? resizes : undefined, points);
  replaceFile(path, inPieces(header, entries));
}

/** The entries that can be right, of a file whose first line need not be a header. */
function* entriesIn(path: string, end: number): Generator<IndexEntry, void, void> {
  const order = new IndexOrder(end);
  for (const { text, isWhole } of fileLines(path, MAX_INDEX_LINE)) {
    const entry = isWhole && parseIndexHeader(text) === undefined ? order.parse(text) : 'unknown';
    if (typeof entry !== 'string') yield entry;
  }
}

/** `resizes`: the only ones there were; undefined: those among the old entries are. */
function* merged(
  old: Iterable<IndexEntry>,
  resizes: readonly Resize[] | undefined,
  points: readonly Point[],
): Generator<IndexEntry, void, void> {
  const waiting = [...(resizes ?? [])];
  let last: Point = { ms: 0, offset: 0 };
  /** Those in front of `next`, at a time between what stands around them. */
  function* resizesBefore(next: Point): Generator<IndexEntry, void, void> {
    for (let first = waiting[0]; first !== undefined && first.offset < next.offset; first = waiting[0]) {
      waiting.shift();
      const ms = Math.max(last.ms, Math.min(first.ms, next.ms));
      last = { ms, offset: first.offset };
      yield [ms, 'r', first.offset, first.size.cols, first.size.rows];
    }
  }
  for (const entry of old) {
    const next = { ms: entry[0], offset: entry[2] };
    yield* resizesBefore(next);
    if (entry[1] === 'r' && resizes !== undefined) {
      if (!isSame(waiting[0], entry)) continue;
      waiting.shift();
    }
    last = next;
    yield entry;
  }
  for (const { ms, offset } of points) {
    if (offset <= last.offset) continue;
    const next = { ms: Math.max(last.ms, ms), offset };
    yield* resizesBefore(next);
    last = next;
    yield [next.ms, 'o', offset];
  }
  yield* resizesBefore({ ms: Infinity, offset: Infinity });
}

function isSame(resize: Resize | undefined, [, , offset, cols, rows]: IndexEntry): boolean {
  return resize?.offset === offset && resize.size.cols === cols && resize.size.rows === rows;
}

function* inPieces(header: IndexHeader, entries: Iterable<IndexEntry>): Generator<string, void, void> {
  let lines = [JSON.stringify(header)];
  for (const entry of entries) {
    lines.push(JSON.stringify(entry));
    if (lines.length < LINES_A_WRITE) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  yield lines.map((line) => `${line}\n`).join('');
}
