import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../scripts/bench/arguments.js';

test('without arguments everything is measured, with 200 MB of text and three turns each', () => {
  expect(readArguments([])).toEqual({
    type: 'measure',
    only: [],
    mb: 200,
    rounds: 3,
    quick: false,
    against: undefined,
    json: undefined,
  });
});

test.each([
  [['--only', 'start', 'render']],
  [['--only', 'start,render']],
  [['--only', 'start', '--only', 'render']],
  [['start', 'render']],
])('%j chooses two', (argv) => {
  expect(readArguments(argv)).toMatchObject({ only: ['start', 'render'] });
});

test('a quick run is small, and what is given beside it counts', () => {
  expect(readArguments(['--quick'])).toMatchObject({ quick: true, mb: 2, rounds: 1 });
  expect(readArguments(['--quick', '--mb', '5', '--rounds', '2'])).toMatchObject({ quick: true, mb: 5, rounds: 2 });
});

test('two files are compared', () => {
  expect(readArguments(['--compare', 'a.json', 'b.json'])).toEqual({
    type: 'compare',
    before: 'a.json',
    after: 'b.json',
  });
});

describe('what cannot be read is one line that names it', () => {
  test.each([
    [['--mb', '0'], '--mb takes a whole number from 1 on, not "0".'],
    [['--mb', '1.5'], '--mb takes a whole number from 1 on, not "1.5".'],
    [['--rounds', 'many'], '--rounds takes a whole number from 1 on, not "many".'],
    [['--compare', 'a.json'], '--compare takes two files that --json has written: --compare BEFORE.json AFTER.json'],
    [
      ['--compare', 'a', 'b', 'c'],
      '--compare takes two files that --json has written: --compare BEFORE.json AFTER.json',
    ],
    [['--fast'], "Unknown option '--fast'. See npm run bench -- --help."],
    [['--against'], "Option '--against <value>' argument missing. See npm run bench -- --help."],
  ])('%j', (argv, message) => {
    expect(() => readArguments(argv)).toThrow(message);
    expect(message).not.toContain('\n');
  });
});
