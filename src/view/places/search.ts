import type { Pattern } from '../../core/pattern/pattern.js';
import type { Line } from '../../render/model/line.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { MissingRange } from '../lines/missing-range.js';
import { matchesIn } from '../lines/pattern-match.js';
import { RecordedTask } from '../lines/recorded-task.js';
import { transcriptLines } from '../lines/transcript-lines.js';

/** A line of a task's clean text that matches. */
export interface Match {
  readonly entry: TaskEntry;
  readonly line: Line;
  /** When its last byte was captured, milliseconds since the epoch; undefined where that is not known. */
  readonly ts: number | undefined;
  /** Which run of the agent printed it; undefined where it was run once. */
  readonly iteration: number | undefined;
}

export interface SearchOptions {
  readonly pattern: Pattern;
  readonly signal: AbortSignal;
  /** Called with each missing range, which cannot be searched. */
  readonly onMissing: (range: MissingRange) => void;
}

/**
 * The lines of a task so far that match, as its clean text has them, in their order; also those that scrolled by in a full-screen
 * program. In flat memory.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export async function* searchTask(
  entry: TaskEntry,
  { pattern, signal, onMissing }: SearchOptions,
): AsyncGenerator<Match, void, void> {
  using recording = new RecordedTask(entry);
  const { times } = recording;
  const options = { size: recording.sizeAt(0), alt: 'diff' } as const;
  for await (const lines of transcriptLines(recording.chunks({ signal }, { onMissing }), options)) {
    for (const line of lines) {
      const found = matchesIn(pattern, line.text, signal);
      if (!(typeof found === 'boolean' ? found : await found)) continue;
      const last = Math.max(line.offset, line.endOffset - 1);
      const ms = times.timeAt(last);
      const ts = ms === undefined || times.start === undefined ? undefined : times.start + ms;
      yield { entry, line, ts, iteration: recording.iterationAt(last) };
    }
    if (signal.aborted) return;
  }
}
