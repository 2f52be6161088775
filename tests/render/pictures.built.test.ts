import fc from 'fast-check';
import { GifReader } from 'omggif';
import { describe, expect, test } from 'vitest';
import { animationToSvg } from '../../src/render/pictures/animated-svg.js';
import { glyphBoxes } from '../../src/render/pictures/drawn-glyphs.js';
import { frameSequenceOf, type Moment } from '../../src/render/pictures/frame-sequence.js';
import type { Frame } from '../../src/render/model/frame.js';
import { indexColours } from '../../src/render/pictures/gif-colours.js';
import { animationToGif } from '../../src/render/pictures/gif.js';
import { Patch } from '../../src/render/pictures/patch.js';
import { frameToSvg } from '../../src/render/pictures/print-frame.js';
import { BUNDLED_FONT, Rasteriser } from '../../src/render/pictures/rasteriser.js';
import { svgRow } from '../../src/render/pictures/svg-rows.js';
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

/** A shot each tenth of a second. */
function momentsOf(frames: readonly Frame[]): () => AsyncIterable<Moment> {
  // eslint-disable-next-line @typescript-eslint/require-await -- Readable as often as it is asked for.
  return async function* () {
    for (const [at, frame] of [...frames, ...frames.slice(-1)].entries()) yield { ms: at * 100, frame };
  };
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

async function animated(frames: readonly Frame[], title?: string): Promise<string> {
  const lines = await all(animationToSvg(momentsOf(frames), title === undefined ? {} : { title }));
  return lines.join('');
}

async function gifOf(frames: readonly Frame[], rasteriser: Rasteriser): Promise<GifReader> {
  const sequence = await frameSequenceOf(momentsOf(frames));
  return new GifReader(Buffer.concat(await all(animationToGif(sequence, rasteriser))));
}

describe('svg', () => {
  test('is well-formed and has no element but its own, whatever was printed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(output, { minLength: 1, maxLength: 4 }),
        fc.string({ unit: 'binary' }),
        async (outputs, title) => {
          const frames = framesOf(outputs);
          const last = frames.at(-1);
          if (last === undefined) return;
          const own = new Set(['svg', 'title', 'style', 'defs', 'g', 'use', 'rect', 'text']);
          const documents = [
            frameToSvg(last, { title, cursor: true }),
            frameToSvg(last, { lettering: 'cells', font: BUNDLED_FONT }),
            await animated(frames, title),
          ];
          for (const document of documents) {
            for (const element of readXml(document).elements) expect(own).toContain(element);
          }
        },
      ),
    );
  });

  test('what stands behind several blanks stands in its column, though a viewer makes one of them', () => {
    const [frame] = framesOf(['a b     c']) as [Frame];
    expect(frameToSvg(frame).match(/<text [^>]*>[^<]*/g)).toEqual([
      '<text x="0" y="13" textLength="25.2">a b',
      '<text x="67.2" y="13" textLength="8.4">c',
    ]);
  });

  test('what stays is drawn once, and what never changes does not move', async () => {
    const svg = await animated(framesOf(['\x1b[?25lstill\r\nnew', '\rold', '\rnew']));
    expect(readXml(svg).text.match(/still|new|old/g)).toEqual(['still', 'new', 'old']);
    expect(svg.match(/@keyframes \w+/g)).toEqual(['@keyframes r1']);
  });

  test('a row that was already on another row is only referred to', async () => {
    const svg = await animated(framesOf(['uno\r\ndos\r\ntres', '\r\ncuatro']));
    expect(readXml(svg).text.match(/uno|dos|tres|cuatro/g)).toEqual(['uno', 'dos', 'tres', 'cuatro']);
    expect(svg.match(/href="#c\d"/g)).toEqual(['#c0', '#c1', '#c1', '#c2', '#c2', '#c3'].map((to) => `href="${to}"`));
  });

  test('at each time a row shows what stood in it then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(output, { minLength: 1, maxLength: 6 }), async (outputs) => {
        const frames = framesOf(outputs);
        const svg = await animated(frames);
        for (const [at, frame] of frames.entries())
          expect(shownAt(svg, at * 100, frame.rows)).toEqual(drawnRows(frame));
      }),
    );
  });

  test('a row that was not there at first is empty until it is', async () => {
    const [small] = framesOf(['a']) as [Frame];
    const grown = { ...small, rows: 4, lines: [...small.lines, ...small.lines.slice(0, 1)] };
    const svg = await animated([small, grown, small]);
    expect([0, 100, 200].map((ms) => shownAt(svg, ms, 4)[3])).toEqual(['', drawnRows(small)[0], '']);
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
        const back = Array.from(indices, (index) =>
          index === 0 ? 0 : (0xff_00_00_00 | swapped(palette[index] ?? 0)) >>> 0,
        );
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

  test('its last picture is the last screen, pixel by pixel, and it lasts as long as the sequence', async () => {
    const rasteriser = await Rasteriser.open();
    const frames = framesOf([
      '\x1b[?25lone\r\n⠋ 日本 █',
      '\r⠙',
      '\x1b[2;1H\x1b[7mtwo\x1b[0m \x1b[4mline\x1b[0m',
      '\x1b[HO',
    ]);
    const reader = await gifOf(frames, rasteriser);
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
    const reader = await gifOf(framesOf(['\x1b[?25la', '\x1b[8mhidden']), await Rasteriser.open());
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

/** What is seen of each row of an animated picture: the drawn content that its window shows at `ms`. */
function shownAt(svg: string, ms: number, rows: number): readonly string[] {
  const lengthMs = 1000 * Number(/\.m\{animation:([\d.]+)s/.exec(svg)?.[1]);
  const contents = new Map([...svg.matchAll(/^<g id="(c\d+)">(.*)<\/g>$/gm)].map(([, id, drawn]) => [id, drawn ?? '']));
  const shown: string[] = [];
  for (const [, y, window = ''] of svg.matchAll(/<svg y="(\d+)"[^>]*>(.*)<\/svg>/g)) {
    const track = new RegExp(`@keyframes r${Number(y) / 17}\\{(.*)\\}`).exec(svg)?.[1] ?? '';
    const steps = [...track.matchAll(/([\d.]+)%\{transform:(?:none|translateY\((-\d+)px\))\}/g)];
    const now = steps.findLast(([, share]) => (Number(share) * lengthMs) / 100 <= ms + 1);
    const top = -Number(now?.[2] ?? 0);
    const use = [...window.matchAll(/href="#(c\d+)"(?: y="(\d+)")?/g)].find(([, , at]) => Number(at ?? 0) === top);
    shown[Number(y) / 17] = contents.get(use?.[1]) ?? '';
  }
  return Array.from({ length: rows }, (_, row) => shown[row] ?? '');
}

/** The rows of a frame as they are drawn at the top, empty where nothing is to be seen. */
function drawnRows({ lines }: Frame): readonly string[] {
  return lines.map((runs) => svgRow(runs, 0));
}
