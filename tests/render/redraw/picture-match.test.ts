import { describe, expect, test } from 'vitest';
import { LineFace } from '../../../src/render/redraw/line-state.js';
import { matchPictures } from '../../../src/render/redraw/picture-match.js';

/** For each old line the number of the new one that stands for it, with `~` where it is in a later state; `-`: none. */
function matched(old: readonly string[], fresh: readonly string[]): string {
  const faces = (texts: readonly string[]): readonly LineFace[] => texts.map((text) => new LineFace(text));
  return matchPictures(faces(old), faces(fresh))
    .map((found) => (found === undefined ? '-' : `${found.at}${found.type === 'later' ? '~' : ''}`))
    .join(' ');
}

const RULE = '────';

describe('the lines of a picture', () => {
  test.each<[string, readonly string[], readonly string[], string]>([
    ['stand for themselves', ['a', 'b'], ['a', 'b'], '0 1'],
    ['in another width are the same', ['a  b', 'c'], ['a b', ' c'], '0 1'],
    ['move down where others come above them', ['a', 'b'], ['x', 'a', 'y', 'b'], '1 3'],
    ['move up where others go', ['x', 'a', 'y', 'b'], ['a', 'b'], '- 0 - 1'],
    ['are found in a later state', ['a', 'load 1/3', 'b'], ['a', 'load 2/3', 'b'], '0 1~ 2'],
    ['are found in a later state elsewhere', ['load 1/3', 'a'], ['x', 'load 2/3', 'a'], '1~ 2'],
    ['that were streamed go on in their place', ['a', 'some te', 'b'], ['a', 'some text', 'b'], '0 1~ 2'],
    ['that were streamed go on at the edge', ['some te'], ['some text'], '0~'],
    [
      'that only look like a beginning elsewhere are others',
      ['some te', 'a'],
      ['x', 'y', 'some text', 'z', 'a'],
      '- 4',
    ],
    ['are found where they moved past others', ['a', 'b', 'c'], ['c', 'a', 'b'], '1 2 0'],
    [
      'are found in a later state where they moved past others',
      ['load 1/3', 'b', 'c'],
      ['b', 'c', 'load 2/3'],
      '2~ 0 1',
    ],
    ['that are there twice stand for one each', ['a', 'b', 'a'], ['a', 'a', 'b'], '0 2 1'],
    ['that went from twice to once leave one', ['a', 'a'], ['a'], '0 -'],
    ['are none of an empty one', ['a'], [], '-'],
    ['of the same words are told apart by their number', ['job 1 on', 'job 2 on'], ['job 2 on', 'job 3 on'], '- 0'],
  ])('%s', (_, old, fresh, found) => {
    expect(matched(old, fresh)).toBe(found);
  });

  test.each<[string, readonly string[], readonly string[], string]>([
    ['count beside a line that does', ['a', RULE, 'b'], ['a', RULE, 'x'], '0 1 -'],
    ['count in a run', [RULE, '', 'a'], [RULE, '', 'a'], '0 1 2'],
    ['prove nothing by themselves', [RULE, 'a'], [RULE, 'x'], '- -'],
    ['do not count behind a line that has gone', ['a', 'b', RULE], ['a', 'x', RULE], '0 - -'],
    ['do not count where the run was broken', ['a', RULE, 'c'], ['a', 'b', RULE, 'd'], '0 - -'],
    ['are not looked for elsewhere', [RULE, 'a'], ['a', RULE], '- 0'],
  ])('that have no letters %s', (_, old, fresh, found) => {
    expect(matched(old, fresh)).toBe(found);
  });

  test('of pictures too large to compare all are found in order, if not too far on', () => {
    const many = (count: number, from = 0): readonly string[] =>
      Array.from({ length: count }, (_, at) => `line ${String.fromCharCode(0x4e00 + from + at)}`);
    const old = ['first', ...many(600), 'was last'];
    const fresh = ['other', ...many(100), ...many(400, 200), 'load', 'is last'];
    const found = matched(old, fresh).split(' ');
    expect(found[0]).toBe('-');
    expect(found.slice(1, 101)).toEqual(Array.from({ length: 100 }, (_, at) => `${at + 1}`));
    expect(found.slice(101, 201)).toEqual(Array.from({ length: 100 }, () => '-'));
    expect(found.slice(201, 601)).toEqual(Array.from({ length: 400 }, (_, at) => `${at + 101}`));
    expect(found[601]).toBe('-');
  });
});
