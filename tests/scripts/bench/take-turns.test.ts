import { expect, test } from 'vitest';
import type { Contender } from '../../../scripts/bench/bench.js';
import { takeTurns } from '../../../scripts/bench/run-bench.js';

/** Notes who was measured, in order; fails in the turns that are named. */
function contenders(...specs: readonly { name: string; mostTurns?: number; failsIn?: number }[]) {
  const order: string[] = [];
  const all = specs.map(({ name, mostTurns, failsIn }): Contender => {
    let turn = 0;
    return {
      name,
      ...(mostTurns === undefined ? {} : { mostTurns }),
      measure: () => {
        order.push(name);
        turn += 1;
        return turn === failsIn ? Promise.reject(new Error(`no\nmore of ${name}`)) : Promise.resolve({ turn });
      },
    };
  });
  return { all, order };
}

test('contenders take turns, one after the other', async () => {
  const { all, order } = contenders({ name: 'a' }, { name: 'b' }, { name: 'slow', mostTurns: 1 });
  const records = await takeTurns(all, 3);
  expect(order.join(' ')).toBe('a b slow a b a b');
  expect(records.map(({ turns }) => turns.length)).toEqual([3, 3, 1]);
});

test('one that fails is out, with the first line of the reason and the turns it had', async () => {
  const { all, order } = contenders({ name: 'a', failsIn: 2 }, { name: 'b' });
  const [a, b] = await takeTurns(all, 3);
  expect(order.join(' ')).toBe('a b a b b');
  expect(a).toEqual({ name: 'a', turns: [{ turn: 1 }], failed: 'no' });
  expect(b?.turns).toHaveLength(3);
});
