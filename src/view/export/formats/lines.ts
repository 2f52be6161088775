import type { Line, RenderChunk } from '../../../render/model/line.js';
import { linesToAnsi, linesToText } from '../../../render/pictures/print-lines.js';
import { transcriptLines } from '../../lines/transcript-lines.js';
import type { PlacedChunk } from '../../../formats/model/written-recording.js';
import type { ExportSource } from '../export-source.js';
import { renderChunkOf } from '../render-chunk.js';

/** What a person would have read, as text without any control character. */
export function writeText(source: ExportSource): AsyncIterable<Uint8Array> {
  return writeLines(source, { styles: false, print: linesToText });
}

/** The same in its colours, each line ended plain: for `less -R`, and for a terminal that does nothing but scroll. */
export function writeAnsi(source: ExportSource): AsyncIterable<Uint8Array> {
  return writeLines(source, { styles: true, print: (lines) => linesToAnsi(lines, { links: true }) });
}

async function* writeLines(
  source: ExportSource,
  { styles, print }: { readonly styles: boolean; readonly print: (lines: readonly Line[]) => string },
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = renderChunksOf(source.chunks());
  for await (const lines of transcriptLines(chunks, { size: source.size, styles })) yield Buffer.from(print(lines));
}

/** What is exported as the screen model takes it. */
export async function* renderChunksOf(chunks: AsyncIterable<PlacedChunk>): AsyncGenerator<RenderChunk, void, void> {
  for await (const exported of chunks) {
    const chunk = renderChunkOf(exported);
    if (chunk !== undefined) yield chunk;
  }
}
