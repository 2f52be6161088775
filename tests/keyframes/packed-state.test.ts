import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asPacked, StatePacker, StateToPack, unpackState } from '../../src/keyframes/packed-state.js';
import { Transcript, type TranscriptState } from '../../src/render/transcript/transcript.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { anyOutput, plainOutput } from '../render/generators.js';

const SIZE = { cols: 80, rows: 24 };
/** More lines than are looked up in the log at a time. */
const MANY = Buffer.from(Array.from({ length: 700 }, (_, at) => `line ${at} \x1b[32mgreen\x1b[m\r\n`).join(''));

/** The state of a transcript behind each of these pieces. */
function statesOf(pieces: readonly Uint8Array[]): readonly TranscriptState[] {
  const transcript = new Transcript(SIZE, { savable: true });
  return pieces.map((bytes) => {
    transcript.feed(bytes);
    return plain(asPacked(transcript.save()));
  });
}

function plain(state: TranscriptState): TranscriptState {
  return JSON.parse(JSON.stringify(state)) as TranscriptState;
}

describe('the packed state of a transcript', () => {
  test('of a line that goes on and on is its text and its colours, whatever it was wrapped at', () => {
    const words = Array.from({ length: 60_000 }, (_, at) => `word${at}`).join(' ');
    const [state] = statesOf([Buffer.from(words)]);
    expect(JSON.stringify(state).length).toBeLessThan(2.2 * words.length);
  });

  test('is the state that was packed, of whatever was printed', async () => {
    using folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(plainOutput, anyOutput), { minLength: 1, maxLength: 6 }), async (some) => {
        const pieces = [MANY, ...some, MANY];
        const task = writeTask(folder.path, { log: Buffer.concat(pieces) });
        const packer = new StatePacker(task);
        for (const state of statesOf(pieces)) {
          const unpacked = await unpackState(await packer.pack(new StateToPack(state), 0), task);
          expect(unpacked && plain(unpacked)).toEqual(state);
        }
      }),
      { numRuns: runs(10) },
    );
  });

  test('leaves lines to the log that can be read from it, and keeps those in front of what may be removed', async () => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { log: MANY });
    const [state] = statesOf([MANY]);
    if (state === undefined) throw new Error('no state');
    const small = await new StatePacker(task).pack(new StateToPack(state), 0);
    const large = await new StatePacker(task).pack(new StateToPack(state), MANY.length);
    expect(small.length).toBeLessThan(large.length * 0.8);
    truncateSync(join(task.path, 'backend.log'), 1000);
    expect(await unpackState(small, task)).toBeUndefined();
    const kept = await unpackState(large, task);
    expect(kept && plain(kept)).toEqual(state);
  });

  test('is as whole where the log has other lines than were emitted', async () => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { log: MANY });
    const [state] = statesOf([MANY]);
    if (state === undefined) throw new Error('no state');
    writeFileSync(join(task.path, 'backend.log'), MANY.toString().replaceAll('line 3', 'LINE 3'));
    const unpacked = await unpackState(await new StatePacker(task).pack(new StateToPack(state), 0), task);
    expect(unpacked && plain(unpacked)).toEqual(state);
  });
});
