import type { RenderChunk } from '../render/line.js';
import type { LogChunk } from '../store/segment-cursor.js';
import type { Resize } from '../store/time-index-reader.js';

/**
 * A recording as the screen model wants it: each resize at its byte, `resizes` in the order of their offsets. Those
 * recorded where the chunks end come at the end; those recorded further on are of what is not being read.
 */
export async function* renderChunks(
  chunks: AsyncIterable<LogChunk>,
  resizes: readonly Resize[],
): AsyncGenerator<RenderChunk, void, void> {
  let next = 0;
  let end = 0;
  for await (const { offset, bytes } of chunks) {
    let done = 0;
    for (
      let resize = resizes[next];
      resize !== undefined && resize.offset < offset + bytes.length;
      resize = resizes[++next]
    ) {
      const at = Math.max(done, resize.offset - offset);
      if (at > done) yield bytes.subarray(done, at);
      yield { type: 'resize', ...resize.size };
      done = at;
    }
    yield bytes.subarray(done);
    end = offset + bytes.length;
  }
  for (let resize = resizes[next]; resize !== undefined && resize.offset <= end; resize = resizes[++next]) {
    yield { type: 'resize', ...resize.size };
  }
}
