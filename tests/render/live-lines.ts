import { LiveTranscript } from '../../src/render/transcript/live-transcript.js';
import type { AlternateScreen, Line, RenderChunk } from '../../src/render/index.js';

/** What came `delay` milliseconds after what came before it. */
export interface Timed {
  readonly delay: number;
  readonly chunk: RenderChunk;
}

export interface Shown {
  readonly line: Line;
  /** Milliseconds since the output began. */
  readonly at: number;
}

interface Watched {
  readonly cols: number;
  readonly rows: number;
  readonly alt?: AlternateScreen;
}

/** What somebody is shown who watches `output` come in, and looks again whenever the transcript asks to be looked at. */
export function liveLines(output: Iterable<Timed>, size: Watched): readonly Line[] {
  return shownLines(output, size).map(({ line }) => line);
}

/** The same, with when each line was shown. */
export function shownLines(output: Iterable<Timed>, { alt, ...size }: Watched): readonly Shown[] {
  const transcript = new LiveTranscript(size, alt === undefined ? {} : { alt });
  const shown: Shown[] = [];
  const show = (lines: readonly Line[]): void => {
    for (const line of lines) shown.push({ line, at: now });
  };
  let now = 0;
  for (const { delay, chunk } of output) {
    const next = now + delay;
    for (let wake = transcript.wakeAt; wake !== undefined && wake < next; wake = transcript.wakeAt) {
      now = Math.max(now, wake);
      show(transcript.look(now));
    }
    now = next;
    show(transcript.push(chunk, now));
  }
  show(transcript.end());
  return shown;
}

/**
 * Says what is wrong where `live` does not come to `batch`: its final lines must be lines of `batch` in order, and what
 * is left out of those must have been shown early.
 */
export function liveContradiction(live: readonly Line[], batch: readonly Line[]): string | undefined {
  const early = new Map<string, number>();
  for (const { text, final } of live) if (!final) early.set(text, (early.get(text) ?? 0) + 1);
  const final = live.filter((line) => line.final);
  let at = 0;
  for (const line of batch) {
    const shown = final[at];
    if (
      shown !== undefined &&
      shown.text === line.text &&
      shown.offset === line.offset &&
      shown.endOffset === line.endOffset
    ) {
      at++;
      continue;
    }
    const left = early.get(line.text) ?? 0;
    if (left === 0)
      return `${JSON.stringify(line)} is shown neither early nor at its place, where ${JSON.stringify(shown)} is`;
    early.set(line.text, left - 1);
  }
  return at === final.length ? undefined : `${JSON.stringify(final[at])} is no line of the whole`;
}
