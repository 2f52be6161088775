import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../src/render/index.js';
import { RecordedTask } from '../../../src/view/lines/recorded-task.js';
import { moments, type MomentsOptions } from '../../../src/view/replay/moments.js';
import { timedBytes, timedLines } from '../../../src/view/replay/timed-output.js';
import { RecordedTimeline, START } from '../../../src/view/replay/timeline.js';
import { ManualClock } from '../../fixtures/manual-clock.js';
import { runs } from '../../fixtures/runs.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { type Happening, writeReplayed } from './replayed-task.js';

/** A clock on which nobody waits: whoever asks for a time to pass is there. */
class HurriedClock extends ManualClock {
  override after(ms: number, run: () => void) {
    const timer = super.after(ms, run);
    setImmediate(() => {
      this.advance(ms);
    });
    return timer;
  }
}

const SAYS: readonly Happening[] = ['one\r\n', 'two\r\n', 'three\r\n'].map((text, at) => ({
  type: 'output',
  ms: (at + 1) * 1000,
  bytes: Buffer.from(text),
}));

function options(changes: Partial<MomentsOptions> = {}): MomentsOptions {
  return {
    clock: new HurriedClock(),
    signal: new AbortController().signal,
    speed: 1,
    idleLimitMs: Infinity,
    from: START,
    to: undefined,
    loop: false,
    follow: 'no',
    ...changes,
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a replay that nobody steers', () => {
  test.each([
    ['at its own pace', {}, [1000, 3000, 6000]],
    ['at twice the pace', { speed: 2 }, [500, 1500, 3000]],
    ['with no more than a second without output', { idleLimitMs: 1000 }, [1000, 2000, 3000]],
  ])('shows each piece of output when it is due: %s', async (_, changes, expected) => {
    using folder = temporaryFolder();
    using recording = new RecordedTask(writeReplayed(folder.path, SAYS));
    const clock = new HurriedClock();
    const times: number[] = [];
    for await (const { to } of moments(recording, options({ clock, ...changes }))) {
      if (to.offset > 0) times.push(clock.monotonic());
    }
    expect(times).toEqual(expected);
  });

  test('prints each line once, as the clean text has them, whatever the pace', async () => {
    using folder = temporaryFolder();
    // Nothing that is drawn over: of that, more is shown to those who follow.
    const text = fc.string({ unit: fc.constantFrom('a', 'b ', '\r\n', '日本'), maxLength: 12 });
    const output = fc.record({
      type: fc.constant('output' as const),
      ms: fc.nat(3000),
      bytes: text.map((some) => Buffer.from(some)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(output, { minLength: 1, maxLength: 5 }), async (session) => {
        using recording = new RecordedTask(writeReplayed(folder.path, session));
        const played = (await all(timedLines(recording, options()))).flat();
        const bytes = Buffer.concat(session.map((each) => each.bytes));
        const read = await all(cleanText([bytes], { cols: 80, rows: 24 }));
        expect(played.map(({ text }) => text)).toEqual(read.map(({ text }) => text));
      }),
      { numRuns: runs(50) },
    );
  });

  test('prints the bytes that were recorded', async () => {
    using folder = temporaryFolder();
    using recording = new RecordedTask(writeReplayed(folder.path, SAYS));
    expect(Buffer.concat(await all(timedBytes(recording, options()))).toString()).toContain('one\r\ntwo\r\nthree\r\n');
  });

  test('begins and ends where it is told, with no line of what was before', async () => {
    using folder = temporaryFolder();
    using recording = new RecordedTask(writeReplayed(folder.path, SAYS));
    const timeline = new RecordedTimeline(recording, new ManualClock());
    const range = { from: timeline.at(1500), to: timeline.at(3500) };
    const lines = (await all(timedLines(recording, options(range)))).flat().map(({ text }) => text);
    expect(lines).toEqual(['two']);
  });

  test('begins again at the end, until it is told to stop', async () => {
    using folder = temporaryFolder();
    using recording = new RecordedTask(writeReplayed(folder.path, SAYS));
    const stop = new AbortController();
    const texts: string[] = [];
    for await (const lines of timedLines(recording, options({ loop: true, signal: stop.signal }))) {
      texts.push(...lines.map(({ text }) => text));
      if (texts.length >= 7) stop.abort();
    }
    expect(texts.slice(0, 7)).toEqual(['one', 'two', 'three', 'one', 'two', 'three', 'one']);
  });
});
