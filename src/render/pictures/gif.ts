import { GifWriter } from 'omggif';
import type { Run } from '../model/frame.js';
import { type FrameSequence, lengthOf, type Shot } from './frame-sequence.js';
import { indexColours } from './gif-colours.js';
import { Patch } from './patch.js';
import { BUNDLED_FONT, type Pixels, type Rasteriser } from './rasteriser.js';
import { CELL_HEIGHT, svgCursor, svgDocument, svgRow } from './svg-rows.js';

/**
 * A sequence as a GIF that plays over and over: of each shot what is not as before, in up to 255 colours of its own. Yields pieces
 * of the file; no more than two shots are held at a time. `onProgress` gets the share that is done, from 0 to 1.
 */
export async function* animationToGif(
  sequence: FrameSequence,
  rasteriser: Rasteriser,
  onProgress: (share: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const rows = new RowPixels(sequence.cols, rasteriser);
  const { width } = rows.of(BLANK);
  const height = sequence.rows * CELL_HEIGHT;
  const patch = new Patch(width, height);
  // The largest that a picture may become in this format: 12 bits a pixel, and a byte for each 255 of them.
  const buffer = new Uint8Array(Math.ceil(width * height * 1.6) + 4096);
  const writer = new GifWriter(buffer, width, height, { loop: 0 });
  const take = (): Uint8Array => {
    const piece = buffer.slice(0, writer.getOutputBufferPosition());
    writer.setOutputBufferPosition(0);
    return piece;
  };
  let done = 0;
  for await (const { before, shot, endMs } of timedShots(sequence)) {
    for (let row = 0; row < sequence.rows; row++) {
      const look = lookOf(shot, row);
      if (before === undefined || !sameLook(look, lookOf(before, row)))
        patch.put(row * CELL_HEIGHT, rows.of(look).pixels);
    }
    const { x, y, width: columns, height: lines, pixels } = patch.take();
    const { indices, palette } = indexColours(pixels);
    const delay = hundredths(endMs) - hundredths(before === undefined ? 0 : shot.ms);
    const options = { palette, transparent: UNCHANGED, disposal: LEAVE, delay: Math.min(delay, MAX_DELAY) };
    // It takes whatever has indices and a length, of which its types name the array alone.
    writer.addFrame(x, y, columns, lines, indices as ArrayLike<number> as number[], options);
    yield take();
    onProgress(++done / sequence.count);
  }
  writer.end();
  yield take();
}

/** Each shot with the one before it, and when the next begins. */
async function* timedShots(
  sequence: FrameSequence,
): AsyncGenerator<{ before: Shot | undefined; shot: Shot; endMs: number }> {
  let before: Shot | undefined;
  let shot: Shot | undefined;
  for await (const next of sequence.shots()) {
    if (shot !== undefined) yield { before, shot, endMs: next.ms };
    [before, shot] = [shot, next];
  }
  if (shot !== undefined) yield { before, shot, endMs: lengthOf(sequence) };
}

/** How a row looks: its text, and the column of the cursor where that is on it. */
interface RowLook {
  readonly runs: readonly Run[];
  readonly look: string;
  readonly cursor?: number | undefined;
}

const BLANK: RowLook = { runs: [], look: '' };

function lookOf({ frame: { lines, cursor }, looks }: Shot, row: number): RowLook {
  const column = cursor.visible && cursor.row === row ? cursor.col : undefined;
  return { runs: lines[row] ?? [], look: looks[row] ?? '', cursor: column };
}

function sameLook(a: RowLook, b: RowLook): boolean {
  return a.look === b.look && a.cursor === b.cursor;
}

/** Rows as pixels, each drawn when it is first asked for; those used last are kept. */
class RowPixels {
  readonly #cols: number;
  readonly #rasteriser: Rasteriser;
  readonly #kept = new Map<string, Pixels>();
  #keptPixels = 0;

  constructor(cols: number, rasteriser: Rasteriser) {
    this.#cols = cols;
    this.#rasteriser = rasteriser;
  }

  of({ runs, look, cursor }: RowLook): Pixels {
    const key = `${cursor ?? ''} ${look}`;
    let pixels = this.#kept.get(key);
    if (pixels === undefined) {
      const body = [svgRow(runs, 0, 'cells')];
      if (cursor !== undefined) body.push(svgCursor({ cursor: { row: 0, col: cursor, visible: true } }));
      const svg = svgDocument({ cols: this.#cols, rows: 1 }, body, { font: BUNDLED_FONT });
      pixels = this.#rasteriser.pixels(svg, 1);
      this.#keptPixels += pixels.pixels.length;
      this.#forgetOldest();
    } else this.#kept.delete(key);
    // What was used last is the last to be forgotten.
    this.#kept.set(key, pixels);
    return pixels;
  }

  #forgetOldest(): void {
    for (const [key, { pixels }] of this.#kept) {
      if (this.#keptPixels <= KEPT_PIXELS) return;
      this.#kept.delete(key);
      this.#keptPixels -= pixels.length;
    }
  }
}

/** The format counts time in hundredths of a second. */
function hundredths(ms: number): number {
  return Math.round(ms / 10);
}

/** 8 MB: more than five screens of 80x24. */
const KEPT_PIXELS = 2_000_000;
const MAX_DELAY = 0xffff;
/** The index of what stays as it was, and the disposal that leaves it there. */
const UNCHANGED = 0;
const LEAVE = 1;
