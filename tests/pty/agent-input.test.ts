import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { feedInput, type InputTarget } from '../../src/pty/input/agent-input.js';

/** An agent whose terminal is gone, so that no line settings can be asked for: what is typed is noted. */
function agent(takes: () => boolean): InputTarget & { typed(): Buffer; onDrained: (() => void) | undefined } {
  const typed: Buffer[] = [];
  const target = {
    device: '/no/such/terminal',
    offset: 0,
    inputTaken: true,
    onDrained: undefined as (() => void) | undefined,
    typed: () => Buffer.concat(typed),
    type(bytes: Uint8Array, onDrained?: () => void) {
      typed.push(Buffer.from(bytes));
      target.onDrained = onDrained;
      return takes();
    },
  };
  return target;
}

describe('what is piped in', () => {
  test('is typed whole, in order, and stops while the agent takes nothing', async () => {
    const controller = new AbortController();
    const target = agent(() => {
      // The queue is full; it says so, and a moment later that it is not.
      setImmediate(() => target.onDrained?.());
      return false;
    });
    const chunks = Array.from({ length: 50 }, (_, at) => Buffer.alloc(100, at));
    const source = Readable.from(chunks);
    source.once('close', () => {
      controller.abort();
    });
    await feedInput(target, source, { clock: systemClock, signal: controller.signal, onLongLine: () => undefined });
    expect(target.typed().equals(Buffer.concat(chunks))).toBe(true);
  });

  test('has lines that are too long for a terminal said, each once, and the last one without its end, too', async () => {
    const controller = new AbortController();
    const lines: number[] = [];
    const text = `${'a'.repeat(4094)}\n${'b'.repeat(4095)}\nshort\n${'c'.repeat(5000)}`;
    const source = Readable.from(
      [text.slice(0, 3000), text.slice(3000, 8192), text.slice(8192)].map((piece) => Buffer.from(piece)),
    );
    source.once('close', () => {
      controller.abort();
    });
    const onLongLine = (bytes: number): void => {
      lines.push(bytes);
    };
    await feedInput(
      agent(() => true),
      source,
      { clock: systemClock, signal: controller.signal, onLongLine },
    );
    expect(lines).toEqual([4096, 5000]);
  });

  test('that fails is at its end', async () => {
    const controller = new AbortController();
    const source = new Readable({
      read() {
        this.destroy(new Error('EIO: gone'));
        setImmediate(() => {
          controller.abort();
        });
      },
    });
    const target = agent(() => true);
    await feedInput(target, source, { clock: systemClock, signal: controller.signal, onLongLine: () => undefined });
    expect(target.typed()).toHaveLength(0);
  });

  test('nothing at all types nothing after the end', async () => {
    const target = agent(() => true);
    const signal = AbortSignal.abort();
    await feedInput(target, undefined, { clock: systemClock, signal, onLongLine: () => undefined });
    expect(target.typed()).toHaveLength(0);
  });
});
