import type { ExportPiece } from './export-source.js';

/** The same, but no pause is longer than `limitMs`; what is left of each is a whole number of milliseconds. */
export async function* limitIdle(
  pieces: AsyncIterable<ExportPiece>,
  limitMs: number,
): AsyncGenerator<ExportPiece, void, void> {
  const limit = Math.round(limitMs);
  let last = 0;
  let left = 0;
  for await (const piece of pieces) {
    left += Math.max(0, piece.ms - last - limit);
    last = Math.max(last, piece.ms);
    yield { ...piece, ms: piece.ms - left };
  }
}
