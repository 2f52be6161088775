import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Resvg } from '@resvg/resvg-wasm';
import { packageFile } from '../../core/package-file.js';
import { CELL_WIDTH, type PictureFont } from './svg-rows.js';

/** Draws SVG, with the fonts that come along and no others: a picture is the same on every machine. */
export class Rasteriser {
  readonly #draw: typeof Resvg;
  readonly #fonts: readonly Uint8Array[];

  private constructor(draw: typeof Resvg, fonts: readonly Uint8Array[]) {
    this.#draw = draw;
    this.#fonts = fonts;
  }

  /** Loads drawer and fonts: some 3.5 MB, and 50 ms. */
  static async open(): Promise<Rasteriser> {
    const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
    // It may be called only once in a process.
    loaded ??= initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
    await loaded;
    const fonts = FONT_FILES.map((name) => readFileSync(packageFile(`dist/fonts/${name}`)));
    return new Rasteriser(Resvg, fonts);
  }

  /** A PNG of `svg`, `zoom` pixels a unit. */
  png(svg: string, zoom: number): Uint8Array {
    return this.#rendered(svg, zoom, (image) => image.asPng());
  }

  /** Its pixels row by row, as 0xAABBGGRR. */
  pixels(svg: string, zoom: number): Pixels {
    return this.#rendered(svg, zoom, ({ width, height, pixels: { buffer, byteOffset, byteLength } }) => {
      // A copy of its own already, which begins where its buffer does.
      return { width, height, pixels: new Uint32Array(buffer, byteOffset, byteLength / 4) };
    });
  }

  #rendered<T>(svg: string, zoom: number, use: (image: Image) => T): T {
    const drawer = new this.#draw(svg, {
      font: { fontBuffers: [...this.#fonts], defaultFontFamily: BUNDLED_FONT.family },
      fitTo: { mode: 'zoom', value: zoom },
    });
    try {
      const image = drawer.render();
      try {
        return use(image);
      } finally {
        image.free();
      }
    } finally {
      drawer.free();
    }
  }
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

type Image = ReturnType<InstanceType<typeof Resvg>['render']>;

let loaded: Promise<void> | undefined;

/** The font that comes with orch. Its characters are 1233/2048 of its size wide; at this size, as wide as a cell. */
export const BUNDLED_FONT: PictureFont = { family: 'DejaVu Sans Mono', size: CELL_WIDTH / (1233 / 2048) };

/** Copied by scripts/build.mjs, with their licence. */
const FONT_FILES = ['', '-Bold', '-Oblique', '-BoldOblique'].map((style) => `DejaVuSansMono${style}.ttf`);
