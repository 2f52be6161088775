import { literalOf, type Pattern } from '../../core/pattern/pattern.js';
import { LF } from '../../core/terminal/codes.js';
import type { Line } from '../../render/model/line.js';
import { type LineBatch, TextLines } from '../../render/model/text-lines.js';
import { LARGE_READ_BYTES } from '../../store/files/read-size.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { MissingRange } from '../lines/missing-range.js';
import { matchesIn } from '../lines/pattern-match.js';
import { RecordedTask } from '../lines/recorded-task.js';
import { transcriptBatches } from '../lines/transcript-lines.js';

/** A line of a task's clean text that matches. */
export interface Match {
  readonly entry: TaskEntry;
  readonly line: Line;
  /** When its last byte was captured, milliseconds of Unix time; undefined where that is not known. */
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
  const literal = literalOf(pattern);
  const chunks = recording.chunks({ signal, chunkBytes: LARGE_READ_BYTES }, { onMissing });
  for await (const batches of transcriptBatches(chunks, options)) {
    for (const batch of batches) {
      for (const line of linesWith(batch, literal)) {
        const found = matchesIn(pattern, line.text, signal);
        if (!(typeof found === 'boolean' ? found : await found)) continue;
        const last = Math.max(line.offset, line.endOffset - 1);
        const ms = times.timeAt(last);
        const ts = ms === undefined || times.start === undefined ? undefined : times.start + ms;
        yield { entry, line, ts, iteration: recording.iterationAt(last) };
      }
    }
    if (signal.aborted) return;
  }
}

/** The lines of `batch` that may match: of bytes only those in which `literal` stands. */
function* linesWith(batch: LineBatch, literal: string | undefined): Generator<Line, void, void> {
  if (!(batch instanceof TextLines) || literal === undefined) {
    yield* batch instanceof TextLines ? batch.lines() : batch;
    return;
  }
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
  for (let at = bytes.indexOf(literal); at !== -1; ) {
    const number = batch.lineAt(at);
    yield* batch.slice(number, number + 1).lines();
    at = bytes.indexOf(literal, bytes.indexOf(LF, at));
  }
}
