import { expect, test } from 'vitest';
import { backends } from '../../src/backends/index.js';
import { compileSigns } from '../../src/record/status/screen-patterns.js';

test('the signs of every backend are patterns that take time in proportion to the line', () => {
  const signs = backends.flatMap(({ modes }) => modes.flatMap(({ behaviour }) => behaviour?.signs ?? []));
  expect(signs.length).toBeGreaterThan(2);
  for (const some of signs) expect(() => compileSigns(some)).not.toThrow();
});
