import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Line, RenderChunk } from '../../src/render/index.js';
import { type RealRecording, realRecordings } from '../fixtures/recordings.js';
import { pieces } from './generators.js';
import { liveContradiction, liveLines, type Timed } from './live-lines.js';
import { foundCases, type NastyCase, nastyCases } from './nasty-cases.js';
import { linesOf } from './text-of.js';

/** Rule T1 on what is known to be hard: however output is cut, and whenever it is looked at, its lines are the same. */
const LENGTHS = [1, 2, 3, 7, 4096];

const recordings = realRecordings();
const NONE = 'skipped where there are none beside the project';

describe.each([...nastyCases, ...foundCases])('$name', (nasty) => {
  const whole = linesOf(nasty.chunks, nasty);

  test.each(LENGTHS)('in chunks of %i bytes', async (length) => {
    expect(
      await linesOf(
        cut(nasty.chunks, (bytes) => pieces(bytes, [length])),
        nasty,
      ),
    ).toEqual(await whole);
  });

  test('cut in two at each of its bytes, of which it may have very many', async () => {
    const bytes = nasty.chunks.reduce((sum, chunk) => sum + (chunk instanceof Uint8Array ? chunk.length : 0), 0);
    for (let at = 1; at < bytes; at += Math.ceil(bytes / 400)) {
      let before = at;
      const halves = cut(nasty.chunks, (chunk) => {
        const first = Math.min(before, chunk.length);
        before -= first;
        return [chunk.subarray(0, first), chunk.subarray(first)];
      });
      expect(await linesOf(halves, nasty), `cut at ${at}`).toEqual(await whole);
    }
  });

  test.each([1, 60, 450])('watched as it comes, a byte each %i ms', async (delay) => {
    const bytewise = cut(nasty.chunks, (chunk) => pieces(chunk, [chunk.length > 2000 ? 997 : 1]));
    const live = liveLines(
      bytewise.map((chunk): Timed => ({ delay, chunk })),
      nasty,
    );
    expect(liveContradiction(live, await whole)).toBeUndefined();
  });
});

describe.skipIf(recordings.length === 0)(`recordings of real agents (${NONE})`, () => {
  const batch = new Map<string, Promise<readonly Line[]>>();
  const whole = (recording: RealRecording): Promise<readonly Line[]> => {
    const lines = batch.get(recording.name) ?? linesOf([readFileSync(recording.log)], recording);
    batch.set(recording.name, lines);
    return lines;
  };

  test.each(LENGTHS)('in chunks of %i bytes', async (length) => {
    for (const recording of recordings) {
      const cutUp = pieces(readFileSync(recording.log), [length]);
      expect(await linesOf(cutUp, recording), recording.name).toEqual(await whole(recording));
    }
  });

  test('watched as they came', async () => {
    for (const recording of recordings) {
      const live = liveLines(timedReads(recording), recording);
      expect(liveContradiction(live, await whole(recording)), recording.name).toBeUndefined();
    }
  });
});

/** Cuts the output; the resizes stay between the bytes they came between. */
function cut(chunks: NastyCase['chunks'], cutUp: (bytes: Uint8Array) => readonly Uint8Array[]): readonly RenderChunk[] {
  return chunks.flatMap((chunk): readonly RenderChunk[] => (chunk instanceof Uint8Array ? cutUp(chunk) : [chunk]));
}

/** The reads of a recording, as its timing file ("delay bytes", in seconds, a read a line) has them. */
function timedReads({ log, timing }: RealRecording): readonly Timed[] {
  const raw = readFileSync(log);
  let at = 0;
  return timing
    .trimEnd()
    .split('\n')
    .map((line): Timed => {
      const [delay = 0, bytes = 0] = line.split(' ').map(Number);
      at += bytes;
      return { delay: delay * 1000, chunk: raw.subarray(at - bytes, at) };
    });
}
