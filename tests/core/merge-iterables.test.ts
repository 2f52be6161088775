import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MergedIterables } from '../../src/core/async/merge-iterables.js';
import { Semaphore } from '../../src/core/async/semaphore.js';

/** Gives `count` items, a varying number of turns of the event loop apart. */
async function* source(name: number, count: number, pace: number): AsyncGenerator<readonly [number, number]> {
  for (let at = 0; at < count; at++) {
    for (let wait = (at * 7 + pace) % 3; wait > 0; wait--) await turn();
    yield [name, at];
  }
}

describe('merged iterables', () => {
  test('gives every item of every source once, each source in its order', async () => {
    const counts = fc.array(fc.nat(20), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(counts, fc.nat(10), async (sizes, pace) => {
        const all = new MergedIterables<readonly [number, number]>();
        const [first, ...rest] = sizes.map((count, name) => source(name, count, pace + name));
        if (first !== undefined) all.add(first);
        const seen = sizes.map((): number[] => []);
        const late = rest.slice();
        if (rest.length === 0) all.close();
        // The others are added while the first is read; one that is empty is never seen.
        const addLate = (): void => {
          for (const one of late.splice(0)) all.add(one);
          all.close();
        };
        if (sizes[0] === 0) addLate();
        for await (const [name, at] of all) {
          seen[name]?.push(at);
          if (late.length > 0) addLate();
        }
        expect(seen).toEqual(sizes.map((count) => Array.from({ length: count }, (_, at) => at)));
      }),
    );
  });

  test('fails with what a source fails with, and ends the others', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        while (!ended) {
          await turn();
          yield 1;
        }
      } finally {
        ended = true;
      }
    }
    async function* failing(): AsyncGenerator<number> {
      yield await Promise.resolve(2);
      throw new Error('broken');
    }
    const all = new MergedIterables<number>();
    all.add(endless());
    all.add(failing());
    const read = async (): Promise<void> => {
      for await (const item of all) expect(item).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow('broken');
    await turn();
    expect(ended).toBe(true);
  });
});

test('so many take their turn at a time, the others in the order they came', async () => {
  const turns = new Semaphore(2);
  let now = 0;
  let most = 0;
  const order: number[] = [];
  const work = async (name: number): Promise<void> => {
    using mine = await turns.acquire();
    expect(mine).toBeDefined();
    order.push(name);
    most = Math.max(most, ++now);
    await turn();
    now--;
  };
  await Promise.all(Array.from({ length: 10 }, (_, name) => work(name)));
  expect([most, order]).toEqual([2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
});
