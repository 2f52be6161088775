import type { TerminalSize } from '../core/size.js';
import type { Line } from '../render/line.js';
import { Transcript } from '../render/transcript.js';
import type { LogChunk } from '../store/segment-cursor.js';
import type { Resize } from '../store/time-index-reader.js';
import { renderChunks } from './render-chunks.js';

/** How large the terminal was when the recording began, and what it became. */
export interface RecordedSizes {
  readonly size: TerminalSize;
  /** In the order of their offsets. */
  readonly resizes: readonly Resize[];
}

/**
 * What a person would have read: text without control sequences, redraws resolved, one line of it a line. Lines come as
 * soon as nothing can change them any more. Loads the screen model; nothing that does not need it should import this.
 */
export async function* cleanLog(
  chunks: AsyncIterable<LogChunk>,
  { size, resizes }: RecordedSizes,
): AsyncGenerator<string, void, void> {
  const transcript = new Transcript(size);
  for await (const chunk of renderChunks(chunks, resizes)) {
    yield textOf(chunk instanceof Uint8Array ? transcript.push(chunk) : transcript.resize(chunk));
  }
  yield textOf(transcript.end());
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}
