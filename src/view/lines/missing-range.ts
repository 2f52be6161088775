import { formatBytes } from '../print/format.js';
import type { LogLine } from './log-batch.js';
import type { LogChunk } from '../../store/log/segment-cursor.js';
import type { Segment } from '../../store/log/segments.js';

/** A range of bytes that a reader does not find in a recording. */
export interface MissingRange {
  readonly offset: number;
  readonly bytes: number;
  /** It was removed on purpose, to make room: no damage. */
  readonly removed: boolean;
}

/** The line of a view that stands for a missing range. A range in front of all lines gets none. */
export function missingRangeLine(range: MissingRange): LogLine {
  const { offset } = range;
  return {
    text: missingRangeText(range),
    offset,
    endOffset: offset,
    final: true,
    level: range.removed ? 'INFO' : 'WARN',
  };
}

export function missingRangeText({ offset, bytes, removed }: MissingRange): string {
  return removed
    ? `… ${formatBytes(bytes)} before this point were removed …`
    : `${bytes} bytes at offset ${offset} are missing from the recording`;
}

/**
 * Passes on a recording from absolute offset `from`, and calls `onMissing` with each missing range up to `end`, when it
 * comes to it. Bytes in front of `removedTo` may have been removed on purpose.
 */
export async function* reportMissing(
  chunks: AsyncIterable<LogChunk>,
  { from, end, removedTo }: { readonly from: number; readonly end: number; readonly removedTo: () => number },
  onMissing: (range: MissingRange) => void,
): AsyncGenerator<LogChunk, void, void> {
  let expected = from;
  const reach = (offset: number): void => {
    if (offset > expected) for (const range of missingBetween(expected, offset, removedTo())) onMissing(range);
  };
  for await (const chunk of chunks) {
    reach(chunk.offset);
    expected = chunk.offset + chunk.bytes.length;
    yield chunk;
  }
  reach(end);
}

/** The ranges between two offsets that are missing from the files of a recording; bytes behind `end` are ignored. */
export function missingRanges(
  segments: readonly Segment[],
  { from, end, removedTo }: { readonly from: number; readonly end: number; readonly removedTo: number },
): readonly MissingRange[] {
  const ranges: MissingRange[] = [];
  let expected = from;
  const reach = (offset: number): void => {
    ranges.push(...missingBetween(expected, offset, removedTo));
  };
  for (const { start, bytes } of segments) {
    reach(Math.min(start, end));
    expected = Math.max(expected, start + bytes);
  }
  reach(end);
  return ranges;
}

/** The missing range from `from` to `to`, split at `removedTo`: removed in front of it, lost behind it. */
function missingBetween(from: number, to: number, removedTo: number): readonly MissingRange[] {
  const middle = Math.min(Math.max(from, removedTo), to);
  return [
    { offset: from, bytes: middle - from, removed: true },
    { offset: middle, bytes: to - middle, removed: false },
  ].filter(({ bytes }) => bytes > 0);
}
