import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { LF } from '../../core/terminal/codes.js';
import { errnoCode } from '../../core/errors.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { parseIndexEntry, parseIndexHeader } from './index-lines.js';
import { wholeLines } from '../files/text-file.js';
import { INDEX_FILE, type IndexHeader } from './time-index.js';
import { firstIndex, type Point, rebuildTimeIndex, type TimeIndex } from './time-index-reader.js';

/** When which byte was captured, however that is known. Milliseconds count from the start of the recording. */
export interface RecordedTimes {
  /** Wall time of millisecond 0, in milliseconds of Unix time; undefined where it is not known. */
  readonly start: number | undefined;
  /** When the byte at `offset` was captured; undefined where that is not known, or not yet. */
  timeAt(offset: number): number | undefined;
  /** The offset the recording had reached at `ms`; 0 before its first byte. */
  offsetAt(ms: number): number;
}

/** Small enough that an answer is a few cheap reads, large enough that lines in a row share one. */
const BLOCK_BYTES = 16_384;
/** More than the longest line this orch writes. */
const LINE_BYTES = 256;
const CACHED_BLOCKS = 16;

/**
 * The time index of a recording, read only where it is asked: an index of a day and one of a second answer alike. It may
 * grow meanwhile. It never fails: where the file is of no use, what events.jsonl knows stands in, and `problem` says so.
 */
export class TimeLookup implements RecordedTimes, Disposable {
  readonly start: number | undefined;
  /** The terminal's size at the start; undefined where it is not known. */
  readonly size: TerminalSize | undefined;
  /** The index file is missing: times are coarse, everything else is exact. */
  readonly isMissing: boolean = false;
  readonly #folder: string;
  readonly #file: { readonly fd: number; readonly firstLine: number } | undefined;
  readonly #blocks = new Map<number, Block>();
  /** The block of the last answer. */
  #recent: readonly Point[] = [];
  #rebuilt: TimeIndex | undefined;
  #problem: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    const opened = openIndex(join(folder, INDEX_FILE));
    if (typeof opened === 'string') {
      this.isMissing = opened === MISSING;
      if (!this.isMissing) this.#problem = `backend.idx cannot be used: ${opened}; times are coarse`;
      this.#rebuilt = rebuildTimeIndex(folder, opened);
      this.start = this.#rebuilt.start;
      this.size = this.#rebuilt.size;
      return;
    }
    const { fd, header, firstLine } = opened;
    this.#file = { fd, firstLine };
    this.start = Date.parse(header.start);
    this.size = header.size;
  }

  /** A sentence about damage in the index, as far as it was read; undefined where there is none. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The offset the index reaches. */
  get end(): number {
    if (this.#rebuilt !== undefined) return this.#rebuilt.offsetAt(Infinity);
    for (let at = this.#blockCount - 1; at >= 0; at--) {
      const last = this.#block(at).at(-1);
      if (last !== undefined) return last.offset;
    }
    return 0;
  }

  timeAt(offset: number): number | undefined {
    if (this.#rebuilt !== undefined) {
      // What stands in is as of when it was made; a recording that goes on is asked about again and again.
      const known = this.#rebuilt.timeAt(offset);
      if (known !== undefined) return known;
      this.#rebuilt = rebuildTimeIndex(this.#folder, '');
      return this.#rebuilt.timeAt(offset);
    }
    const later = (point: Point): boolean => point.offset > offset;
    // Lines in a row are asked for in a row.
    let points = this.#recent;
    const isInside = (points[0]?.offset ?? Infinity) <= offset && (points.at(-1)?.offset ?? 0) > offset;
    if (!isInside) this.#recent = points = this.#block(this.#firstBlock(later));
    return points[firstIndex(points, later)]?.ms;
  }

  offsetAt(ms: number): number {
    if (this.#rebuilt !== undefined) return this.#rebuilt.offsetAt(ms);
    const later = (point: Point): boolean => point.ms > ms;
    const first = this.#firstBlock(later);
    const points = this.#block(first);
    const found = points[firstIndex(points, later) - 1];
    if (found !== undefined) return found.offset;
    for (let at = first - 1; at >= 0; at--) {
      const last = this.#block(at).at(-1);
      if (last !== undefined) return last.offset;
    }
    return 0;
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file.fd);
  }

  get #blockCount(): number {
    const bytes = this.#file === undefined ? 0 : fstatSync(this.#file.fd).size;
    return Math.ceil(bytes / BLOCK_BYTES);
  }

  /** The first block whose last point answers yes, where all that answer no come before; their number where none does. */
  #firstBlock(answers: (point: Point) => boolean): number {
    let low = 0;
    let high = this.#blockCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // A block without a point says what the one before it says.
      let probe = middle;
      while (probe > low && this.#block(probe).length === 0) probe--;
      const last = this.#block(probe).at(-1);
      if (last !== undefined && answers(last)) high = probe;
      else low = middle + 1;
    }
    return low;
  }

  /** The points of the lines that begin in a block, in order. */
  #block(at: number): readonly Point[] {
    if (this.#file === undefined) return [];
    const { fd, firstLine } = this.#file;
    const from = Math.max(firstLine, at * BLOCK_BYTES) - 1;
    const to = (at + 1) * BLOCK_BYTES;
    const cached = this.#blocks.get(at);
    const size = cached?.isWhole === true ? 0 : fstatSync(fd).size;
    if (cached !== undefined && (cached.isWhole || cached.size === size)) return cached.points;
    const bytes = Buffer.allocUnsafe(Math.max(0, to - from + LINE_BYTES));
    const read = readSync(fd, bytes, 0, bytes.length, from);
    const inside = bytes.subarray(0, read);
    const begin = inside.indexOf(LF) + 1;
    const end = inside.indexOf(LF, Math.max(begin, to - from - 1)) + 1;
    const isWhole = end > 0;
    const lines = begin === 0 ? [] : wholeLines(inside.toString('utf8', begin, isWhole ? end : read));
    const points = this.#points(lines);
    if (this.#blocks.size >= CACHED_BLOCKS) this.#blocks.clear();
    this.#blocks.set(at, { points, isWhole, size });
    return points;
  }

  #points(lines: readonly string[]): readonly Point[] {
    const points: Point[] = [];
    let last: Point = { ms: 0, offset: 0 };
    for (const line of lines) {
      const entry = parseIndexEntry(line);
      if (entry === 'unknown') continue;
      if (entry === 'damaged' || entry[0] < last.ms || entry[2] < last.offset) {
        this.#problem ??= 'backend.idx has damaged lines, which were skipped; times are coarse there';
        continue;
      }
      last = { ms: entry[0], offset: entry[2] };
      points.push(last);
    }
    return points;
  }
}

interface Block {
  readonly points: readonly Point[];
  /** Nothing can be added to it any more. */
  readonly isWhole: boolean;
  /** Bytes of the file when it was read. */
  readonly size: number;
}

/** The index opened at the line after its header; or why it is of no use. */
function openIndex(path: string): { fd: number; header: IndexHeader; firstLine: number } | string {
  const bytes = Buffer.allocUnsafe(1024);
  let fd: number | undefined;
  let line: string;
  try {
    fd = openSync(path, 'r');
    line = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (errnoCode(error) === undefined) throw error;
    return errnoCode(error) === 'ENOENT' ? MISSING : 'it cannot be read';
  }
  const end = line.indexOf('\n');
  const header = parseIndexHeader(line.slice(0, Math.max(0, end)));
  if (header !== undefined) return { fd, header, firstLine: end + 1 };
  closeSync(fd);
  return 'its first line is not a header this orch can read';
}

const MISSING = 'it is missing';
