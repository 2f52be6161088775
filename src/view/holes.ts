import type { LogChunk } from '../store/segment-cursor.js';

/** A range of a recording that is not there. */
export interface Hole {
  readonly offset: number;
  readonly bytes: number;
}

export function holeText({ offset, bytes }: Hole): string {
  return `${bytes} bytes at offset ${offset} are missing from the recording`;
}

/**
 * Passes a recording on from absolute offset `from`, and tells `onHole` of each range up to `end` that is missing, when
 * it comes to it.
 */
export async function* findHoles(
  chunks: AsyncIterable<LogChunk>,
  range: { readonly from: number; readonly end: number },
  onHole: (hole: Hole) => void,
): AsyncGenerator<LogChunk, void, void> {
  let expected = range.from;
  const reach = (offset: number): void => {
    if (offset > expected) onHole({ offset: expected, bytes: offset - expected });
  };
  for await (const chunk of chunks) {
    reach(chunk.offset);
    expected = chunk.offset + chunk.bytes.length;
    yield chunk;
  }
  reach(range.end);
}
