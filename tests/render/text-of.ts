import { type AlternateScreen, cleanText, type Line, type RenderChunk } from '../../src/render/index.js';

/** All lines of `chunks`. */
export async function linesOf(
  chunks: readonly (RenderChunk | string)[],
  options: { readonly cols: number; readonly rows: number; readonly alt?: AlternateScreen },
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  for await (const line of cleanText(bytes, options)) lines.push(line);
  return lines;
}

/** The text of all lines of `chunks`, on a screen of 20 by 5 unless told. */
export async function textOf(
  chunks: readonly (RenderChunk | string)[],
  options: { readonly cols?: number; readonly rows?: number; readonly alt?: AlternateScreen } = {},
): Promise<readonly string[]> {
  const lines = await linesOf(chunks, { cols: 20, rows: 5, ...options });
  return lines.map((line) => line.text);
}
