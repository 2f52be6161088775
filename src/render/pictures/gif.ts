import { GifWriter } from 'omggif';
import type { Film, Shot } from './film.js';
import { indexColours } from './gif-colours.js';
import { Patch } from './patch.js';
import { BUNDLED_FONT, type Pixels, type Rasteriser } from './rasteriser.js';
import { CELL_HEIGHT, svgCursor, svgDocument, svgRow } from './svg-rows.js';

/**
 * A film as a GIF that plays over and over: of each shot what is not as before, in up to 255 colours of its own. Yields pieces
 * of the file; `onProgress` is told the share that is done.
 */
export function* filmToGif(
  film: Film,
  rasteriser: Rasteriser,
  onProgress: (share: number) => void = () => undefined,
): Generator<Uint8Array, void, void> {
  const rows = new RowPixels(film, rasteriser);
  const { width } = rows.of({});
  const height = film.rows * CELL_HEIGHT;
  const patch = new Patch(width, height);
  // What the format may make of a picture at worst: 12 bits a pixel, and a byte for each 255 of them.
  const buffer = new Uint8Array(Math.ceil(width * height * 1.6) + 4096);
  const writer = new GifWriter(buffer, width, height, { loop: 0 });
  const take = (): Uint8Array => {
    const piece = buffer.slice(0, writer.getOutputBufferPosition());
    writer.setOutputBufferPosition(0);
    return piece;
  };
  for (const [at, shot] of film.shots.entries()) {
    for (let row = 0; row < film.rows; row++) {
      const look = lookOf(shot, row);
      if (!sameLook(look, film.shots[at - 1], row)) patch.put(row * CELL_HEIGHT, rows.of(look).pixels);
    }
    const { x, y, width: columns, height: lines, pixels } = patch.take();
    const { indices, palette } = indexColours(pixels);
    const from = at === 0 ? 0 : shot.ms;
    const delay = hundredths(film.shots[at + 1]?.ms ?? film.endMs + REST_MS) - hundredths(from);
    const options = { palette, transparent: UNCHANGED, disposal: LEAVE, delay: Math.min(delay, MAX_DELAY) };
    writer.addFrame(x, y, columns, lines, indices, options);
    yield take();
    onProgress((at + 1) / film.shots.length);
  }
  writer.end();
  yield take();
}

/** What of a row can be told: its content, and the column of the cursor where that is on it. */
interface RowLook {
  readonly content?: number | undefined;
  readonly cursor?: number | undefined;
}

function lookOf({ rows, cursor }: Shot, row: number): RowLook {
  return { content: rows[row], cursor: cursor.visible && cursor.row === row ? cursor.col : undefined };
}

function sameLook({ content, cursor }: RowLook, shot: Shot | undefined, row: number): boolean {
  if (shot === undefined) return false;
  const before = lookOf(shot, row);
  return before.content === content && before.cursor === cursor;
}

/** Rows as pixels, each drawn when it is first asked for; those used last are kept. */
class RowPixels {
  readonly #film: Film;
  readonly #rasteriser: Rasteriser;
  readonly #kept = new Map<string, Pixels>();
  #keptPixels = 0;

  constructor(film: Film, rasteriser: Rasteriser) {
    this.#film = film;
    this.#rasteriser = rasteriser;
  }

  of({ content, cursor }: RowLook): Pixels {
    const key = `${content ?? ''} ${cursor ?? ''}`;
    let pixels = this.#kept.get(key);
    if (pixels === undefined) {
      const body = [svgRow(content === undefined ? [] : (this.#film.contents[content] ?? []), 0, 'cells')];
      if (cursor !== undefined) body.push(svgCursor({ cursor: { row: 0, col: cursor, visible: true } }));
      const svg = svgDocument({ cols: this.#film.cols, rows: 1 }, body, { font: BUNDLED_FONT });
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
/** The last picture stands for so long before all begins again. */
const REST_MS = 3000;
const MAX_DELAY = 0xffff;
/** The index of what stays as it was, and the disposal that leaves it there. */
const UNCHANGED = 0;
const LEAVE = 1;
