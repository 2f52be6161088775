import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellWidth, graphemeWidth } from '../../src/core/terminal/cell-width.js';
import { NO_CELLS, TWO_CELLS } from '../../src/core/terminal/width-tables.js';
import { Screen } from '../../src/render/screen/screen.js';
import { Transcript } from '../../src/render/transcript/transcript.js';
import { hasTmux, ResizedTmux } from '../render/tmux.js';

const ROOT = join(import.meta.dirname, '../..');

/** By the version of Unicode that they came with, emoji that are shown as pictures. */
const EMOJI = {
  6: '😀🚀⌚',
  11: '🥰🧪',
  12: '🥱🟠',
  13: '🥲🪴🛖🫀',
  14: '🫠🫶🛝',
  15: '🫨🪿🛜',
  16: '🫩🪾',
};
const emojiOf = (...versions: readonly (keyof typeof EMOJI)[]): string[] =>
  versions.flatMap((version) => Array.from(EMOJI[version]));

describe('a character takes', () => {
  test.each([
    ['no cell', 0, ['\u0301', '\u200d', '\ufe0f', '\u0898', '\u1160', '\u302a', '\u{1e2ae}', '\u{e0100}']],
    ['one cell', 1, ['a', '~', 'é', '─', '✳', '⏺', '☺', '\u00ad', '\u0600', '⠋', '\u{1f1e6}', '𝕏']],
    ['two cells', 2, ['日', 'ㄱ', '한', '！', '　', '☰', '㆐', '\u{20000}', '\u{18b00}']],
    ['two cells, as an emoji,', 2, emojiOf(6, 11, 12, 13, 14, 15, 16)],
  ] as const)('%s', (_, cells, characters) => {
    for (const character of characters)
      expect([character, cellWidth(character.codePointAt(0) ?? 0)]).toEqual([character, cells]);
  });

  test('as many cells with what is drawn in its place', () => {
    expect(['e\u0301', '👩‍💻', '☺\ufe0f', '🇪🇺', '👍🏽', '\u0301', '\ufe0f'].map(graphemeWidth)).toEqual([
      1, 2, 2, 2, 2, 0, 0,
    ]);
  });
});

test('the tables are those of the packages that they are made from', { timeout: 60_000 }, () => {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const made = execFileSync(process.execPath, [tsx, join(ROOT, 'scripts/width-tables.ts')], { encoding: 'utf8' });
  const [none = '', two = ''] = made.split('TWO_CELLS');
  const numbers = (text: string): readonly number[] => Array.from(text.matchAll(/0x[\da-f]+/g), ([hex]) => Number(hex));
  expect(NO_CELLS).toEqual(numbers(none));
  expect(TWO_CELLS).toEqual(numbers(two));
});

test('both readers of output wrap emoji in front of the last column where they do not fit', () => {
  for (const emoji of emojiOf(11, 13, 14, 15, 16)) {
    const rows = [emoji.repeat(4), emoji.repeat(4), 'x'];
    for (const fastPath of [true, false]) {
      const screen = new Screen({ cols: 9, rows: 4 }, { fastPath });
      screen.write(Buffer.from(`${emoji.repeat(8)}x`));
      expect(screen.rows().map(({ text }) => text)).toEqual([rows[0], `${rows[1]}x`, '', '']);
    }
    const transcript = new Transcript({ cols: 9, rows: 4 });
    transcript.push(Buffer.from(`${emoji.repeat(8)}x`));
    expect(transcript.end().map(({ text }) => text)).toEqual([`${emoji.repeat(8)}x`]);
  }
});

/** tmux asks the C library, which knows Unicode 15 where this was written. */
test.skipIf(!hasTmux)('tmux gives emoji up to Unicode 14 as many cells', { timeout: 60_000 }, () => {
  using tmux = new ResizedTmux();
  const emoji = emojiOf(6, 11, 12, 13, 14);
  const rows = tmux.run({ cols: 20, rows: 20 }, [emoji.map((one) => one.repeat(12)).join('\r\n')], 'rows');
  expect(rows).toEqual(emoji.flatMap((one) => [one.repeat(10), one.repeat(2)]).slice(-20));
});
