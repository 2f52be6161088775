import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputQueue } from '../../src/pty/input/input-queue.js';
import { ManualClock } from '../fixtures/manual-clock.js';

/** A child that takes so many bytes a write, in turn; nothing at the end of the list. */
function queueTo(takes: number[]): {
  queue: InputQueue;
  clock: ManualClock;
  taken: () => Buffer;
  writes: () => number;
} {
  const clock = new ManualClock();
  const chunks: Buffer[] = [];
  let writes = 0;
  const queue = new InputQueue({
    clock,
    write: (bytes) => {
      writes += 1;
      const piece = bytes.subarray(0, takes.shift() ?? 0);
      chunks.push(Buffer.from(piece));
      return piece.length;
    },
  });
  return { queue, clock, taken: () => Buffer.concat(chunks), writes: () => writes };
}

describe('input on its way to the child', () => {
  test('arrives whole and in order, however the child takes it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 60 }),
        (chunks, takes) => {
          const { queue, clock, taken } = queueTo([...takes, ...Array<number>(4000).fill(1)]);
          for (const chunk of chunks) queue.push(chunk);
          clock.advance(100_000);
          expect(taken()).toEqual(Buffer.concat(chunks));
          expect(queue.empty).toBe(true);
          expect(clock.waiting).toBe(0);
        },
      ),
    );
  });

  test('is offered ever more rarely to a child that does not read, and at once again when it does', () => {
    const { queue, clock, writes } = queueTo([]);
    queue.push(Buffer.from('x'));
    clock.advance(10_000);
    expect(writes()).toBeGreaterThan(500);
    expect(writes()).toBeLessThan(700);
    expect(clock.waiting).toBe(1);
  });

  test('is known to have been written whole, or to have been dropped', async () => {
    const { queue, clock } = queueTo([1, 0, 2]);
    expect(await queue.emptied()).toBe(true);
    queue.push(Buffer.from('abc'));
    const heard: boolean[] = [];
    const written = queue.emptied().then((isWritten) => heard.push(isWritten));
    await Promise.resolve();
    expect(heard).toEqual([]);
    clock.advance(1);
    await written;
    queue.push(Buffer.from('d'));
    const dropped = queue.emptied();
    queue[Symbol.dispose]();
    expect([heard, await dropped, await queue.emptied()]).toEqual([[true], false, false]);
  });

  test('above 64 KiB the source is told to hold back, and told when all has gone', () => {
    const { queue, clock } = queueTo([0, 30_000, 0, 0, 100_000, 1]);
    let drained = 0;
    const onDrained = (): void => {
      drained += 1;
    };
    expect(queue.push(new Uint8Array(65_536), onDrained)).toBe(true);
    expect(queue.push(new Uint8Array(1), onDrained)).toBe(false);
    clock.advance(1);
    expect(drained).toBe(0);
    clock.advance(100);
    expect(drained).toBe(1);
    expect(queue.empty).toBe(true);
  });

  test('a source may push again from within the call that tells it to go on', () => {
    const { queue, clock, taken } = queueTo([0, 1_000_000, 1_000_000]);
    queue.push(Buffer.alloc(70_000, 'a'), () => {
      queue.push(Buffer.from('b'));
    });
    clock.advance(10);
    expect(taken().subarray(-2).toString()).toBe('ab');
  });

  test('that comes when the queue has been disposed is dropped, and waits for nothing', () => {
    const { queue, clock, writes } = queueTo([]);
    queue[Symbol.dispose]();
    expect(queue.push(Buffer.alloc(100_000))).toBe(true);
    expect({ writes: writes(), waiting: clock.waiting, empty: queue.empty }).toEqual({
      writes: 0,
      waiting: 0,
      empty: true,
    });
  });

  test('is dropped, with its timer, when the queue is disposed', () => {
    const { queue, clock, writes } = queueTo([]);
    queue.push(Buffer.from('x'));
    queue[Symbol.dispose]();
    const before = writes();
    clock.advance(1000);
    expect(writes()).toBe(before);
    expect(clock.waiting).toBe(0);
    expect(queue.empty).toBe(true);
  });
});
