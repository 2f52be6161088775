import { describe, expect, test } from 'vitest';
import {
  completed,
  configKey,
  flag,
  flagsOf,
  givenFor,
  isAnyGiven,
  listFlag,
  merged,
  switchFlag,
} from '../../src/settings/flag.js';
import { anyText, count, duration, oneOf, pattern } from '../../src/settings/value-kind.js';

const table = {
  word: flag(anyText, { flags: '-w, --word <word>', description: 'a word', config: 'a word in a file' }),
  loud: switchFlag({ flags: '--loud', description: 'with noise' }),
  waits: {
    afterMs: flag(duration, { flags: '--wait-after <time>', description: 'wait', default: 1000 }),
    times: flag(count, { flags: '--times <n>', description: 'so often' }),
  },
  masks: listFlag(pattern, { flags: '--mask <regex>', description: 'mask it' }),
  when: flag(oneOf(['now', 'later']), { flags: '--when <when>', description: 'when', default: 'later' }),
};

/** What is given by words for flags, by their names in files. */
function given(words: Readonly<Record<string, readonly (string | true)[]>>) {
  return givenFor(table, (one) => one.read(words[configKey(one)] ?? []));
}

describe('a table of flags', () => {
  test('is listed in its order, groups opened, with the choices of each', () => {
    expect(flagsOf(table).map(({ flags, choices }) => [flags, choices])).toEqual([
      ['-w, --word <word>', undefined],
      ['--loud', undefined],
      ['--wait-after <time>', undefined],
      ['--times <n>', undefined],
      ['--mask <regex>', undefined],
      ['--when <when>', ['now', 'later']],
    ]);
  });

  test('gives each flag its own value, and nothing where none was given', () => {
    const { masks, ...others } = given({ word: ['a', 'b'], loud: [true], waitAfter: ['2m'], mask: ['x+', 'y'] });
    expect(others).toEqual({ word: 'b', loud: true, waits: { afterMs: 120_000, times: undefined }, when: undefined });
    expect(masks?.map(({ source }) => source)).toEqual(['x+', 'y']);
  });

  test('has defaults for what was not given', () => {
    expect(completed(table, given({}))).toEqual({
      word: undefined,
      loud: false,
      waits: { afterMs: 1000, times: undefined },
      masks: [],
      when: 'later',
    });
    expect(completed(table, given({ when: ['now'], waitAfter: ['0'] }))).toMatchObject({
      when: 'now',
      waits: { afterMs: 0 },
    });
  });

  test('takes of several layers the first that says something, flag by flag', () => {
    const all = merged(table, [given({ times: ['2'] }), given({ times: ['3'], waitAfter: ['5'], loud: [true] })]);
    expect(all).toMatchObject({ word: undefined, loud: true, waits: { afterMs: 5000, times: 2 } });
    expect(isAnyGiven(all.waits)).toBe(true);
    expect(isAnyGiven(given({ loud: [true] }).waits)).toBe(false);
  });

  test('says which flag a value is wrong for', () => {
    expect(() => given({ waitAfter: ['soon'] })).toThrow('--wait-after soon is not a duration');
    expect(() => given({ times: ['0'] })).toThrow('--times 0 is not a number from 1 on');
    expect(() => given({ when: ['never'] })).toThrow('--when never is not a choice');
  });
});
