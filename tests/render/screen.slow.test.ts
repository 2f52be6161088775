import { expect, test } from 'vitest';
import { Screen } from '../../src/render/screen/screen.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('3: a 200 MB unterminated string takes no memory', () => {
  const screen = new Screen({ cols: 80, rows: 24 });
  screen.write(bytes('seen\x1b]0;'));
  const megabyte = Buffer.alloc(1_000_000, 'x');
  const before = process.memoryUsage().rss;
  for (let n = 0; n < 200; n++) screen.write(megabyte);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  expect(screen.rows()[0]?.text).toBe('seen');
});
