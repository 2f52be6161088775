import { type Clock, sleep } from '../../core/clock.js';
import type { LogBatch, LogLine } from './log-batch.js';
import type { RecordedTask } from './recorded-task.js';

/** The longest time from a byte's arrival until its time is noted and can be read, ms. */
const NOTED_WITHIN_MS = 200;
const LOOK_MS = 20;

/**
 * Puts to each line when the last of its bytes was captured, and by which run of the agent it was printed. Where the task still runs (`live`) what was captured just now
 * is not noted yet, and waited for, briefly.
 */
export async function* withTimes(
  batches: AsyncIterable<LogBatch>,
  recording: RecordedTask,
  { live, clock }: { readonly live: boolean; readonly clock: Clock },
): AsyncGenerator<LogBatch, void, void> {
  const { times } = recording;
  for await (const batch of batches) {
    if (live && batch.source === 'backend' && batch.lines.length > 0) {
      const end = batch.lines.reduce((max, line) => Math.max(max, line.endOffset), 0);
      for (let waited = 0; times.timeAt(end - 1) === undefined && waited < NOTED_WITHIN_MS; waited += LOOK_MS) {
        if (times.start === undefined) break;
        await sleep(clock, LOOK_MS);
      }
    }
    yield { ...batch, lines: batch.lines.map((line) => withTime(line, recording)) };
  }
}

function withTime(line: LogLine, recording: RecordedTask): LogLine {
  const last = Math.max(0, line.endOffset - 1);
  const { times } = recording;
  const ms = line.ts === undefined && times.start !== undefined ? times.timeAt(last) : undefined;
  const ts = ms === undefined ? {} : { ts: (times.start ?? 0) + ms };
  const iteration = recording.iterationAt(last);
  return { ...line, ...ts, ...(iteration === undefined ? {} : { iteration }) };
}
