import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Line } from '../../src/render/index.js';
import { PlainKernel } from '../../src/render/kernel/plain-kernel.js';
import { linesOf, TextLines } from '../../src/render/model/text-lines.js';
import { condensed } from '../../src/render/redraw/line-state.js';
import { RedrawFilter } from '../../src/render/redraw/redraw-filter.js';
import { collectGarbage } from '../fixtures/collect-garbage.js';
import { runs } from '../fixtures/runs.js';

type Event = { readonly type: 'lines' | 'cleared'; readonly texts: readonly string[] } | { readonly type: 'erased' };

const texts = fc.array(fc.constantFrom('', 'one', 'two', 'three', 'a line', 'another', '1 second'), { maxLength: 30 });
const events = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ type: fc.constant('lines' as const), texts }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('cleared' as const), texts }) },
    { weight: 1, arbitrary: fc.constant<Event>({ type: 'erased' }) },
  ),
  { maxLength: 8 },
);

/** Lines as the kernel gives them. */
function textLines(texts: readonly string[]): TextLines {
  const kernel = new PlainKernel();
  const raw = Buffer.from(texts.map((text) => `${text}\r\n`).join(''));
  kernel.input.set(raw);
  const count = kernel.read(raw.length, 80);
  return new TextLines({
    bytes: kernel.output.slice(0, kernel.outputEnds[count - 1] ?? 0),
    start: 0,
    base: 0,
    inputEnds: kernel.inputEnds.slice(0, count),
    outputEnds: kernel.outputEnds.slice(0, count),
    rowEnds: kernel.rowEnds.slice(0, count),
    savings: kernel.savings.slice(0, count),
    blanks: kernel.blanks.slice(0, count),
  });
}

function line(text: string): Line {
  return { text, offset: 0, endOffset: 0, final: true };
}

/** How lines come: one by one with nothing in between, or at once, as objects or as bytes. */
type Coming = 'singly' | 'at once' | 'as bytes';

/** What is told of `happened`. */
function told(happened: readonly Event[], coming: Coming): readonly string[] {
  const filter = new RedrawFilter({ cols: 80, rows: 3 });
  for (const event of happened) {
    if (event.type === 'erased') filter.scrollbackErased();
    else if (event.type === 'cleared') filter.cleared(event.texts.map(line));
    else if (coming === 'at once') filter.add(event.texts.map(line));
    else if (coming === 'as bytes') filter.add(textLines(event.texts));
    else for (const text of event.texts) filter.add([line(text)]);
    if (coming === 'singly') filter.add([]);
  }
  filter.end([]);
  return linesOf(filter.take()).map(({ text }) => text);
}

test('what is told does not depend on how many lines come at once, nor as what', () => {
  fc.assert(
    fc.property(events, (happened) => {
      const expected = told(happened, 'singly');
      expect(told(happened, 'at once')).toEqual(expected);
      expect(told(happened, 'as bytes')).toEqual(expected);
    }),
    { numRuns: runs(1000) },
  );
});

test('a line without its blanks takes no more memory than its text, read or not', () => {
  const words = Array.from({ length: 200_000 }, (_, at) => String(at)).join(' ');
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const text = condensed(words);
  collectGarbage();
  const taken = process.memoryUsage().heapUsed - before;
  expect(taken).toBeLessThan(3 * words.length);
  expect(text).toHaveLength(words.length - 199_999);
});
