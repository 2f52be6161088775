import type { TerminalSize } from '../../core/terminal/size.js';
import type { ExportPiece } from './export-source.js';
import { RedrawnScreen } from './redrawn-screen.js';

/**
 * The same from absolute offset `offset` on, at `ms` milliseconds after the start: that becomes millisecond 0. What the
 * screen showed there, on a terminal that had `size` at the very beginning, is drawn first. Loads the screen model.
 */
export async function* beginAt(
  pieces: AsyncIterable<ExportPiece>,
  { offset, ms, size }: { readonly offset: number; readonly ms: number; readonly size: TerminalSize },
): AsyncGenerator<ExportPiece, void, void> {
  const screen = new RedrawnScreen(size);
  try {
    let begun = false;
    for await (const piece of pieces) {
      const [before, after] = begun ? [undefined, piece] : split(piece, offset);
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

function* redraw(screen: RedrawnScreen, offset: number): Generator<ExportPiece, void, void> {
  const bytes = screen.draw();
  if (bytes.length > 0) yield { type: 'redraw', ms: 0, offset, bytes };
}

/** What of a piece comes before `offset`, and what from there on. A resize right there has been made already. */
function split(
  piece: ExportPiece,
  offset: number,
): readonly [before: ExportPiece | undefined, after: ExportPiece | undefined] {
  switch (piece.type) {
    case 'output': {
      const cut = offset - piece.offset;
      if (cut <= 0) return [undefined, piece];
      if (cut >= piece.bytes.length) return [piece, undefined];
      const after = { ...piece, offset, bytes: piece.bytes.subarray(cut) };
      return [{ ...piece, bytes: piece.bytes.subarray(0, cut) }, after];
    }
    case 'missing': {
      const cut = offset - piece.offset;
      if (cut <= 0) return [undefined, piece];
      if (cut >= piece.bytes) return [piece, undefined];
      return [
        { ...piece, bytes: cut },
        { ...piece, offset, bytes: piece.bytes - cut },
      ];
    }
    case 'resize':
      return piece.offset <= offset ? [piece, undefined] : [undefined, piece];
    default:
      return piece.offset < offset ? [piece, undefined] : [undefined, piece];
  }
}
