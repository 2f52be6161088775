import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LiveRegion } from '../../../src/view/print/live-region.js';
import { rowsAfter } from '../../fixtures/screen.js';
import { runs } from '../../fixtures/runs.js';

const COLUMNS = 20;
const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '日', '-'), minLength: 1, maxLength: 9 });
const anyUpdate = fc.record({
  lines: fc.array(anyText, { maxLength: 3 }),
  rows: fc.array(anyText, { maxLength: 4 }),
  clears: fc.boolean(),
});

describe('rows beneath lines that scroll by', () => {
  test('leave the lines whole, each once, with the last rows under them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyUpdate, { maxLength: 8 }), async (updates) => {
        const region = new LiveRegion();
        let written = '';
        for (const { lines, rows, clears } of updates) {
          if (clears) written += region.clear(COLUMNS);
          written += region.update(lines.map((line) => `${line}\n`).join(''), rows, COLUMNS);
        }
        const expected = [...updates.flatMap(({ lines }) => lines), ...(updates.at(-1)?.rows ?? [])];
        expect(await rowsAfter(Buffer.from(written.replaceAll('\n', '\r\n')), COLUMNS, 6)).toEqual(expected);
      }),
      { numRuns: runs(200) },
    );
  });

  test('are erased whole on a terminal that has wrapped them since', async () => {
    const region = new LiveRegion();
    region.update('', ['x'.repeat(19), 'y'.repeat(5)], 20);
    // As they stand on a terminal of eight columns.
    const wrapped = 'line\r\nxxxxxxxxxxxxxxxxxxx\r\nyyyyy';
    const update = region.update('next\n', ['z'], 8).replaceAll('\n', '\r\n');
    expect(await rowsAfter(Buffer.from(wrapped + update), 8, 10)).toEqual(['line', 'next', 'z']);
  });

  test('are not written again while they stay the same', () => {
    const region = new LiveRegion();
    region.update('', ['a', 'b'], 20);
    expect(region.update('', ['a', 'b'], 20)).toBe('');
    expect(region.update('', ['a', 'c'], 20)).not.toBe('');
  });

  test('end with a line end, where there are any', () => {
    const region = new LiveRegion();
    expect(region.end()).toBe('');
    region.update('', ['a'], 20);
    expect(region.end()).toBe('\n');
    expect(region.update('', [], 20)).toBe('');
  });
});
