import { describe, expect, test } from 'vitest';
import { PLAIN, type Run } from '../../../src/render/model/frame.js';
import { rowsTaken } from '../../../src/render/model/line-rows.js';
import { Provenance } from '../../../src/render/model/provenance.js';
import type { Row } from '../../../src/render/model/row.js';
import { runsOf } from '../../../src/render/model/runs-later.js';
import { LineAssembler } from '../../../src/render/transcript/line-assembler.js';

const BOLD: Run['style'] = { ...PLAIN, bold: true };
const LONG = 1_048_577;

function row(text: string, changes: Partial<Row> = {}): Row {
  return { text, wrapped: false, continues: false, offset: undefined, ending: undefined, ...changes };
}

/** `from` and `to`: the bytes it came from. */
function written(text: string, from: number, to: number, changes: Partial<Row> = {}): Row {
  return row(text, { offset: from, ending: { offset: to }, ...changes });
}

function bold(text: string): Run {
  return { text, width: text.length, style: BOLD };
}

/** Each line as `offset-endOffset text`. */
function taken(assembler: LineAssembler): readonly string[] {
  return assembler
    .take()
    .map(({ text, offset, endOffset, final }) => `${offset}-${endOffset} ${text}${final ? '' : '?'}`);
}

describe('rows that left the screen', () => {
  test('are lines without the blanks at their ends, once', () => {
    const assembler = new LineAssembler();
    assembler.add([written('one  ', 0, 5), written('two', 6, 9)]);
    expect(taken(assembler)).toEqual(['0-5 one', '6-9 two']);
    expect(taken(assembler)).toEqual([]);
    expect(assembler.end).toBe(9);
  });

  test('without text stand where the line above ended', () => {
    const assembler = new LineAssembler({ end: 7 });
    assembler.add([row('')]);
    assembler.add([written('x', 9, 10), row(''), row('')]);
    expect(taken(assembler)).toEqual(['7-7 ', '9-10 x', '10-10 ', '10-10 ']);
  });

  test('are one line where the terminal wrapped, with the bytes and the rows of all', () => {
    const assembler = new LineAssembler();
    assembler.add([written('ab ', 4, 7, { continues: true })]);
    expect([assembler.isOpen, assembler.openRows, assembler.take()]).toEqual([true, 1, []]);
    assembler.add([written('cd ', 2, 9, { wrapped: true, continues: true })]);
    expect(assembler.openRows).toBe(2);
    assembler.add([written('e ', 8, 8, { wrapped: true })]);
    expect([assembler.isOpen, assembler.openRows]).toEqual([false, 0]);
    const [line] = assembler.take();
    expect(line).toMatchObject({ text: 'ab cd e', offset: 2, endOffset: 9, final: true });
    expect(line && rowsTaken(line)).toBe(3);
  });

  test('end a line that does not go on in them', () => {
    const assembler = new LineAssembler();
    assembler.add([written('ab', 0, 2, { continues: true }), written('cd', 3, 5)]);
    expect(taken(assembler)).toEqual(['0-2 ab', '3-5 cd']);
  });

  test('that go on and were never written to stand where the line above ended', () => {
    const assembler = new LineAssembler({ end: 5 });
    assembler.add([row('  ', { continues: true }), written('x', 8, 9, { wrapped: true })]);
    assembler.add([row('', { continues: true }), row('', { wrapped: true })]);
    expect(taken(assembler)).toEqual(['8-9   x', '9-9 ']);
  });

  test('may still grow while the line is open', () => {
    const assembler = new LineAssembler();
    const ending = { offset: 2 };
    assembler.add([row('ab', { continues: true, offset: 0, ending })]);
    ending.offset = 20;
    assembler.finish();
    assembler.finish();
    expect(taken(assembler)).toEqual(['0-20 ab']);
  });

  test('are emitted in pieces where a line has no end', () => {
    const assembler = new LineAssembler();
    assembler.add([
      written('é'.repeat(LONG - 1), 10, 11, { continues: true }),
      written('b', 0, 12, { wrapped: true, continues: true }),
      written('c', 3, 13, { wrapped: true, continues: true }),
      written('d', 3, 4_000_000, { wrapped: true }),
    ]);
    const lines = assembler.take();
    // The end of a piece is counted as if nothing but its text had been sent; the rest begins there, whatever was written again.
    expect(lines.map(({ text, offset, endOffset }) => [text.length, offset, endOffset])).toEqual([
      [LONG, 0, 2 * (LONG - 1) + 1],
      [2, 2 * (LONG - 1) + 1, 4_000_000],
    ]);
  });

  test('are emitted in pieces from where the line began, which may be behind all others', () => {
    const assembler = new LineAssembler({ end: 3 });
    assembler.add([row('a'.repeat(LONG), { continues: true })]);
    assembler.add([written('b'.repeat(LONG), 900, 901, { wrapped: true, continues: true })]);
    expect(taken(assembler).map((line) => line.slice(0, 20))).toEqual([
      `3-${3 + LONG} aaaaaaaaaaaaaaaaaaaa`.slice(0, 20),
      `${3 + LONG}-${3 + 2 * LONG} bbbbbbbbbbbbbbbbbbbb`.slice(0, 20),
    ]);
    const other = new LineAssembler();
    other.add([written('a'.repeat(LONG), 7, 8, { continues: true })]);
    expect(other.take().map(({ offset, endOffset }) => [offset, endOffset])).toEqual([[7, 7 + LONG]]);
  });

  test('that wrapped begin with the first byte written to any of them', () => {
    const assembler = new LineAssembler();
    assembler.add([
      written('a', 5, 6, { continues: true }),
      row('b', { wrapped: true, continues: true }),
      written('c', 7, 8, { wrapped: true }),
    ]);
    expect(taken(assembler)).toEqual(['5-8 abc']);
  });

  test('of a piece that ends with it are no line without text', () => {
    const assembler = new LineAssembler();
    assembler.add([written('a'.repeat(LONG), 0, 5, { continues: true })]);
    expect(assembler.isOpen).toBe(true);
    assembler.finish();
    expect(assembler.take()).toHaveLength(1);
    assembler.add([written('a'.repeat(LONG - 1), 0, 5, { continues: true })]);
    expect(assembler.take()).toHaveLength(0);
  });
});

describe('a screen that goes', () => {
  test('is its rows down to the last with text', () => {
    const assembler = new LineAssembler();
    assembler.addScreen([row(''), written('x', 0, 1), row('  '), row('')]);
    expect(taken(assembler)).toEqual(['0-0 ', '0-1 x']);
    assembler.addScreen([row(''), row(' ')]);
    expect(taken(assembler)).toEqual([]);
    assembler.addScreen([written('  y', 1, 2), row('   ')]);
    expect(taken(assembler)).toEqual(['1-2   y']);
  });

  test('ends the line that is open', () => {
    const assembler = new LineAssembler();
    assembler.addScreen([written('x', 0, 1, { continues: true })]);
    expect([assembler.isOpen, taken(assembler)]).toEqual([false, ['0-1 x']]);
  });
});

test('rows that are cut out leave the line above them open', () => {
  const assembler = new LineAssembler();
  assembler.add([written('above', 0, 5, { continues: true })]);
  assembler.addCut([written('cut', 6, 9), row('')]);
  expect([assembler.isOpen, taken(assembler)]).toEqual([true, ['6-9 cut']]);
  assembler.add([written(' below', 10, 16, { wrapped: true })]);
  expect(taken(assembler)).toEqual(['0-16 above below']);
});

test('lines that others put together count for where the next stands', () => {
  const assembler = new LineAssembler();
  assembler.passed(12);
  expect(assembler.end).toBe(12);
  assembler.add([row('')]);
  expect(taken(assembler)).toEqual(['12-12 ']);
});

describe('colours', () => {
  test('are those of the text, without the blanks at its end', () => {
    const assembler = new LineAssembler();
    assembler.add([written('ab  ', 0, 4, { runs: [bold('ab  ')] })]);
    expect(assembler.take().map((line) => line.runs)).toEqual([[bold('ab')]]);
  });

  test('of rows that wrapped are put together, with the blanks at the ends of rows', () => {
    const assembler = new LineAssembler();
    assembler.add([
      written('ab  ', 0, 4, { runs: [bold('ab')], continues: true }),
      written('cd', 4, 6, { runs: [bold('cd'), bold('more')], wrapped: true }),
    ]);
    const plain = { text: '  ', width: 2, style: PLAIN };
    expect(assembler.take().map((line) => line.runs)).toEqual([[bold('ab'), plain, bold('cd')]]);
  });

  test('of a row behind rows that have none stand where its text does', () => {
    const assembler = new LineAssembler();
    assembler.add([
      written('ab', 0, 2, { continues: true }),
      written('cd', 2, 4, { runs: [bold('cd')], wrapped: true }),
    ]);
    const plain = { text: 'ab', width: 2, style: PLAIN };
    expect(assembler.take().map((line) => line.runs)).toEqual([[plain, bold('cd')]]);
    assembler.add([row('', { continues: true }), written('x', 4, 5, { runs: [bold('x')], wrapped: true })]);
    expect(assembler.take().map((line) => line.runs)).toEqual([[bold('x')]]);
  });

  test('that hardly any reader wants are read when they are asked for', () => {
    const assembler = new LineAssembler();
    let reads = 0;
    const readRuns = (): readonly Run[] => {
      reads++;
      return [bold('ab  ')];
    };
    assembler.add([written('ab  ', 0, 4, { readRuns }), written('cd', 4, 6)]);
    const [readable, without] = assembler.take();
    expect([reads, readable && runsOf(readable), reads]).toEqual([0, [bold('ab')], 1]);
    expect(without).toEqual({ text: 'cd', offset: 4, endOffset: 6, final: true });
  });
});

describe('a saved state', () => {
  const RUNS = [bold('ab'), bold('c ')];

  test('of an open line goes on where it was', () => {
    const assembler = new LineAssembler();
    assembler.add([written('abc ', 3, 7, { runs: RUNS, continues: true })]);
    const state = assembler.save();
    expect(state).toEqual({
      end: 0,
      open: { text: 'abc ', runs: [bold('abc ')], offset: 3, isRest: false, rows: 1, endings: [7] },
    });
    for (const styles of [false, true]) {
      const resumed = new LineAssembler({ styles });
      resumed.resume(state);
      expect([resumed.isOpen, resumed.openRows]).toEqual([true, 1]);
      resumed.add([written('d', 8, 9, { wrapped: true, ...(styles && { runs: [bold('d')] }) })]);
      const [line] = resumed.take();
      expect(line).toMatchObject({ text: 'abc d', offset: 3, endOffset: 9 });
      expect(line && 'runs' in line).toBe(styles);
      expect(line?.runs).toEqual(styles ? [bold('abc d')] : undefined);
    }
  });

  test('has an ending that nothing was written behind since', () => {
    const assembler = new LineAssembler();
    assembler.add([written('ab', 0, 40, { continues: true })]);
    const resumed = new LineAssembler();
    resumed.resume(assembler.save());
    resumed.add([written('c', 2, 3, { wrapped: true })]);
    expect(taken(resumed)).toEqual(['0-40 abc']);
  });

  test('without one has where the last line ended', () => {
    const assembler = new LineAssembler({ end: 4 });
    expect(assembler.save()).toEqual({ end: 4, open: null });
    assembler.add([row('x', { continues: true })]);
    assembler.resume({ end: 9, open: null });
    expect([assembler.isOpen, assembler.end, assembler.save()]).toEqual([false, 9, { end: 9, open: null }]);
  });

  test('of a line without text, and of the rest of a long one, is as it was', () => {
    const empty = new LineAssembler();
    empty.add([row('', { continues: true })]);
    expect(empty.save().open).toMatchObject({ offset: null, endings: [null], runs: [] });
    const long = new LineAssembler();
    long.add([
      written('a'.repeat(LONG), 0, 5, { continues: true }),
      written('b', 9, 9, { wrapped: true, continues: true }),
    ]);
    const { open } = long.save();
    expect(open).toMatchObject({ text: 'b', offset: LONG, isRest: true, rows: 1 });
    const resumed = new LineAssembler();
    resumed.resume(long.save());
    resumed.add([written('c', 0, 3_000_000, { wrapped: true })]);
    expect(taken(resumed)).toEqual([`${LONG}-3000000 bc`]);
  });

  test('knows the ending that may still move', () => {
    const endings = new Provenance();
    endings.fed(5);
    const open = endings.resumeEnding('open');
    const assembler = new LineAssembler({ endings });
    assembler.add([row('x', { offset: 0, ending: open, continues: true })]);
    expect(assembler.save().open?.endings).toEqual(['open']);
  });
});
