import { type Clock, sleep } from '../core/clock.js';
import type { TimeLookup } from '../store/time-lookup.js';
import type { LogBatch, LogLine } from './log-batch.js';

/** A recorder notes when a byte came at most so long after it came, and a little for the way. */
const NOTED_WITHIN_MS = 200;
const LOOK_MS = 20;

/**
 * Puts to each line when the last of its bytes was captured. Where the task still runs (`live`) what was captured just now
 * is not noted yet, and waited for, briefly.
 */
export async function* withTimes(
  batches: AsyncIterable<LogBatch>,
  times: TimeLookup,
  { live, clock }: { readonly live: boolean; readonly clock: Clock },
): AsyncGenerator<LogBatch, void, void> {
  for await (const batch of batches) {
    if (live && batch.source === 'backend' && batch.lines.length > 0) {
      const end = batch.lines.reduce((max, line) => Math.max(max, line.endOffset), 0);
      for (let waited = 0; times.timeAt(end - 1) === undefined && waited < NOTED_WITHIN_MS; waited += LOOK_MS) {
        if (times.start === undefined) break;
        await sleep(clock, LOOK_MS);
      }
    }
    yield { ...batch, lines: batch.lines.map((line) => withTime(line, times)) };
  }
}

function withTime(line: LogLine, times: TimeLookup): LogLine {
  if (line.ts !== undefined || times.start === undefined) return line;
  const ms = times.timeAt(Math.max(0, line.endOffset - 1));
  return ms === undefined ? line : { ...line, ts: times.start + ms };
}
