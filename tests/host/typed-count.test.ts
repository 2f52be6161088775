import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTurn } from '../../src/core/async/next-turn.js';
import { TypedCount } from '../../src/host/input/typed-count.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { runs } from '../fixtures/runs.js';

/** A terminal whose settings the test changes, and a writer. */
class World implements Disposable {
  readonly clock = new ManualClock();
  readonly noted: { readonly offset: number; readonly bytes: number }[] = [];
  isShown = true;
  looks = 0;
  offset = 0;
  readonly count = new TypedCount({
    clock: this.clock,
    offset: () => this.offset,
    isShown: async () => {
      this.looks += 1;
      const { isShown } = this;
      await nextTurn();
      return isShown;
    },
    note: (typed) => this.noted.push(typed),
  });

  get total(): number {
    return this.noted.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  type(text: string): void {
    this.count.typed(Buffer.from(text));
  }

  print(bytes: number): void {
    this.offset += bytes;
    this.count.printed();
  }

  /** Time passes, in steps, so that what is waited for in between is done. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= 50) {
      this.clock.advance(Math.min(left, 50));
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await nextTurn();
  }

  [Symbol.dispose](): void {
    this.count[Symbol.dispose]();
  }
}

/** A program asks for a password, as sudo does. */
async function atPassword(world: World): Promise<void> {
  world.count.expect();
  await world.pass(1000);
  world.type('sudo ls\r');
  await world.pass(10);
  world.isShown = false;
  world.print(10);
  await world.pass(700);
}

describe('what a writer types', () => {
  test('is noted as one number when nothing follows for a while, with the offset of the first byte', async () => {
    using world = new World();
    world.offset = 7;
    for (const key of 'hello') {
      world.type(key);
      world.print(1);
      await world.pass(300);
    }
    expect(world.noted).toEqual([]);
    await world.pass(3000);
    expect(world.noted).toEqual([{ offset: 7, bytes: 5 }]);
    expect(world.clock.waiting).toBe(0);
    world.type('x');
    await world.pass(10);
    world.count.left();
    expect(world.noted[1]).toEqual({ offset: 12, bytes: 1 });
    expect(world.clock.waiting).toBe(0);
  });

  test('is noted once a minute where it never pauses', async () => {
    using world = new World();
    for (let second = 0; second < 130; second++) {
      world.type('x');
      await world.pass(1000);
    }
    expect(world.noted.length).toBe(2);
  });

  test('does not count at a prompt that shows nothing, typed or pasted with its Enter', async () => {
    for (const keys of [['secret\r'], ['s', 'e', 'cret', '\r']]) {
      using world = new World();
      await atPassword(world);
      for (const key of keys) {
        world.type(key);
        await world.pass(1);
      }
      world.isShown = true;
      world.print(100);
      await world.pass(1000);
      world.type('pwd\r');
      await world.pass(3000);
      expect(world.total).toBe('sudo ls\r'.length + 'pwd\r'.length);
    }
  });

  test('does not count behind the end of a line when the writer leaves at once', async () => {
    using world = new World();
    world.count.expect();
    await world.pass(1000);
    world.type('sudo ls\rsecret\r');
    world.count.left();
    expect(world.total).toBe('sudo ls\r'.length);
  });

  test('counts whole where all of it is shown, and not at all where none is, whatever comes in between', async () => {
    const step = fc.oneof(
      fc.record({ type: fc.stringMatching(/^[a-z\r]{1,8}$/) }),
      fc.record({ print: fc.nat(9) }),
      fc.record({ pass: fc.nat(2500) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, isShown) => {
        using world = new World();
        world.isShown = isShown;
        world.count.expect();
        await world.settle();
        let typed = 0;
        for (const one of steps) {
          if ('type' in one) {
            world.type(one.type);
            typed += one.type.length;
          } else if ('print' in one) world.print(one.print);
          else await world.pass(one.pass);
        }
        await world.pass(5000);
        world.count.left();
        expect(world.total).toBe(isShown ? typed : 0);
        expect(world.noted.every(({ bytes }) => bytes > 0)).toBe(true);
      }),
      { numRuns: runs(50) },
    );
  });

  test('has the terminal looked at no more than twice a second, and not at all while nothing happens', async () => {
    using world = new World();
    world.count.expect();
    for (let at = 0; at < 200; at++) {
      world.type('x');
      world.print(1);
      await world.pass(50);
    }
    expect(world.looks).toBeLessThanOrEqual(22);
    await world.pass(3000);
    const { looks } = world;
    await world.pass(10_000);
    expect(world.looks).toBe(looks);
    // A flood shows no prompt.
    for (let at = 0; at < 100; at++) {
      world.print(1000);
      await world.pass(50);
    }
    expect(world.looks).toBe(looks);
  });
});
