import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexColours } from '../../../src/render/pictures/gif-colours.js';

/** A pixel of this colour, 0xRRGGBB. */
function pixel(rgb: number): number {
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

const anyColour = fc.integer({ min: 0, max: 0xffffff });

describe('the colours of a GIF', () => {
  test('are those of the picture, where there are no more than 255', () => {
    fc.assert(
      fc.property(fc.array(fc.option(anyColour, { nil: undefined }), { maxLength: 255 }), (colours) => {
        const pixels = Uint32Array.from(colours, (rgb) => (rgb === undefined ? 0 : pixel(rgb)));
        const { indices, palette } = indexColours(pixels);
        expect([2, 4, 8, 16, 32, 64, 128, 256]).toContain(palette.length);
        const found = Array.from(indices, (index) => (index === 0 ? undefined : palette[index]));
        expect(found).toEqual(colours);
      }),
    );
  });

  test('are the most frequent, where there are more; any other becomes the nearest', () => {
    const frequent = Array.from({ length: 255 }, (_, at) => at << 8);
    // Nearest to the darkest green that there is, then to one in the middle.
    const rare = [0x010000, 0x006403];
    const pixels = Uint32Array.from([...rare, ...frequent, ...frequent], pixel);
    const { indices, palette } = indexColours(pixels);
    expect(palette).toHaveLength(256);
    expect(new Set(palette.slice(1))).toEqual(new Set(frequent));
    expect(palette[indices[0] ?? 0]).toBe(0x000000);
    expect(palette[indices[1] ?? 0]).toBe(0x006400);
    expect(indices).not.toContain(0);
  });
});
