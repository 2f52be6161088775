import type { Frame } from '../../render/model/frame.js';
import { Screen } from '../../render/screen/screen.js';
import type { ExportSource } from './export-source.js';
import { renderChunkOf } from './render-chunk.js';

/**
 * The screen after each change, as it stood at `ms`, never two within `everyMs`: what changes sooner is seen that much later.
 * The last is the screen at the end.
 */
export async function* shots(
  source: ExportSource,
  everyMs: number,
): AsyncGenerator<{ readonly ms: number; readonly frame: Frame }, void, void> {
  const screen = new Screen(source.size, { styles: true });
  let last = -everyMs;
  let due: number | undefined;
  let now = 0;
  try {
    for await (const exported of source.chunks()) {
      if (due !== undefined && exported.ms > due) {
        yield { ms: due, frame: screen.frame() };
        last = due;
        due = undefined;
      }
      now = exported.ms;
      const chunk = renderChunkOf(exported);
      if (chunk === undefined) continue;
      screen.feed(chunk);
      due ??= Math.max(now, last + everyMs);
    }
    screen.end();
    yield { ms: now, frame: screen.frame() };
  } finally {
    screen.dispose();
  }
}
