import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Line } from '../../src/render/index.js';
import { RedrawFilter } from '../../src/render/redraw/redraw-filter.js';
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

function line(text: string): Line {
  return { text, offset: 0, endOffset: 0, final: true };
}

/** What is told of `happened`, the lines of which come `atOnce` or one by one with nothing in between. */
function told(happened: readonly Event[], atOnce: boolean): readonly string[] {
  const filter = new RedrawFilter({ cols: 80, rows: 3 });
  for (const event of happened) {
    if (event.type === 'erased') filter.scrollbackErased();
    else if (event.type === 'cleared') filter.cleared(event.texts.map(line));
    else if (atOnce) filter.add(event.texts.map(line));
    else for (const text of event.texts) filter.add([line(text)]);
    if (!atOnce) filter.add([]);
  }
  filter.end([]);
  return filter.take().map(({ text }) => text);
}

test('what is told does not depend on how many lines come at once', () => {
  fc.assert(
    fc.property(events, (happened) => {
      expect(told(happened, false)).toEqual(told(happened, true));
    }),
    { numRuns: runs(1000) },
  );
});
