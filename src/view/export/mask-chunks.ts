import { Redactor } from '../../core/redact/redactor.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import type { PlacedChunk } from '../../formats/model/written-recording.js';

/**
 * The same chunks with well-known tokens masked, also those split over chunks; every byte keeps its time.
 * `onFound` is called with the name of each kind of token.
 */
export async function* maskChunks(
  chunks: AsyncIterable<PlacedChunk>,
  onFound: (name: string) => void,
): AsyncGenerator<PlacedChunk, void, void> {
  const redactor = new Redactor({ secrets: [], shapes: TOKEN_SHAPES, onFound });
  const waiting = new WaitingChunks();
  for await (const chunk of chunks) {
    if (chunk.type === 'output') {
      waiting.push(chunk);
      yield* waiting.letGo(redactor.feed(chunk.bytes));
    } else {
      // No token reaches across a missing range.
      if (chunk.type === 'missing') yield* waiting.letGo(redactor.end());
      waiting.push(chunk);
      yield* waiting.letGo(NOTHING);
    }
  }
  yield* waiting.letGo(redactor.end());
}

/** Pieces in their order, until all of their bytes were let go: at most as many as a redactor holds, and a chunk. */
class WaitingChunks {
  #chunks: PlacedChunk[] = [];
  /** The masked bytes of the first chunk so far. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  push(chunk: PlacedChunk): void {
    this.#chunks.push(chunk);
  }

  /** `bytes`: what takes the place of as many that wait. */
  *letGo(bytes: Uint8Array): Generator<PlacedChunk, void, void> {
    let [gone, done] = [0, 0];
    for (const chunk of this.#chunks) {
      if (chunk.type !== 'output') {
        yield chunk;
        gone++;
        continue;
      }
      const wanted = chunk.bytes.length - this.#begunBytes;
      const come = bytes.subarray(done, done + wanted);
      done += come.length;
      if (come.length < wanted) {
        this.#begun.push(come);
        this.#begunBytes += come.length;
        break;
      }
      yield { ...chunk, bytes: this.#begun.length === 0 ? come : Buffer.concat([...this.#begun, come]) };
      this.#begun = [];
      this.#begunBytes = 0;
      gone++;
    }
    this.#chunks.splice(0, gone);
  }
}

const NOTHING = new Uint8Array(0);
