import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Patch } from '../../../src/render/pictures/patch.js';

const [WIDTH, HEIGHT] = [5, 4];
/** Few, so that some of what is put is there already. */
const anyPixel = fc.integer({ min: 1, max: 3 });
/** Lines of pixels, and from where on; those of one step do not overlap. */
const anyStep = fc.array(fc.option(fc.array(anyPixel, { minLength: WIDTH, maxLength: WIDTH }), { nil: undefined }), {
  minLength: HEIGHT,
  maxLength: HEIGHT,
});

test('a picture that is made of patches alone is the one that was put', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 6 }), (steps) => {
      const patch = new Patch(WIDTH, HEIGHT);
      const [put, shown] = [new Uint32Array(WIDTH * HEIGHT), new Uint32Array(WIDTH * HEIGHT)];
      for (const step of steps) {
        const before = put.slice();
        for (const [top, line] of step.entries()) {
          if (line === undefined) continue;
          patch.put(top, Uint32Array.from(line));
          put.set(line, top * WIDTH);
        }
        const { x, y, width, height, pixels } = patch.take();
        expect(pixels).toHaveLength(width * height);
        for (const [at, pixel] of pixels.entries()) {
          if (pixel !== 0) shown[(y + Math.floor(at / width)) * WIDTH + x + (at % width)] = pixel;
        }
        expect(shown).toEqual(put);
        const changed = [...put.keys()].filter((at) => put[at] !== before[at]);
        expect([...pixels].filter((pixel) => pixel !== 0)).toHaveLength(changed.length);
        const [columns, rows] = [changed.map((at) => at % WIDTH), changed.map((at) => Math.floor(at / WIDTH))];
        const [left, top] = changed.length === 0 ? [0, 0] : [Math.min(...columns), Math.min(...rows)];
        expect({ x, y, width, height }).toEqual({
          x: left,
          y: top,
          width: Math.max(left, ...columns) - left + 1,
          height: Math.max(top, ...rows) - top + 1,
        });
      }
    }),
  );
});

test('lines that were put together come in one patch', () => {
  const patch = new Patch(2, 3);
  patch.put(1, Uint32Array.of(1, 2, 3, 4));
  expect(patch.take()).toEqual({ x: 0, y: 1, width: 2, height: 2, pixels: Uint32Array.of(1, 2, 3, 4) });
});
