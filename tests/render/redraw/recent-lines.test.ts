import { describe, expect, test } from 'vitest';
import type { Line } from '../../../src/render/model/line.js';
import { noteRows, rowsTaken } from '../../../src/render/model/line-rows.js';
import { linesOf } from '../../../src/render/model/text-lines.js';
import { RecentLines } from '../../../src/render/redraw/recent-lines.js';

function line(text: string, rows = 1): Line {
  const made = { text, offset: 0, endOffset: text.length, final: true };
  noteRows(made, rows);
  return made;
}

function lines(...texts: readonly string[]): readonly Line[] {
  return texts.map((text) => line(text));
}

function textsOf(some: readonly Line[]): readonly string[] {
  return some.map(({ text }) => text);
}

describe('the lines that scrolled off last', () => {
  test('wait, up to a limit, and those before them no longer', () => {
    const recent = new RecentLines(false);
    expect(recent.add(lines('a', 'b'), 3)).toEqual([]);
    expect(textsOf(linesOf(recent.add(lines('c', 'd'), 3)))).toEqual(['a']);
    expect(textsOf(recent.all)).toEqual(['b', 'c', 'd']);
    expect(textsOf(linesOf(recent.add([], 1)))).toEqual(['b', 'c']);
    expect(textsOf(linesOf(recent.add(lines('e'), 0)))).toEqual(['d', 'e']);
    expect(recent.all).toEqual([]);
  });

  test('are no more text than a frame has', () => {
    const recent = new RecentLines(false);
    const half = 'x'.repeat(500_000);
    expect(recent.add(lines(half, half), 10)).toEqual([]);
    expect(textsOf(linesOf(recent.add(lines('y'), 10)))).toEqual([half]);
    expect(textsOf(linesOf(recent.add(lines('z'.repeat(1_000_001)), 10)))).toEqual([half, 'y', 'z'.repeat(1_000_001)]);
    expect(recent.all).toEqual([]);
  });

  test('are taken by the rows that they took of the screen', () => {
    const recent = new RecentLines(false);
    recent.add([line('a'), line('b', 2), line('c')], 10);
    expect(textsOf(recent.takeLast(3))).toEqual(['b', 'c']);
    expect(textsOf(recent.all)).toEqual(['a']);
    expect(textsOf(recent.takeLast(9))).toEqual(['a']);
    expect(recent.all).toEqual([]);
    expect(recent.takeLast(1)).toEqual([]);
  });

  test('are taken all, once', () => {
    const recent = new RecentLines(false);
    recent.add(lines('a', 'b'), 10);
    expect(textsOf(linesOf(recent.take()))).toEqual(['a', 'b']);
    expect([recent.take(), recent.all]).toEqual([[], []]);
  });

  test('are saved with the rows that each took', () => {
    const recent = new RecentLines(false);
    recent.add([line('a'), line('b', 2)], 10);
    const state = recent.save();
    expect(state).toEqual([
      [['a', 0, 1], 1],
      [['b', 0, 1], 2],
    ]);
    const resumed = new RecentLines(false);
    resumed.resume(state);
    expect(resumed.all.map((each) => [each.text, rowsTaken(each)])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    resumed.resume([]);
    expect(resumed.take()).toEqual([]);
  });
});
