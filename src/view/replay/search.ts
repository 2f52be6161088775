import type { Pattern } from '../../core/pattern/pattern.js';
import { matchesIn } from '../lines/pattern-match.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { startBefore } from '../lines/starting-point.js';
import { transcriptLines } from '../lines/transcript-lines.js';

/** A line that was looked for. */
export interface FoundLine {
  /** Behind its last byte, absolute: there it is to be seen. */
  readonly endOffset: number;
}

export interface SearchFrom {
  readonly recording: RecordedTask;
  readonly pattern: Pattern;
  /** Lines that end behind it, or in front of it, are looked through; absolute. */
  readonly offset: number;
  /** Ends the search at once, with nothing found. */
  readonly signal: AbortSignal;
}

/** What is looked through first, bytes, of what lies behind; then ever more, so that what is near is found soon. */
const FIRST_BYTES = 256 * 1024;
const GROWTH = 4;

/** Who looks for a line may have seen it scroll by in a full-screen program. */
const ALT = 'diff';

/** The first line of the clean text behind `offset` that matches. One piece of the recording is in memory at a time. */
export async function nextLine(search: SearchFrom): Promise<FoundLine | undefined> {
  for await (const endOffset of matches(search, search.offset, undefined)) return { endOffset };
  return undefined;
}

/** The last one in front of it. */
export async function previousLine(search: SearchFrom): Promise<FoundLine | undefined> {
  let end = search.offset;
  for (let bytes = FIRST_BYTES; end > 0 && !search.signal.aborted; bytes *= GROWTH) {
    const begin = Math.max(0, end - bytes);
    let last: number | undefined;
    for await (const endOffset of matches(search, begin, end)) last = endOffset;
    if (last !== undefined) return { endOffset: last };
    end = begin;
  }
  return undefined;
}

/** Where lines that match end, of those that end behind `from` and in front of `to`. */
async function* matches(
  { recording, pattern, signal }: SearchFrom,
  from: number,
  to: number | undefined,
): AsyncGenerator<number, void, void> {
  const begin = await startBefore({ recording, alt: ALT, signal }, from, Infinity);
  const chunks = recording.chunks({ from: begin, signal, ...(to === undefined ? {} : { to }) });
  for await (const lines of transcriptLines(chunks, { size: recording.sizeAt(begin), alt: ALT })) {
    if (signal.aborted) return;
    for (const { endOffset, text } of lines)
      if (endOffset > from && endOffset < (to ?? Infinity) && (await matchesIn(pattern, text, signal))) yield endOffset;
  }
}
