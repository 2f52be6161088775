import { expect, test } from 'vitest';
import { backends } from '../../src/backends/index.js';
import { compilePatterns } from '../../src/record/status/screen-patterns.js';

test('the screen patterns of every backend take time in proportion to the line', () => {
  const all = backends.flatMap(({ modes }) => modes.flatMap(({ behaviour }) => behaviour?.patterns ?? []));
  expect(all.length).toBeGreaterThan(2);
  for (const some of all) expect(() => compilePatterns(some)).not.toThrow();
});
