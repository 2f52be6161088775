import { formatBytes } from './format.js';
import type { LogChunk } from '../store/segment-cursor.js';

/** A range of a recording that is not there. */
export interface Hole {
  readonly offset: number;
  readonly bytes: number;
  /** It was removed on purpose, to make room: no damage. */
  readonly removed: boolean;
}

export function holeText({ offset, bytes, removed }: Hole): string {
  return removed
    ? `… ${formatBytes(bytes)} before this point were removed …`
    : `${bytes} bytes at offset ${offset} are missing from the recording`;
}

/**
 * Passes a recording on from absolute offset `from`, of which what stood in front of `removedTo` may have been removed, and tells `onHole` of each range up to `end` that is missing, when
 * it comes to it.
 */
export async function* findHoles(
  chunks: AsyncIterable<LogChunk>,
  range: { readonly from: number; readonly end: number; readonly removedTo: () => number },
  onHole: (hole: Hole) => void,
): AsyncGenerator<LogChunk, void, void> {
  let expected = range.from;
  const reach = (offset: number): void => {
    if (offset > expected) onHole({ offset: expected, bytes: offset - expected, removed: offset <= range.removedTo() });
  };
  for await (const chunk of chunks) {
    reach(chunk.offset);
    expected = chunk.offset + chunk.bytes.length;
    yield chunk;
  }
  reach(range.end);
}
