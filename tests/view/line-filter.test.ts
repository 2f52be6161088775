import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from '../../src/core/pattern/pattern.js';
import { LineFilter } from '../../src/view/lines/line-filter.js';
import type { LogBatch } from '../../src/view/lines/log-batch.js';
import { runs } from '../fixtures/runs.js';

const ERROR = compilePattern(/error/);
const NOISE = compilePattern(/noise/);

async function filtered(
  texts: readonly string[],
  sizes: readonly number[],
  options: ConstructorParameters<typeof LineFilter>[0],
) {
  const filter = new LineFilter(options);
  const out: string[] = [];
  for (let at = 0, turn = 0; at < texts.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const lines = texts.slice(at, at + size).map((text) => ({ text, offset: 0, endOffset: 0, final: true }));
    const batch: LogBatch = { source: 'backend', lines };
    out.push(...(await filter.filter(batch)).flatMap((some) => some.lines.map(({ text }) => text)));
    at += size;
  }
  return out;
}

test('chooses the lines grep(1) chooses, context, separators and all, in whatever batches they come', async () => {
  const lines = fc.array(fc.constantFrom('error here', 'fine', 'also fine', 'an error', 'noise'), {
    minLength: 1,
    maxLength: 40,
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lines, sizes, fc.nat(4), async (texts, batches, context) => {
      const args = ['-e', 'error', ...(context > 0 ? ['-C', `${context}`] : [])];
      const { stdout } = spawnSync('grep', args, {
        input: texts.map((text) => `${text}\n`).join(''),
        encoding: 'utf8',
      });
      const ours = await filtered(texts, batches, { grep: ERROR, exclude: undefined, context });
      expect(ours).toEqual(stdout.split('\n').slice(0, -1));
    }),
    { numRuns: runs(150) },
  );
});

test('what is excluded is in no context either', async () => {
  const texts = ['a', 'noise', 'error', 'noise', 'b'];
  expect(await filtered(texts, [2], { grep: ERROR, exclude: NOISE, context: 1 })).toEqual(['a', 'error', 'b']);
  expect(await filtered(texts, [2], { grep: undefined, exclude: NOISE, context: 0 })).toEqual(['a', 'error', 'b']);
});
