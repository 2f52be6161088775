import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordedTask } from '../../../src/view/lines/recorded-task.js';
import { type Position, RecordedTimeline, START } from '../../../src/view/replay/timeline.js';
import { ManualClock } from '../../fixtures/manual-clock.js';
import { runs } from '../../fixtures/runs.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { anySession, type Happening, writeReplayed } from './replayed-task.js';

/** The moments of a session, as it was written down. */
function expected(session: readonly Happening[]): readonly Position[] {
  const all: Position[] = [];
  let last = START;
  for (const happening of session) {
    last =
      happening.type === 'output'
        ? { ...last, offset: last.offset + happening.bytes.length, ms: last.ms + happening.ms }
        : { ...last, resizes: last.resizes + 1, ms: last.ms + happening.ms };
    all.push(last);
  }
  return all;
}

function walk(timeline: RecordedTimeline): readonly Position[] {
  const all: Position[] = [];
  for (let next = timeline.next(START); next !== undefined; next = timeline.next(next)) all.push(next);
  return all;
}

describe('the timeline of a recording', () => {
  test('goes from change to change, output and resizes, and nothing is left out', () => {
    using folder = temporaryFolder();
    fc.assert(
      fc.property(anySession, (session) => {
        using recording = new RecordedTask(writeReplayed(folder.path, session));
        const timeline = new RecordedTimeline(recording, new ManualClock());
        const walked = walk(timeline);
        const all = expected(session);
        // What happened in one and the same millisecond may be one change.
        for (const position of walked) expect(all).toContainEqual(position);
        expect(walked.at(-1)).toEqual(all.at(-1));
        expect(timeline.end).toEqual(all.at(-1));
      }),
      { numRuns: runs(60) },
    );
  });

  test('knows what there was at any time', () => {
    using folder = temporaryFolder();
    fc.assert(
      fc.property(anySession, fc.integer({ min: 0, max: 80_000 }), (session, ms) => {
        using recording = new RecordedTask(writeReplayed(folder.path, session));
        const there = expected(session).findLast((position) => position.ms <= ms) ?? START;
        expect(new RecordedTimeline(recording, new ManualClock()).at(ms)).toEqual({ ...there, ms });
      }),
      { numRuns: runs(60) },
    );
  });

  test('goes back the way it came, change by change', () => {
    using folder = temporaryFolder();
    fc.assert(
      fc.property(anySession, (session) => {
        using recording = new RecordedTask(writeReplayed(folder.path, session));
        const timeline = new RecordedTimeline(recording, new ManualClock());
        const times = [0, ...new Set(expected(session).map(({ ms }) => ms))];
        let back = timeline.end;
        for (const ms of times.toReversed().slice(1)) {
          back = timeline.previous(back);
          expect(back.ms).toBe(ms);
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test('comes to its end without an index, and with bytes that nobody indexed', () => {
    using folder = temporaryFolder();
    fc.assert(
      fc.property(anySession, (session) => {
        const entry = writeReplayed(folder.path, session);
        rmSync(join(entry.folder.path, 'backend.idx'));
        using recording = new RecordedTask(entry);
        const timeline = new RecordedTimeline(recording, new ManualClock());
        const { offset, resizes } = walk(timeline).at(-1) ?? START;
        const last = expected(session).at(-1);
        expect({ offset, resizes }).toEqual({ offset: last?.offset, resizes: last?.resizes });
      }),
      { numRuns: runs(40) },
    );
  });
});
