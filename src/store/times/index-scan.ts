import { join } from 'node:path';
import { errnoCode, reason } from '../../core/errors.js';
import { fileLines } from '../files/file-lines.js';
import { parseIndexEntry, parseIndexHeader } from './index-lines.js';
import { INDEX_FILE, type IndexEntry, type IndexHeader } from './time-index.js';
import type { Resize } from './time-index-reader.js';

/** More than a hundred times the longest line of any orch: a longer line is garbage, and not kept in memory. */
export const MAX_INDEX_LINE = 4096;

/** What backend.idx holds, line by line. */
export type IndexScan =
  | { readonly type: 'missing' }
  | { readonly type: 'unusable'; readonly why: string }
  | {
      readonly type: 'read';
      readonly header: IndexHeader;
      /** Lines that a reader uses. */
      readonly entries: number;
      /** Lines that a reader passes over because they cannot be right. */
      readonly damaged: number;
      /** The number of the first of these, from 1. */
      readonly firstDamaged: number | undefined;
      /** The last line has no end. */
      readonly isTorn: boolean;
      /** The offset it reaches, and when that was, milliseconds from the start. */
      readonly end: number;
      readonly endMs: number;
      readonly resizes: readonly Resize[];
    };

/** Reads the time index of a task folder through, in flat memory, except for the resizes. Never fails. */
export function scanIndex(folder: string): IndexScan {
  try {
    return scan(join(folder, INDEX_FILE));
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return errnoCode(error) === 'ENOENT' ? { type: 'missing' } : { type: 'unusable', why: reason(error) };
  }
}

function scan(path: string): IndexScan {
  let header: IndexHeader | undefined;
  const follows = new IndexOrder();
  const resizes: Resize[] = [];
  let [number, entries, damaged, end, endMs] = [0, 0, 0, 0, 0];
  let firstDamaged: number | undefined;
  let isTorn = false;
  for (const { text, isWhole } of fileLines(path, MAX_INDEX_LINE)) {
    number++;
    if (!isWhole) {
      isTorn = true;
    } else if (number === 1) {
      header = parseIndexHeader(text);
    } else {
      const entry = follows.parse(text);
      if (entry === 'unknown') continue;
      if (entry === 'damaged') {
        damaged++;
        firstDamaged ??= number;
        continue;
      }
      entries++;
      [endMs, , end] = entry;
      if (entry[1] === 'r') resizes.push({ ms: entry[0], offset: end, size: { cols: entry[3], rows: entry[4] } });
    }
  }
  if (header === undefined) return { type: 'unusable', why: 'its first line is not a header this orch can read' };
  return { type: 'read', header, entries, damaged, firstDamaged, isTorn, end, endMs, resizes };
}

/** Lines of an index in their order: one that goes back, or beyond the end, is as wrong as one that cannot be parsed. */
export class IndexOrder {
  readonly #end: number;
  #ms = 0;
  #offset = 0;

  constructor(end = Infinity) {
    this.#end = end;
  }

  parse(line: string): IndexEntry | 'unknown' | 'damaged' {
    const entry = parseIndexEntry(line);
    if (typeof entry === 'string') return entry;
    if (entry[0] < this.#ms || entry[2] < this.#offset || entry[2] > this.#end) return 'damaged';
    [this.#ms, , this.#offset] = entry;
    return entry;
  }
}
