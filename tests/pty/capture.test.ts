import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Capture, type CaptureOptions } from '../../src/pty/process/capture.js';
import { FakePty } from '../fixtures/fake-pty.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { runs } from '../fixtures/runs.js';

interface Captured {
  readonly pty: FakePty;
  readonly clock: ManualClock;
  readonly capture: Capture;
  /** What the sink was handed, call by call. */
  readonly blocks: Buffer[];
  readonly all: () => Buffer;
}

function capturing(options: Partial<CaptureOptions> = {}): Captured {
  const pty = new FakePty();
  const clock = new ManualClock();
  const blocks: Buffer[] = [];
  const sink = (bytes: Uint8Array): void => {
    blocks.push(Buffer.from(bytes));
  };
  const capture = new Capture(pty, { clock, sink, ...options });
  return { pty, clock, capture, blocks, all: () => Buffer.concat(blocks) };
}

/** Everything that is due when promises are. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('coalescing', () => {
  test('a lone byte goes on at once', () => {
    const { pty, blocks, clock } = capturing();
    pty.print('x');
    pty.push();
    expect(blocks.map(String)).toEqual(['x']);
    expect(clock.waiting).toBe(0);
  });

  test('what follows within 2 ms goes on together, 2 ms after the first of it', () => {
    const { pty, blocks, clock } = capturing();
    for (const text of ['a', 'b', 'c']) {
      pty.print(text);
      pty.push();
      clock.advance(0.5);
    }
    expect(blocks.map(String)).toEqual(['a']);
    clock.advance(1);
    expect(blocks.map(String)).toEqual(['a', 'bc']);
    clock.advance(2);
    expect(clock.waiting).toBe(0);
  });

  test('what keeps coming is read every 2 ms, without being woken for it, until nothing came', () => {
    const { pty, blocks, clock } = capturing();
    const print = (text: string): void => {
      pty.print(text);
      pty.push();
    };
    for (const text of ['a', 'b']) print(text);
    for (const text of ['c', 'd', 'e']) {
      print(text);
      expect(pty.unread).toBe(1);
      clock.advance(2);
    }
    expect(blocks.map(String)).toEqual(['a', 'bc', 'd', 'e']);
    clock.advance(2);
    print('f');
    expect(pty.unread).toBe(0);
    clock.advance(4);
    print('g');
    expect(blocks.map(String)).toEqual(['a', 'bc', 'd', 'e', 'f', 'g']);
    expect(clock.waiting).toBe(0);
  });

  test('what is read every 2 ms is read for some milliseconds at most, so that timers and keys get theirs', () => {
    const { pty, clock } = capturing();
    for (const text of ['a', 'b']) {
      pty.print(text);
      pty.push();
    }
    pty.print(Buffer.alloc(10_000_000, 'x'));
    clock.advance(2);
    expect(10_000_000 - pty.unread).toBeLessThanOrEqual(512 * 1024 + 4095);
  });

  test('a flood goes on in blocks of 64 KiB, without waiting', () => {
    const { pty, blocks } = capturing();
    pty.print(Buffer.alloc(1_000_000, 'flood'));
    pty.push(1000);
    for (const block of blocks) expect(block.length).toBeLessThanOrEqual(64 * 1024);
    expect(blocks.length).toBeLessThan(20);
  });

  test('one turn of a flood fetches a block at most, so that timers and keys get theirs', () => {
    const { pty } = capturing();
    pty.print(Buffer.alloc(10_000_000, 'x'));
    pty.push(1);
    expect(10_000_000 - pty.unread).toBeLessThanOrEqual(64 * 1024 + 2 * 4095);
  });
});

describe('everything that is printed', () => {
  test('reaches the sink once and in order, whatever the reads, pushes, pauses and resizes', async () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('print' as const), length: fc.integer({ min: 1, max: 70_000 }) }),
      fc.record({ type: fc.constant('push' as const), reads: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 6 }) }),
      fc.record({ type: fc.constant('resize' as const), cols: fc.integer({ min: 1, max: 500 }) }),
      fc.record({ type: fc.constant('reads' as const), atMost: fc.integer({ min: 1, max: 4095 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { pty, clock, capture, all } = capturing();
        const printed: Buffer[] = [];
        const resizes: { offset: number; printed: number }[] = [];
        let next = 0;
        for (const now of steps) {
          if (now.type === 'print') {
            const bytes = Buffer.from(Uint8Array.from({ length: now.length }, () => (next = (next * 31 + 7) % 251)));
            printed.push(bytes);
            pty.print(bytes);
          } else if (now.type === 'push') pty.push(now.reads);
          else if (now.type === 'wait') clock.advance(now.ms);
          else if (now.type === 'reads') pty.readAtMost = now.atMost;
          else {
            const unread = pty.unread;
            const offset = capture.resize({ cols: now.cols, rows: 1 });
            if (unread < 1_000_000) resizes.push({ offset, printed: Buffer.concat(printed).length });
          }
        }
        pty.exit();
        // A flood of more than the kernel can hold is somebody else's: this one is not.
        if (Buffer.concat(printed).length < 1024 * 1024) {
          await capture.ended;
          expect(all().equals(Buffer.concat(printed))).toBe(true);
          expect(capture.bytes).toBe(all().length);
        }
        for (const { offset, printed: before } of resizes) expect(offset).toBe(before);
        expect(clock.waiting).toBe(0);
      }),
      { numRuns: runs(60) },
    );
  });

  test('is read after the exit, before the slave is let go, and then until nobody is left', async () => {
    const { pty, capture, all } = capturing();
    pty.print(Buffer.alloc(300_000, 'x'));
    pty.exit({ exitCode: 7 });
    expect(await capture.ended).toEqual({ exitCode: 7, signal: 0 });
    expect(all()).toHaveLength(300_000);
    expect(pty.calls).toEqual(['release with 0 unread', 'close with 0 unread']);
  });
});

describe('a resize', () => {
  test('comes after what was printed before it, with that offset', () => {
    const { pty, capture, blocks } = capturing();
    pty.print('before the resize');
    expect(capture.resize({ cols: 10, rows: 5 })).toBe(17);
    expect(blocks.map(String)).toEqual(['before the resize']);
    expect(pty.calls).toEqual(['resize 10x5 with 0 unread']);
  });

  test('is not kept waiting for ever by a program that never stops printing', () => {
    const { pty, capture } = capturing();
    pty.print(Buffer.alloc(3_000_000, 'x'));
    expect(capture.resize({ cols: 10, rows: 5 })).toBeLessThan(1_100_000);
  });
});

describe('background processes that still have the terminal', () => {
  test('are not waited for', async () => {
    const { pty, capture, clock } = capturing();
    pty.holdSlave();
    pty.print('last words');
    pty.exit();
    await capture.ended;
    expect(pty.closed).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  test('are waited for as long as --linger says, and what they print is captured', async () => {
    const { pty, capture, clock, all } = capturing({ lingerMs: 1000 });
    pty.holdSlave();
    pty.exit();
    await settled();
    for (let ms = 0; ms < 980; ms += 20) {
      clock.advance(20);
      await settled();
      if (ms === 400) pty.print('late');
    }
    expect(all().toString()).toBe('late');
    expect(pty.closed).toBe(false);
    clock.advance(20);
    await settled();
    await capture.ended;
    expect(pty.closed).toBe(true);
  });

  test('are waited for no longer than they live', async () => {
    const { pty, capture, clock } = capturing({ lingerMs: 3_600_000 });
    const letGo = pty.holdSlave();
    pty.exit();
    await settled();
    letGo();
    clock.advance(20);
    await settled();
    await capture.ended;
    expect(clock.waiting).toBe(0);
  });

  test('cannot keep the capture going by flooding it', async () => {
    const { pty, capture, all } = capturing();
    pty.holdSlave();
    pty.print(Buffer.alloc(20_000_000, 'flood'));
    pty.exit();
    await capture.ended;
    expect(all().length).toBeLessThan(3 * 1024 * 1024);
    expect(pty.closed).toBe(true);
  });
});

describe('a sink that throws', () => {
  const broken = new Error('broken sink');
  const throwing = (): Captured =>
    capturing({
      sink: () => {
        throw broken;
      },
    });

  test('ends the capture with its error, and the child with SIGKILL', async () => {
    const { pty, capture, clock } = throwing();
    pty.print('x');
    pty.push();
    await expect(capture.ended).rejects.toBe(broken);
    expect(pty.calls).toContain('kill SIGKILL');
    expect(pty.closed).toBe(true);
    expect(clock.waiting).toBe(0);
    pty.exit({ signal: 9 });
    await settled();
  });

  test('also when it throws at the end, or in a timer', async () => {
    const atEnd = throwing();
    atEnd.pty.print('x');
    atEnd.pty.exit();
    await expect(atEnd.capture.ended).rejects.toBe(broken);
    let calls = 0;
    const inTimer = capturing({
      sink: () => {
        calls += 1;
        if (calls === 2) throw broken;
      },
    });
    for (const text of ['a', 'b']) {
      inTimer.pty.print(text);
      inTimer.pty.push();
    }
    inTimer.clock.advance(4);
    await expect(inTimer.capture.ended).rejects.toBe(broken);
    expect(inTimer.pty.closed).toBe(true);
  });

  test('a read that fails ends it likewise', async () => {
    const { pty, capture } = capturing();
    pty.fails = new Error('EBADF: read');
    pty.exit();
    await expect(capture.ended).rejects.toThrow('EBADF');
    expect(pty.closed).toBe(true);
  });
});
