import type { PlacedChunk } from '../../formats/model/written-recording.js';

/** The same, but no pause is longer than `limitMs`; what is left of each is a whole number of milliseconds. */
export async function* limitIdle(
  chunks: AsyncIterable<PlacedChunk>,
  limitMs: number,
): AsyncGenerator<PlacedChunk, void, void> {
  const limit = Math.round(limitMs);
  let last = 0;
  let left = 0;
  for await (const chunk of chunks) {
    left += Math.max(0, chunk.ms - last - limit);
    last = Math.max(last, chunk.ms);
    yield { ...chunk, ms: chunk.ms - left };
  }
}
