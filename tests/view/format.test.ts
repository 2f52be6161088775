import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth, padEnd, truncate } from '../../src/core/terminal/display-width.js';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatCommand,
  formatDuration,
  formatOld,
} from '../../src/view/print/format.js';

describe('numbers for people', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [688_895, '688.9 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [1_234_567_890, '1.2 GB'],
    [5e15, '5000.0 TB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [-5, '0.0s'],
    [449, '0.4s'],
    [9999, '9.9s'],
    [59_999, '59s'],
    [184_000, '3m 04s'],
    [7_500_000, '2h 05m'],
    [273_600_000, '3d 04h'],
  ])('%i ms last %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [-5000, 'just now'],
    [999, 'just now'],
    [40_000, '40s ago'],
    [3_599_999, '59m ago'],
    [86_399_999, '23h ago'],
    [4 * 86_400_000, '4d ago'],
  ])('%i ms back is %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  test.each([
    [-5000, '0 seconds old'],
    [1999, '1 second old'],
    [119_999, '1 minute old'],
    [2 * 3_600_000, '2 hours old'],
    [4 * 86_400_000 - 1, '3 days old'],
  ])('what ended %i ms ago is %s', (ms, text) => {
    expect(formatOld(ms)).toBe(text);
  });
});

describe('widths', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['👩‍💻', 2],
    ['✔', 1],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['한', 2],
    ['\u200b', 0],
    ['\x1b[31mred\x1b[0m', 3],
    ['', 0],
  ])('%s takes %i cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });

  test('a text that is too long ends in an ellipsis and never exceeds its cells', () => {
    expect(truncate('abcdef', 6)).toBe('abcdef');
    expect(truncate('abcdef', 5)).toBe('abcd…');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('abc', 0)).toBe('');
    const letters = fc.constantFrom('a', '日', 'é', '👩‍💻', '\u200b');
    fc.assert(
      fc.property(
        fc.array(letters),
        fc.nat(20),
        (text, cells) => displayWidth(truncate(text.join(''), cells)) <= cells,
      ),
    );
  });

  test('padding counts cells', () => {
    expect(padEnd('日本', 6)).toBe('日本  ');
    expect(padEnd('abc', 2)).toBe('abc');
  });
});

test('a command is shown as one would type it', () => {
  expect(formatCommand(['sh', '-c', "echo 'a b' $HOME", ''])).toBe(`sh -c 'echo '\\''a b'\\'' $HOME' ''`);
});

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [61_000, '1:01'],
  [600_000, '10:00'],
  [3_600_000, '1:00:00'],
  [360_061_000, '100:01:01'],
])('%i ms are %s on the clock of a player', (ms, text) => {
  expect(formatClock(ms)).toBe(text);
});
