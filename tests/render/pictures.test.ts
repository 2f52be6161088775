import fc from 'fast-check';
import { GifReader } from 'omggif';
import { describe, expect, test } from 'vitest';
import { filmToSvg } from '../../src/render/pictures/animated-svg.js';
import { glyphBoxes } from '../../src/render/pictures/drawn-glyphs.js';
import { Camera, type Film } from '../../src/render/pictures/film.js';
import type { Frame } from '../../src/render/model/frame.js';
import { indexColours } from '../../src/render/pictures/gif-colours.js';
import { filmToGif } from '../../src/render/pictures/gif.js';
import { Patch } from '../../src/render/pictures/patch.js';
import { frameToSvg } from '../../src/render/pictures/print-frame.js';
import { BUNDLED_FONT, Rasteriser } from '../../src/render/pictures/rasteriser.js';
import { Screen } from '../../src/render/screen/screen.js';
import { readXml } from '../fixtures/xml.js';

const SIZE = { cols: 12, rows: 3 };

/** What an agent may print: styles, moves, markup, and any characters. */
const output = fc
  .array(
    fc.oneof(
      fc.constantFrom('\x1b[1;31m', '\x1b[7;4m', '\x1b[48;2;1;200;3;9m', '\x1b[0m', '\x1b[?25l', '\x1b[?25h', '\x1b[H'),
      fc.constantFrom(
        '\r\n',
        '日本',
        '👩‍💻',
        '█▒⠋',
        '┌─┤',
        'e\u0301',
        '\u202eabc',
        '\ufffe',
        '</text>]]>&#0;',
        '"<x a=\'',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

function framesOf(outputs: readonly string[]): readonly Frame[] {
  const screen = new Screen(SIZE, { styles: true });
  try {
    return outputs.map((some) => {
      screen.write(Buffer.from(some));
      return screen.frame();
    });
  } finally {
    screen.dispose();
  }
}

function filmOf(frames: readonly Frame[]): Film {
  const camera = new Camera();
  for (const [at, frame] of frames.entries()) camera.take(at * 100, frame);
  return camera.film(frames.length * 100);
}

describe('svg', () => {
  test('is well-formed and has no element but its own, whatever was printed', () => {
    fc.assert(
      fc.property(fc.array(output, { minLength: 1, maxLength: 4 }), fc.string({ unit: 'binary' }), (outputs, title) => {
        const frames = framesOf(outputs);
        const last = frames.at(-1);
        if (last === undefined) return;
        const own = new Set(['svg', 'title', 'style', 'defs', 'g', 'use', 'rect', 'text']);
        const documents = [
          frameToSvg(last, { title, cursor: true }),
          frameToSvg(last, { lettering: 'cells', font: BUNDLED_FONT }),
          filmToSvg(filmOf(frames), { title }),
        ];
        for (const document of documents) {
          for (const element of readXml(document).elements) expect(own).toContain(element);
        }
      }),
    );
  });

  test('what stands behind several blanks stands in its column, though a viewer makes one of them', () => {
    const [frame] = framesOf(['a b     c']) as [Frame];
    expect(frameToSvg(frame).match(/<text [^>]*>[^<]*/g)).toEqual([
      '<text x="0" y="13" textLength="25.2">a b',
      '<text x="67.2" y="13" textLength="8.4">c',
    ]);
  });

  test('what stays is drawn once, and what never changes does not move', () => {
    const film = filmOf(framesOf(['\x1b[?25lstill\r\nnew', '\rold', '\rnew']));
    const svg = filmToSvg(film);
    expect(readXml(svg).text.match(/still|new|old/g)).toEqual(['still', 'new', 'old']);
    expect(svg.match(/@keyframes \w+/g)).toEqual(['@keyframes r1']);
  });

  test('a row that was already on another row is only referred to', () => {
    const film = filmOf(framesOf(['uno\r\ndos\r\ntres', '\r\ncuatro']));
    expect(readXml(filmToSvg(film)).text.match(/uno|dos|tres|cuatro/g)).toEqual(['dos', 'tres', 'uno', 'cuatro']);
  });

  test('a hidden cursor is not drawn, a shown one is', () => {
    const [shown, hidden, reset] = framesOf(['a', '\x1b[?25l', '\x1bc']) as [Frame, Frame, Frame];
    const rectangles = (frame: Frame): number =>
      readXml(frameToSvg(frame, { cursor: true })).elements.filter((element) => element === 'rect').length;
    expect([shown, hidden, reset].map(rectangles)).toEqual([2, 1, 2]);
  });
});

describe('drawn glyphs', () => {
  test('stay in their cell', () => {
    for (let code = 0x2500; code <= 0x28ff; code++) {
      for (const { x, y, width, height } of glyphBoxes(String.fromCodePoint(code)) ?? []) {
        expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  test('a Braille pattern has a dot for each of its bits', () => {
    for (let bits = 0; bits < 256; bits++) {
      const ones = bits.toString(2).replaceAll('0', '').length;
      expect(glyphBoxes(String.fromCodePoint(0x2800 + bits))).toHaveLength(ones);
    }
  });

  test('quarters cover as much as their names say', () => {
    const area = (character: string): number =>
      (glyphBoxes(character) ?? []).reduce((sum, { width, height }) => sum + width * height, 0);
    expect(['▖', '▗', '▘', '▝'].map(area)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(['▀', '▄', '▌', '▐', '▚', '▞'].map(area)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(['▙', '▛', '▜', '▟'].map(area)).toEqual([0.75, 0.75, 0.75, 0.75]);
    expect(area('█')).toBe(1);
  });
});

describe('gif', () => {
  test('colours are exact up to 255, and beyond that the nearest of the most frequent', () => {
    const pixel = fc.integer({ min: 0, max: 0xff_ff_ff }).map((rgb) => (0xff_00_00_00 | rgb) >>> 0);
    fc.assert(
      fc.property(fc.array(fc.oneof(pixel, fc.constant(0)), { maxLength: 250 }), (pixels) => {
        const { indices, palette } = indexColours(Uint32Array.from(pixels));
        expect(Math.log2(palette.length) % 1).toBe(0);
        const back = indices.map((index) => (index === 0 ? 0 : (0xff_00_00_00 | swapped(palette[index] ?? 0)) >>> 0));
        expect(back).toEqual(pixels);
      }),
    );
    const many = Uint32Array.from({ length: 600 }, (_, at) => 0xff_00_00_00 + (at % 300) + (at < 300 ? 0 : 0x10_00_00));
    const { indices, palette } = indexColours(many);
    expect(palette).toHaveLength(256);
    expect(Math.min(...indices)).toBe(1);
  });

  test('a patch is all that has changed, and no more than a rectangle around it', () => {
    const line = fc.array(fc.constantFrom(1, 2, 3), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), line), { maxLength: 10 }), (puts) => {
        const patch = new Patch(5, 4);
        const seen = new Uint32Array(20);
        const expected = new Uint32Array(20);
        for (const [top, pixels] of puts) {
          patch.put(top, Uint32Array.from(pixels));
          expected.set(pixels, top * 5);
          const { x, y, width, pixels: changed } = patch.take();
          for (const [at, pixel] of changed.entries()) {
            const place = (y + Math.floor(at / width)) * 5 + x + (at % width);
            if (pixel !== 0) seen[place] = pixel;
          }
          expect(seen).toEqual(expected);
        }
      }),
    );
  });

  test('its last picture is the last screen, pixel by pixel, and it lasts as long as the film', async () => {
    const rasteriser = await Rasteriser.open();
    const frames = framesOf([
      '\x1b[?25lone\r\n⠋ 日本 █',
      '\r⠙',
      '\x1b[2;1H\x1b[7mtwo\x1b[0m \x1b[4mline\x1b[0m',
      '\x1b[HO',
    ]);
    const film = filmOf(frames);
    const reader = new GifReader(Buffer.concat([...filmToGif(film, rasteriser)]));
    const seen = new Uint8Array(reader.width * reader.height * 4);
    let hundredths = 0;
    for (let at = 0; at < reader.numFrames(); at++) {
      reader.decodeAndBlitFrameRGBA(at, seen);
      hundredths += reader.frameInfo(at).delay;
    }
    expect(hundredths).toBe(40 + 300);
    const last = frames.at(-1);
    if (last === undefined) return;
    const rows = last.lines.map((line) => {
      const row = frameToSvg({ ...last, rows: 1, lines: [line] }, { lettering: 'cells', font: BUNDLED_FONT });
      return Buffer.from(rasteriser.pixels(row, 1).pixels.buffer);
    });
    expect(Buffer.from(seen).equals(Buffer.concat(rows))).toBe(true);
  });

  test('a shot in which nothing is to be seen changes nothing', async () => {
    const film = filmOf(framesOf(['\x1b[?25la', '\x1b[8mhidden']));
    const reader = new GifReader(Buffer.concat([...filmToGif(film, await Rasteriser.open())]));
    expect(reader.numFrames()).toBe(2);
    expect(reader.frameInfo(1)).toMatchObject({ width: 1, height: 1, transparent_index: 0 });
  });
});

test('a png is one, also of characters no font has', async () => {
  const [frame] = framesOf(['日本 👩‍💻 \ud800 \u{10ffff}']) as [Frame];
  const png = (await Rasteriser.open()).png(frameToSvg(frame, { lettering: 'cells', font: BUNDLED_FONT }), 2);
  expect(Buffer.from(png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
});

function swapped(rgb: number): number {
  return ((rgb & 0xff) << 16) | (rgb & 0xff00) | ((rgb >> 16) & 0xff);
}
