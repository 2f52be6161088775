import type { TerminalSize } from '../core/size.js';
import type { AlternateScreen } from '../render/line.js';
import { frameToText } from '../render/print-frame.js';
import type { LogChunk } from '../store/segment-cursor.js';
import type { Resize } from '../store/time-index-reader.js';
import { linesToText } from '../render/print-lines.js';
import { renderChunks } from './render-chunks.js';
import { screenAtEnd } from './screen-at-end.js';
import { transcriptLines } from './transcript-lines.js';

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
  alt: AlternateScreen,
): AsyncGenerator<string, void, void> {
  for await (const lines of transcriptLines(renderChunks(chunks, resizes), { size, alt })) yield linesToText(lines);
}

/** The screen as it stands at the end of `chunks`, in one piece. */
export async function* screenLog(
  chunks: AsyncIterable<LogChunk>,
  { size, resizes }: RecordedSizes,
): AsyncGenerator<string, void, void> {
  yield frameToText(await screenAtEnd(renderChunks(chunks, resizes), { size }));
}
