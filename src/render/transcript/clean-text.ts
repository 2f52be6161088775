import type { TerminalSize } from '../../core/terminal/size.js';
import type { AlternateScreen, Line, RenderChunk } from '../model/line.js';
import { Screen } from '../screen/screen.js';
import { Transcript } from './transcript.js';

/** Raw output as clean text, a line at a time, as it becomes final. `chunks` may be cut anywhere. */
export async function* cleanText(
  chunks: Iterable<RenderChunk> | AsyncIterable<RenderChunk>,
  options: TerminalSize & { readonly alt?: AlternateScreen },
): AsyncIterable<Line> {
  const transcript = new Transcript(options, options.alt === undefined ? {} : { alt: options.alt });
  for await (const chunk of chunks) {
    yield* transcript.feed(chunk);
  }
  yield* transcript.end();
}

/** The rows of the screen after all of `chunks`, from the top, without trailing blanks. */
export async function screenText(
  chunks: Iterable<RenderChunk> | AsyncIterable<RenderChunk>,
  size: TerminalSize,
): Promise<readonly string[]> {
  const screen = new Screen(size);
  try {
    for await (const chunk of chunks) screen.feed(chunk);
    screen.end();
    return screen.rows().map((row) => row.text.trimEnd());
  } finally {
    screen.dispose();
  }
}
