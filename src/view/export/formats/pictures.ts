import { errors } from '../../../core/errors.js';
import { animationToSvg } from '../../../render/pictures/animated-svg.js';
import { frameSequenceOf, type Moment, type Shot } from '../../../render/pictures/frame-sequence.js';
import { animationToGif } from '../../../render/pictures/gif.js';
import { frameToSvg } from '../../../render/pictures/print-frame.js';
import { BUNDLED_FONT, Rasteriser } from '../../../render/pictures/rasteriser.js';
import { screenAtEnd } from '../../places/screen-at-end.js';
import type { WriteOptions } from '../export-format.js';
import type { ExportSource } from '../export-source.js';
import { shots } from '../shots.js';
import { renderChunksOf } from './lines.js';

/** A picture of the screen that moves as it did; a still one where that is asked for. */
export async function* writeSvg(
  source: ExportSource,
  { isStill = false }: WriteOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const { title } = source;
  if (isStill) {
    yield Buffer.from(frameToSvg(await lastFrame(source), { title, cursor: true, margin: MARGIN }));
    return;
  }
  let text = '';
  for await (const line of animationToSvg(momentsOf(source), { title, margin: MARGIN, onShot: refuseLong('svg') })) {
    text += line;
    if (text.length < PIECE_CHARS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

/** The screen at the end, two pixels a unit where that is no poster. */
export async function* writePng(source: ExportSource): AsyncGenerator<Uint8Array, void, void> {
  const frame = await lastFrame(source);
  refuseLarge(frame, 'png');
  const rasteriser = await Rasteriser.open();
  const zoom = frame.cols * frame.rows > FINE_CELLS ? 1 : 2;
  yield rasteriser.png(
    frameToSvg(frame, { cursor: true, margin: MARGIN, lettering: 'cells', font: BUNDLED_FONT }),
    zoom,
  );
}

export async function* writeGif(source: ExportSource, options: WriteOptions): AsyncGenerator<Uint8Array, void, void> {
  const sequence = await frameSequenceOf(momentsOf(source), refuseLong('gif'));
  refuseLarge(sequence, 'gif');
  const rasteriser = await Rasteriser.open();
  for await (const exported of animationToGif(sequence, rasteriser, options.onProgress)) {
    if (options.signal.aborted) return;
    yield exported;
    // So that a signal is heard meanwhile.
    await new Promise(setImmediate);
  }
}

function lastFrame(source: ExportSource): ReturnType<typeof screenAtEnd> {
  return screenAtEnd(renderChunksOf(source.chunks()), { size: source.size, styles: true });
}

function momentsOf(source: ExportSource): () => AsyncIterable<Moment> {
  return () => shots(source, SHOT_MS);
}

/** @throws OrchError EXPORT_TOO_LONG what it returns, at a shot too many */
function refuseLong(format: string): (shot: Shot, count: number) => void {
  return ({ ms }, count) => {
    if (count <= MAX_SHOTS) return;
    const seconds = Math.round(ms / 1000);
    throw errors.exportTooLong(`${format} holds ${MAX_SHOTS} pictures, and there are more after ${seconds} seconds`);
  };
}

/** @throws OrchError EXPORT_TOO_LARGE */
function refuseLarge({ cols, rows }: { readonly cols: number; readonly rows: number }, format: string): void {
  if (cols * rows > MAX_CELLS) throw errors.exportTooLarge(`${format} of a screen of ${cols}x${rows}`);
}

const PIECE_CHARS = 64 * 1024;
/** Ten a second are enough for an eye that reads. */
const SHOT_MS = 100;
/** Five minutes in which something moves all the time. */
const MAX_SHOTS = 3000;
/** Units of paper around the cells, so that no letter stands at the edge. */
const MARGIN = 12;
/** 12 million pixels at two a unit. */
const FINE_CELLS = 20_000;
/** 30 million pixels at one a unit, 120 MB while it is drawn. */
const MAX_CELLS = 200_000;
