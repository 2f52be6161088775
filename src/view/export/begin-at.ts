import type { TerminalSize } from '../../core/terminal/size.js';
import type { PlacedChunk } from '../../formats/model/written-recording.js';
import { RedrawnScreen } from './redrawn-screen.js';

/**
 * The same from absolute offset `offset` on, at `ms` milliseconds after the start: that becomes millisecond 0. What the
 * screen showed there, on a terminal that had `size` at the very beginning, is drawn first. Loads the screen model.
 */
export async function* beginAt(
  chunks: AsyncIterable<PlacedChunk>,
  { offset, ms, size }: { readonly offset: number; readonly ms: number; readonly size: TerminalSize },
): AsyncGenerator<PlacedChunk, void, void> {
  const screen = new RedrawnScreen(size);
  try {
    let begun = false;
    for await (const chunk of chunks) {
      const [before, after] = begun ? [undefined, chunk] : split(chunk, offset);
      if (before !== undefined) screen.feed(before);
      if (after === undefined) continue;
      if (!begun) yield* redraw(screen, offset);
      begun = true;
      yield { ...after, ms: Math.max(0, after.ms - ms) };
    }
    if (!begun) yield* redraw(screen, offset);
  } finally {
    screen.dispose();
  }
}

function* redraw(screen: RedrawnScreen, offset: number): Generator<PlacedChunk, void, void> {
  const bytes = screen.draw();
  if (bytes.length > 0) yield { type: 'redraw', ms: 0, offset, bytes };
}

/** Splits a chunk at `offset`. A resize right there belongs to the first half. */
function split(
  chunk: PlacedChunk,
  offset: number,
): readonly [before: PlacedChunk | undefined, after: PlacedChunk | undefined] {
  switch (chunk.type) {
    case 'output': {
      const cut = offset - chunk.offset;
      if (cut <= 0) return [undefined, chunk];
      if (cut >= chunk.bytes.length) return [chunk, undefined];
      const after = { ...chunk, offset, bytes: chunk.bytes.subarray(cut) };
      return [{ ...chunk, bytes: chunk.bytes.subarray(0, cut) }, after];
    }
    case 'missing': {
      const cut = offset - chunk.offset;
      if (cut <= 0) return [undefined, chunk];
      if (cut >= chunk.bytes) return [chunk, undefined];
      return [
        { ...chunk, bytes: cut },
        { ...chunk, offset, bytes: chunk.bytes - cut },
      ];
    }
    case 'resize':
      return chunk.offset <= offset ? [chunk, undefined] : [undefined, chunk];
    default:
      return chunk.offset < offset ? [chunk, undefined] : [undefined, chunk];
  }
}
