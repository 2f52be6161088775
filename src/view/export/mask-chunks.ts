import { Redactor } from '../../core/redact/redactor.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import type { ExportPiece } from './export-source.js';

/**
 * The same with well-known tokens masked, whatever the pieces: every byte that is let go has the time at which it came.
 * `onFound` is told the name of each kind of token.
 */
export async function* maskPieces(
  pieces: AsyncIterable<ExportPiece>,
  onFound: (name: string) => void,
): AsyncGenerator<ExportPiece, void, void> {
  const redactor = new Redactor({ secrets: [], shapes: TOKEN_SHAPES, onFound });
  const waiting = new WaitingPieces();
  for await (const piece of pieces) {
    if (piece.type === 'output') {
      waiting.push(piece);
      yield* waiting.letGo(redactor.feed(piece.bytes));
    } else {
      // What is missing parts what stands around it.
      if (piece.type === 'missing') yield* waiting.letGo(redactor.end());
      waiting.push(piece);
      yield* waiting.letGo(NOTHING);
    }
  }
  yield* waiting.letGo(redactor.end());
}

/** Pieces in their order, until all of their bytes were let go: at most as many as a redactor holds, and a piece. */
class WaitingPieces {
  #pieces: ExportPiece[] = [];
  /** What was let go of the first of them. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  push(piece: ExportPiece): void {
    this.#pieces.push(piece);
  }

  /** `bytes`: what takes the place of as many that wait. */
  *letGo(bytes: Uint8Array): Generator<ExportPiece, void, void> {
    let [gone, done] = [0, 0];
    for (const piece of this.#pieces) {
      if (piece.type !== 'output') {
        yield piece;
        gone++;
        continue;
      }
      const wanted = piece.bytes.length - this.#begunBytes;
      const come = bytes.subarray(done, done + wanted);
      done += come.length;
      if (come.length < wanted) {
        this.#begun.push(come);
        this.#begunBytes += come.length;
        break;
      }
      yield { ...piece, bytes: this.#begun.length === 0 ? come : Buffer.concat([...this.#begun, come]) };
      this.#begun = [];
      this.#begunBytes = 0;
      gone++;
    }
    this.#pieces.splice(0, gone);
  }
}

const NOTHING = new Uint8Array(0);
