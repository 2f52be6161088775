import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Line } from '../../src/render/model/line.js';
import { LastLines } from '../../src/view/lines/last-lines.js';
import { runs } from '../fixtures/runs.js';

const lineAt = (at: number): Line => ({ text: `line ${at}`, offset: at * 10, endOffset: at * 10 + 10, final: true });

test('the last lines are those that came last, however they were batched', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.array(fc.nat(30), { maxLength: 30 }), (count, batches) => {
      const last = new LastLines(count);
      const all: Line[] = [];
      for (const size of batches) {
        const batch = Array.from({ length: size }, (_, at) => lineAt(all.length + at));
        all.push(...batch);
        last.hold(batch);
        expect(last.lines).toEqual(count === 0 ? [] : all.slice(-count));
      }
    }),
    { numRuns: runs(200) },
  );
});
