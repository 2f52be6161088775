import type { RenderChunk } from '../render/model/line.js';
import type { LogChunk } from '../store/log/segment-cursor.js';
import type { Resize } from '../store/times/time-index-reader.js';

/**
 * A recording as the screen model wants it: each resize at its byte, `resizes` in the order of their offsets, and what is
 * missing. It begins at absolute offset `from`, where resizes up to `known` have been made already. `resizes` may grow
 * while this reads, ahead of the bytes. Those recorded where the chunks end come at the end, if that is in front of `to`;
 * those recorded further on are of what is not being read.
 */
export async function* renderChunks(
  chunks: AsyncIterable<LogChunk>,
  resizes: readonly Resize[],
  { from = 0, known = -1, to = Infinity }: ResizesOptions = {},
): AsyncGenerator<RenderChunk, void, void> {
  let next = 0;
  let position = from;
  while ((resizes[next]?.offset ?? Infinity) <= known) next++;
  for await (const { offset, bytes } of chunks) {
    if (offset > position) yield { type: 'missing', bytes: offset - position };
    position = offset + bytes.length;
    let done = 0;
    for (let resize = resizes[next]; resize !== undefined && resize.offset < position; resize = resizes[++next]) {
      const at = Math.max(done, resize.offset - offset);
      if (at > done) yield bytes.subarray(done, at);
      yield { type: 'resize', ...resize.size };
      done = at;
    }
    yield bytes.subarray(done);
  }
  for (let resize = resizes[next]; resize !== undefined && resize.offset <= position; resize = resizes[++next]) {
    if (resize.offset < to) yield { type: 'resize', ...resize.size };
  }
}

interface ResizesOptions {
  readonly from?: number;
  readonly known?: number;
  readonly to?: number;
}
