import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findKeyframes } from '../../../src/keyframes/keyframes.js';
import { makeKeyframes } from '../../../src/keyframes/make-keyframes.js';
import { Screen } from '../../../src/render/screen/screen.js';
import type { Frame } from '../../../src/render/model/frame.js';
import { RecordedTask } from '../../../src/view/lines/recorded-task.js';
import { Playhead } from '../../../src/view/replay/playhead.js';
import { Snapshots } from '../../../src/view/replay/snapshots.js';
import { RecordedTimeline } from '../../../src/view/replay/timeline.js';
import { ManualClock } from '../../fixtures/manual-clock.js';
import { type RealRecording, realRecordings } from '../../fixtures/recordings.js';
import { runs } from '../../fixtures/runs.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { anySession, type Happening, writeReplayed } from './replayed-task.js';

/** The screens a terminal shows that is fed the session, one after each happening. */
function shown(session: readonly Happening[], size = { cols: 80, rows: 24 }): readonly Frame[] {
  const screen = new Screen(size, { styles: true });
  return session.map((happening) => {
    if (happening.type === 'output') screen.write(happening.bytes);
    else screen.resize(happening.size);
    return screen.frame();
  });
}

/** When each has happened. */
function timesOf(session: readonly Happening[]): readonly number[] {
  let ms = 0;
  return session.map((happening) => (ms += happening.ms));
}

describe('a screen that is moved about in a recording', () => {
  test('is at any time as if it had been played to it, however it got there', async () => {
    using folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        anySession,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
        async (session, places) => {
          using recording = new RecordedTask(writeReplayed(folder.path, session));
          await using playhead = new Playhead(recording, new Snapshots(recording));
          const timeline = new RecordedTimeline(recording, new ManualClock());
          const frames = shown(session);
          const times = timesOf(session);
          for (const place of places) {
            const ms = Math.round(timeline.end.ms * place);
            await playhead.moveTo(timeline.at(ms));
            const at = times.findLastIndex((time) => time <= ms);
            expect(playhead.screen.frame()).toEqual(
              at === -1 ? new Screen({ cols: 80, rows: 24 }).frame() : frames[at],
            );
          }
        },
      ),
      { numRuns: runs(60) },
    );
  });

  test('is that also where much lies between, and where it has been before', async () => {
    using folder = temporaryFolder();
    const session = Array.from({ length: 300 }, (_, at): Happening => {
      const text = `\x1b[3${at % 8}m${'word '.repeat(3000)}\x1b[${(at % 20) + 1};${(at % 70) + 1}H${at}`;
      return { type: 'output', ms: 10, bytes: Buffer.from(text) };
    });
    using recording = new RecordedTask(writeReplayed(folder.path, session));
    await using playhead = new Playhead(recording, new Snapshots(recording));
    const timeline = new RecordedTimeline(recording, new ManualClock());
    const frames = shown(session);
    for (const at of [299, 0, 150, 149, 20, 298, 151, 75, 299, 10]) {
      await playhead.moveTo(timeline.at((at + 1) * 10));
      expect(playhead.screen.frame(), String(at)).toEqual(frames[at]);
    }
  });

  test('goes on from keyframes as if it had been played to them', async () => {
    using folder = temporaryFolder();
    const session = Array.from({ length: 60 }, (_, at): readonly Happening[] => {
      const text = `\x1b[?25${at % 3 === 0 ? 'l' : 'h'}\x1b[3${at % 8}m${'word '.repeat(6000)}\x1b[${(at % 20) + 1};5H${at}`;
      const resize = { type: 'resize' as const, ms: 5, size: { cols: 60 + (at % 30), rows: 20 + (at % 7) } };
      return [{ type: 'output', ms: 10, bytes: Buffer.from(text) }, ...(at % 4 === 0 ? [resize] : [])];
    }).flat();
    const entry = writeReplayed(folder.path, session);
    expect((await makeKeyframes(entry.folder, { spacing: 70_000 })).keyframes).toBeGreaterThan(5);
    const frames = shown(session);
    const times = timesOf(session);
    for (const place of [70, 3, 40, 41, 12, 73, 60]) {
      using recording = new RecordedTask(entry);
      await using playhead = new Playhead(recording, new Snapshots(recording));
      await playhead.moveTo(new RecordedTimeline(recording, new ManualClock()).at(times[place] ?? 0));
      expect(playhead.screen.frame(), String(place)).toEqual(frames[place]);
      const output = session.slice(0, place + 1).findLast((happening) => happening.type === 'output');
      expect(playhead.screen.frame().cursor.visible).toBe(
        output?.type === 'output' && Buffer.from(output.bytes).includes('\x1b[?25h'),
      );
    }
  });

  test('can be broken off on its way, and moved on', async () => {
    using folder = temporaryFolder();
    const session = Array.from({ length: 30 }, (_, at): Happening => {
      return { type: 'output', ms: 10, bytes: Buffer.from(`${'x'.repeat(50_000)}\r\n${at}\r\n`) };
    });
    using recording = new RecordedTask(writeReplayed(folder.path, session));
    await using playhead = new Playhead(recording, new Snapshots(recording));
    const { end } = new RecordedTimeline(recording, new ManualClock());
    const off = new AbortController();
    const moving = playhead.moveTo(end, off.signal);
    off.abort();
    await moving;
    expect(playhead.position.offset).toBeLessThan(end.offset);
    await playhead.moveTo(end);
    expect(playhead.screen.frame()).toEqual(shown(session).at(-1));
  });

  test('tells what is missing apart from what was printed', async () => {
    using folder = temporaryFolder();
    const entry = writeReplayed(folder.path, [{ type: 'output', ms: 1, bytes: Buffer.from('abc') }]);
    using recording = new RecordedTask(entry);
    await using playhead = new Playhead(recording, new Snapshots(recording));
    await playhead.moveTo({ offset: 10, resizes: 0, ms: 1 });
    expect(playhead.screen.offset).toBe(10);
    expect(playhead.screen.rows()[0]?.text).toBe('abc');
  });
});

const recordings = realRecordings();
/** Random places of each recording: of all of them together, more than a thousand. */
const PLACES = 12;

describe.skipIf(recordings.length === 0)('real recordings', () => {
  test('are at every mark, at every keyframe and at random places as if they had been played to them', async () => {
    for (const real of recordings) {
      using folder = temporaryFolder();
      const { name, cols, rows } = real;
      const session = sessionOf(real);
      const frames = shown(session, { cols, rows }).map((frame) => JSON.stringify(frame));
      const times = timesOf(session);
      const entry = writeReplayed(folder.path, session, { cols, rows });
      await makeKeyframes(entry.folder, { spacing: 20_000 });
      using recording = new RecordedTask(entry);
      const timeline = new RecordedTimeline(recording, new ManualClock());
      const expectAt = async (playhead: Playhead, ms: number): Promise<void> => {
        await playhead.moveTo(timeline.at(ms));
        const at = times.findLastIndex((time) => time <= ms);
        expect(JSON.stringify(playhead.screen.frame()), `${name} at ${ms} ms`).toBe(frames[at]);
      };
      await using forward = new Playhead(recording, new Snapshots(recording));
      for (const ms of times) await expectAt(forward, ms);
      for (const keyframe of findKeyframes(entry.folder).entries) {
        await using there = new Playhead(recording, new Snapshots(recording));
        await expectAt(there, times[timesUpTo(session, keyframe.offset)] ?? 0);
      }
      for (let place = 0; place < PLACES; place++) {
        await expectAt(forward, times[(place * 7919 + 13) % times.length] ?? 0);
      }
    }
  });
});

function sessionOf({ log, timing }: RealRecording): readonly Happening[] {
  const bytes = readFileSync(log);
  const session: Happening[] = [];
  let offset = 0;
  for (const line of timing.trim().split('\n')) {
    // Those of pipes say which of the two it came from first.
    const [delay = 0, count = 0] = line.split(' ').slice(-2).map(Number);
    const ms = Math.max(1, Math.round(delay * 1000));
    if (count > 0) session.push({ type: 'output', ms, bytes: bytes.subarray(offset, offset + count) });
    offset += count;
  }
  return session;
}

/** Which happening the byte in front of `offset` came with. */
function timesUpTo(session: readonly Happening[], offset: number): number {
  let reached = 0;
  return session.findIndex((happening) => {
    reached += happening.type === 'output' ? happening.bytes.length : 0;
    return reached >= offset;
  });
}
