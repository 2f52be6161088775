import { expect, test } from 'vitest';
import { PassedQueries } from '../../src/host/passed-queries.js';
import { QueryFinder } from '../../src/pty/terminal/query-finder.js';
import { ManualClock } from '../fixtures/manual-clock.js';

/** Queries that a terminal is left to answer, and what is still waited for. */
function world() {
  const clock = new ManualClock();
  const passed = new PassedQueries(clock);
  const finder = new QueryFinder();
  return {
    clock,
    ask: (text: string) => {
      for (const found of finder.find(Buffer.from(text))) passed.add(found);
    },
    hear: (text: string) => {
      passed.read(Buffer.from(text, 'latin1'));
    },
    left: () => passed.release().map(({ query }) => query.type),
  };
}

test.each([
  ['\x1b[c', '\x1b[?62;22c'],
  ['\x1b[>c', '\x1b[>1;10;0c'],
  ['\x1b[5n', '\x1b[0n'],
  ['\x1b[6n', '\x1b[12;40R'],
  ['\x1b[?6n', '\x1b[?12;40;1R'],
  ['\x1b[?2026$p', '\x1b[?2026;2$y'],
  ['\x1b[4$p', '\x1b[4;2$y'],
  ['\x1b[>0q', '\x1bP>|term(1)\x1b\\'],
  ['\x1b[?u', '\x1b[?0u'],
  ['\x1b]11;?\x07', '\x1b]11;rgb:0000/0000/0000\x07'],
  ['\x1b]10;?;?\x07', '\x1b]10;rgb:f/f/f\x07\x1b]11;rgb:0/0/0\x07'],
  ['\x1b]4;7;?\x07', '\x1b]4;7;rgb:0/0/0\x07'],
  ['\x1b[?996n', '\x1b[?997;1n'],
  ['\x1b[14t', '\x1b[4;384;640t'],
  ['\x1b[16t', '\x1b[6;16;8t'],
  ['\x1b[18t', '\x1b[8;24;80t'],
  ['\x1b]99;i=a:p=?;\x1b\\', '\x1b]99;i=a:p=?;\x1b\\'],
  ['\x1b_Gi=31,a=q;\x1b\\', '\x1b_Gi=31;OK\x1b\\'],
  ['\x1bP+q544e\x1b\\', '\x1bP0+r544e\x1b\\'],
])('%j is waited for until %j comes, among keys and in any pieces', (query, answer) => {
  const { ask, hear, left } = world();
  ask(query);
  hear('keys \x1b[A\r');
  for (const character of answer.slice(0, -1)) hear(character);
  hear(`${answer.slice(-1)}more keys`);
  expect(left()).toEqual([]);
  ask(query);
  hear('only keys');
  expect(left()).toHaveLength(1);
  expect(left()).toEqual([]);
});

test('an answer ends the waiting for all that was asked before, and for one query alone', () => {
  const { ask, hear, left } = world();
  ask('\x1b[>0q\x1b[c\x1b[6n');
  hear('\x1b[?62c');
  expect(left()).toEqual(['cursor']);
  ask('\x1b[6n\x1b[6n');
  hear('\x1b[1;1R');
  expect(left()).toEqual(['cursor']);
});

test('what was asked long ago is not waited for any more', () => {
  const { clock, ask, left } = world();
  ask('\x1b[c');
  clock.advance(1500);
  ask('\x1b[6n');
  clock.advance(1000);
  expect(left()).toEqual(['cursor']);
});
