import { expect, test } from 'vitest';
import { TextCollector } from '../../src/pty/exec/text-collector.js';

test('what no string can hold is told all the same, and said to be missing', () => {
  let heard = 0;
  const collector = new TextCollector((piece) => (heard += piece.length));
  const chunk = Buffer.alloc(2 ** 26, 'x');
  for (let at = 0; at < 5; at += 1) collector.push(chunk);
  expect(heard).toBe(5 * 2 ** 26);
  expect(collector.truncated).toBe(true);
  expect(collector.end()).toHaveLength(2 ** 28);
});
