import type { TerminalSize } from '../core/size.js';
import type { Frame } from '../render/frame.js';
import type { RenderChunk } from '../render/line.js';
import { Screen } from '../render/screen.js';

/** The screen as it stands after all of `chunks`, which began on one of `size`; without `styles` its text alone. */
export async function screenAtEnd(
  chunks: AsyncIterable<RenderChunk>,
  { size, styles = false }: { readonly size: TerminalSize; readonly styles?: boolean },
): Promise<Frame> {
  const screen = new Screen(size, { styles });
  try {
    for await (const chunk of chunks) screen.feed(chunk);
    screen.end();
    return screen.frame();
  } finally {
    screen.dispose();
  }
}
