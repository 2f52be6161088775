import { describe, expect, test } from 'vitest';
import { isSameLineLater, isSamePlaceLater, LineFace } from '../../../src/render/redraw/line-state.js';

function face(text: string): LineFace {
  return new LineFace(text);
}

describe('a line', () => {
  test.each([
    ['  a \t b ', 'ab'],
    ['', ''],
    ['日 本', '日本'],
  ])('%j without its white space is %j', (text, condensed) => {
    expect(face(text).condensed).toBe(condensed);
  });

  test.each([
    ['compiled 12 files in 3.4s', 'compiledfilein'],
    ['compiled 1,234 files in 350 ms', 'compiledfilein'],
    ['12.5MB of 30 GiB at 1.2 MB/s', 'ofat'],
    ['40 kbps, 5 Mbps', ''],
    ['2 min 3 sec, 4 hrs, 1h 2m 3d, 5µs', ''],
    ['error TS2322: 4 smiles', 'errorTSsmile'],
    ['waited 2 seconds', 'waitedsecond'],
    ['waited 1 second', 'waitedsecond'],
    ['3 misses', 'misse'],
    ['12 mice', 'mice'],
    ['5 minutes', 'minute'],
    ['[####   ] 10:20:30', ''],
    ['a-b_c', 'abc'],
  ])('%j has, without numbers and their units, the words %j', (text, words) => {
    expect(face(text).words).toBe(words);
  });

  test('has letters or none, and a first number or none', () => {
    expect([face('── 12 ──').hasLetters, face('── é ──').hasLetters]).toEqual([false, true]);
    expect([face('task 12 of 30').number, face('task').number]).toEqual(['12', '']);
  });
});

describe('a line in a later state', () => {
  test.each([
    ['building 1/10', 'building 2/10'],
    ['⠋ waiting 3s', '⠙ waiting 4s'],
    ['waited 1 second', 'waited 2 seconds'],
    ['at 900 kbps', 'at 1.2 Mbps'],
    ['[=>   ] done', '[===> ] done'],
    // No time of day: only a number.
    ['took 3:45', 'took 3:46'],
    ['in [src] at 12:30 we stop', 'in [src] at 12:31 we stop'],
  ])('is one of the same words: %j, then %j', (earlier, later) => {
    expect(isSameLineLater(face(earlier), face(later), false)).toBe(true);
  });

  test.each([
    ['building a', 'building b'],
    ['12', '13'],
    ['[3:45:54 AM] Found 0 errors', '[3:46:54 AM] Found 0 errors'],
    ['[12:30] File changed', '[12:31] File changed'],
    ['2026-11-30T03:45:54Z started', '2026-11-30T03:46:54Z started'],
    ['2026-11-30 03:45:54,123 started', '2026-11-30 03:46:54,456 started'],
    ['3:45:54 AM - File change detected', '3:46:54 AM - File change detected'],
    ['  13:45:54 - File change detected', '  13:46:54 - File change detected'],
  ])('is none of other words, and no record of another moment: %j, then %j', (earlier, later) => {
    expect(isSameLineLater(face(earlier), face(later), false)).toBe(false);
  });

  test('is told from others of the same words by its first number, unless that is its progress', () => {
    expect(isSameLineLater(face('worker 1 idle'), face('worker 2 idle'), true)).toBe(false);
    expect(isSameLineLater(face('worker 1 did 5'), face('worker 1 did 6'), true)).toBe(true);
    expect(isSameLineLater(face('load 10 %'), face('load 20 %'), true)).toBe(true);
    expect(isSameLineLater(face('load 10 %'), face('load 20'), true)).toBe(false);
    expect(isSameLineLater(face('load 10'), face('load 20 %'), true)).toBe(false);
  });
});

describe('a line at the very place of another', () => {
  test.each([
    ['text that is', 'text that is being streamed'],
    ['text that is', 'text  that is being'],
    ['⠋ building', '⠙ linking'],
    ['  ◐ building', '✻ linking'],
    ['| building', '/ linking'],
    ['copying a 10%', 'copying b 20 %'],
    ['copying a 1/3', 'copying b 2 / 3'],
    ['copying ███', 'copying ████'],
  ])('shows what that showed: %j, then %j', (earlier, later) => {
    expect(isSamePlaceLater(face(earlier), face(later))).toBe(true);
  });

  test.each([
    ['text that is', 'text that is'],
    ['text that is', 'a text that is being streamed'],
    ['text that is', 'text'],
    ['────', '─────'],
    ['⠋ building', 'built'],
    ['⠋ building', '3 files built'],
    ['| a table', 'A table'],
    ['|', '/'],
    ['- a bullet', 'another text'],
    ['copying a 10%', 'linking a 20%'],
    ['copying a 10%', 'copying a'],
    ['copying █', 'linking ██'],
    ['[12:30] text', '[12:30] text that goes on'],
  ])('is another: %j, then %j', (earlier, later) => {
    expect(isSamePlaceLater(face(earlier), face(later))).toBe(false);
  });
});
