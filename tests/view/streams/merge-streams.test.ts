import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogBatch, LogLine } from '../../../src/view/lines/log-batch.js';
import { byTime, grouped, type StreamedBatch } from '../../../src/view/streams/merge-streams.js';
import { type MemoryStream, memoryStream } from './memory-stream.js';

const line = (text: string, ts?: number): LogLine => ({
  text,
  offset: 0,
  endOffset: 0,
  final: true,
  ...(ts === undefined ? {} : { ts }),
});

async function merged(
  batches: AsyncIterable<StreamedBatch>,
): Promise<{ name: string; text: string; ts: number | undefined }[]> {
  const lines = [];
  for await (const { stream, batch } of batches) {
    expect(batch.lines.length).toBeGreaterThan(0);
    lines.push(...batch.lines.map(({ text, ts }) => ({ name: stream.id, text, ts })));
  }
  return lines;
}

/** Streams of lines whose times do not go back, in batches of any length, empty ones too; some lines have no time. */
const streams = fc
  .array(
    fc.record({
      lines: fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined, freq: 4 }), { maxLength: 12 }),
      cuts: fc.array(fc.nat({ max: 12 }), { maxLength: 4 }),
    }),
    { maxLength: 4 },
  )
  .map((drawn) =>
    drawn.map(({ lines, cuts }, stream) => {
      const times = lines.filter((ts) => ts !== undefined).sort((a, b) => a - b);
      const all = lines.map((ts, at) => line(`${stream}:${at}`, ts === undefined ? undefined : times.shift()));
      const places = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
      const batches = places
        .slice(1)
        .map((to, at): LogBatch => ({ source: 'backend', lines: all.slice(places[at], to) }));
      return { name: `task-${stream}`, all, batches };
    }),
  );

describe('lines of several tasks', () => {
  test('by time are all lines once, those of a task in its own order, times never going back', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (given) => {
        const opened = given.map(({ name, batches }) => memoryStream(name, batches));
        const found = await merged(byTime(opened.map(({ stream }) => stream)));
        for (const { name, all } of given)
          expect(found.filter((one) => one.name === name).map(({ text }) => text)).toEqual(all.map(({ text }) => text));
        const times = found.flatMap(({ ts }) => ts ?? []);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(opened.map(({ isOpen }) => isOpen())).toEqual(given.map(() => false));
      }),
    );
  });

  test('by time those of one time are in the order in which the tasks were named', async () => {
    const one = memoryStream('one', [{ source: 'backend', lines: [line('a', 1), line('b', 2), line('c', 2)] }]);
    const two = memoryStream('two', [{ source: 'backend', lines: [line('d', 1), line('e', 2)] }]);
    const found = await merged(byTime([one.stream, two.stream]));
    expect(found.map(({ text }) => text).join('')).toBe('adbce');
  });

  test('by time one without a time stays behind the one before it', async () => {
    const one = memoryStream('one', [{ source: 'backend', lines: [line('a', 1), line('b'), line('c', 9)] }]);
    const two = memoryStream('two', [{ source: 'backend', lines: [line('d', 2)] }]);
    const found = await merged(byTime([one.stream, two.stream]));
    expect(found.map(({ text }) => text).join('')).toBe('abdc');
  });

  test('are closed when nobody wants more of them, and when one fails', async () => {
    const many = (): MemoryStream[] =>
      ['one', 'two'].map((name) =>
        memoryStream(
          name,
          [1, 2, 3].map((ts) => ({ source: 'backend', lines: [line('x', ts)] })),
        ),
      );
    const enough = many();
    for await (const { batch } of byTime(enough.map(({ stream }) => stream))) if (batch.lines.length > 0) break;
    expect(enough.map(({ isOpen }) => isOpen())).toEqual([false, false]);
    const failing = [...many(), memoryStream('bad', [], new Error('unreadable'))];
    await expect(merged(byTime(failing.map(({ stream }) => stream)))).rejects.toThrow('unreadable');
    expect(failing.map(({ isOpen }) => isOpen())).toEqual([false, false, false]);
  });

  test('grouped are those of one task behind those of the other', async () => {
    const one = memoryStream('one', [{ source: 'backend', lines: [line('a', 5)] }]);
    const two = memoryStream('two', [{ source: 'backend', lines: [line('b', 1)] }]);
    expect((await merged(grouped([one.stream, two.stream]))).map(({ text }) => text)).toEqual(['a', 'b']);
  });
});
