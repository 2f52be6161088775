import { expect, test } from 'vitest';
import { displayWidth } from '../../src/core/terminal/display-width.js';
import { DEFAULT_PROMPT, demoScript } from '../../src/backends/demo-script.js';

const steps = (columns: number, prompt = DEFAULT_PROMPT) => [...demoScript(prompt, () => columns)];
const printed = (columns: number, prompt?: string): string =>
  steps(columns, prompt)
    .map((step) => (step.type === 'print' ? step.text : ''))
    .join('');

test('the demo lasts about eight seconds', () => {
  const waits = steps(80).map((step) => (step.type === 'wait' ? step.ms : 0));
  const total = waits.reduce((sum, ms) => sum + ms, 0);
  expect(total).toBeGreaterThan(7_000);
  expect(total).toBeLessThan(9_000);
});

test('the demo is the same every time', () => {
  expect(printed(80)).toBe(printed(80));
});

test.each([34, 40, 80, 200])('no row the demo draws is wider than a terminal of %i columns', (columns) => {
  const rows = printed(columns, 'short').split(/[\r\n]|\x1b\[\d*[AGK]|\x1b\[\?\d+[hl]/);
  for (const row of rows) expect(displayWidth(row), row).toBeLessThanOrEqual(columns);
});

test('the demo calls one real program', () => {
  expect(steps(80).filter((step) => step.type === 'call')).toHaveLength(1);
});

test('a prompt of any size and content is shown on a few rows, and cannot steer the terminal', () => {
  const hostile = printed(40, `\x1b]0;title\x07\x1b[2J${'long 日本 '.repeat(20_000)}`);
  expect(hostile).not.toContain('\x1b]');
  expect(hostile).not.toContain('\x1b[2J');
  expect(hostile.length).toBeLessThan(2 * printed(40).length);
});

test('the cursor is shown and every synchronized update is closed at the end', () => {
  const text = printed(80);
  expect(text.lastIndexOf('\x1b[?25h')).toBeGreaterThan(text.lastIndexOf('\x1b[?25l'));
  expect(text.split('\x1b[?2026h')).toHaveLength(text.split('\x1b[?2026l').length);
});
