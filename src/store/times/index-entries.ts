import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errnoCode } from '../../core/errors.js';
import { fileLines } from '../files/file-lines.js';
import { parseIndexHeader } from './index-lines.js';
import { IndexOrder, MAX_INDEX_LINE } from './index-scan.js';
import { INDEX_FILE, type IndexEntry } from './time-index.js';
import { momentsWithoutIndex } from './time-index-reader.js';

/**
 * When what was captured, from the first entry of a task's time index to the last, in flat memory; what cannot be right is
 * passed over. Where the index is of no use, what events.jsonl knows stands in. Never fails.
 */
export function* indexEntries(folder: string): Generator<IndexEntry, void, void> {
  const path = join(folder, INDEX_FILE);
  let begun = false;
  try {
    const order = new IndexOrder();
    for (const { text, isWhole } of existsSync(path) ? fileLines(path, MAX_INDEX_LINE) : []) {
      if (!isWhole) break;
      if (!begun && parseIndexHeader(text) === undefined) break;
      const entry = begun ? order.parse(text) : 'unknown';
      begun = true;
      if (typeof entry !== 'string') yield entry;
    }
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
  }
  if (!begun) yield* entriesWithoutIndex(folder);
}

function* entriesWithoutIndex(folder: string): Generator<IndexEntry, void, void> {
  const { points, resizes } = momentsWithoutIndex(folder);
  let next = 0;
  for (const { ms, offset } of points) {
    const resize = resizes[next];
    // Both were made of the same events, in their order.
    if (resize?.ms === ms && resize.offset === offset) {
      next++;
      yield [ms, 'r', offset, resize.size.cols, resize.size.rows];
    } else yield [ms, 'o', offset];
  }
}
