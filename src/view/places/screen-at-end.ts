import type { TerminalSize } from '../../core/terminal/size.js';
import type { Frame } from '../../render/model/frame.js';
import type { RenderChunk } from '../../render/model/line.js';
import { Screen } from '../../render/screen/screen.js';

/** The screen as it stands after all of `chunks`, which began on an empty one of `size`; without `styles` its text alone. */
export async function screenAtEnd(
  chunks: AsyncIterable<RenderChunk>,
  { size, styles = false }: ScreenBefore,
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

export interface ScreenBefore {
  readonly size: TerminalSize;
  readonly styles?: boolean;
}
