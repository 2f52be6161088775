import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestWord } from '../../src/core/text/nearest-word.js';

const KEYS = ['command', 'env', 'prompt', 'killAfter', 'done', 'waiting'];

describe('the word that was meant', () => {
  test.each([
    ['comand', 'command'],
    ['commnad', 'command'],
    ['Command', 'command'],
    ['kill-after', 'killAfter'],
    ['kill_aftre', 'killAfter'],
    ['promptt', 'prompt'],
    ['dome', 'done'],
    ['evn', 'env'],
    ['waitng', 'waiting'],
  ])('by %s is %s', (typed, meant) => {
    expect(nearestWord(typed, KEYS)).toBe(meant);
  });

  test.each(['', 'x', 'colour', 'e', 'command line', 'x'.repeat(1_000_000)])('by %.20s is none of them', (typed) => {
    expect(nearestWord(typed, KEYS)).toBeUndefined();
  });

  test('is the word itself where it is one, and else within three edits', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 })), fc.string({ maxLength: 12 }), (words, typed) => {
        const meant = nearestWord(typed, words);
        if (words.includes(typed)) expect(meant?.toLowerCase().replace(/[-_]/g, '')).toBe(plain(typed));
        if (meant !== undefined) expect(Math.abs(plain(meant).length - plain(typed).length)).toBeLessThanOrEqual(3);
      }),
    );
  });
});

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}
