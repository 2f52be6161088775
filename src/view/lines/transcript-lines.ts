import { type Clock, sleep } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Line, RenderChunk } from '../../render/model/line.js';
import { type LineBatch, linesOf } from '../../render/model/text-lines.js';
import type { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { Transcript, type TranscriptOptions } from '../../render/transcript/transcript.js';

/** What a person would have read, as many lines at a time as became final together. Loads the screen model. */
export async function* transcriptLines(
  chunks: AsyncIterable<RenderChunk>,
  { size, ...options }: TranscriptOptions & { readonly size: TerminalSize },
): AsyncGenerator<readonly Line[], void, void> {
  for await (const batches of transcriptBatches(chunks, { size, ...options })) yield linesOf(batches);
}

/** The same lines, those as bytes that came so. */
export async function* transcriptBatches(
  chunks: AsyncIterable<RenderChunk>,
  { size, ...options }: TranscriptOptions & { readonly size: TerminalSize },
): AsyncGenerator<readonly LineBatch[], void, void> {
  const transcript = new Transcript(size, options);
  for await (const chunk of chunks) yield transcript.feedBatches(chunk);
  yield transcript.endBatches();
}

/**
 * The same for a reader that follows output while it is printed: a line that has stood still for about half a
 * second comes although it is not final yet.
 */
export async function* liveTranscriptLines(
  chunks: AsyncIterable<RenderChunk>,
  clock: Clock,
  transcript: LiveTranscript,
): AsyncGenerator<readonly Line[], void, void> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    let next = source.next();
    for (;;) {
      const arrived = await untilWake(next, transcript.wakeAt, clock);
      const now = clock.monotonic();
      if (arrived === undefined) {
        yield transcript.look(now);
        continue;
      }
      if (arrived.done === true) break;
      // Asked for before the lines go on: the next chunk comes while they are being printed.
      next = source.next();
      yield transcript.push(arrived.value, now);
    }
    yield transcript.end();
  } finally {
    // Not waited for: behind a read that waits for input it would wait as long.
    void source.return?.();
  }
}

/** What `next` gives, or undefined at `wakeAt`. */
async function untilWake<T>(next: Promise<T>, wakeAt: number | undefined, clock: Clock): Promise<T | undefined> {
  if (wakeAt === undefined) return next;
  const woken = new AbortController();
  try {
    return await Promise.race([next, sleep(clock, Math.max(0, wakeAt - clock.monotonic()), woken.signal)]).then(
      (value) => value ?? undefined,
    );
  } finally {
    woken.abort();
  }
}
