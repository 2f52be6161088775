import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendKeyframe,
  keyframesBackward,
  listKeyframes,
  type NewKeyframe,
  readKeyframe,
  removeKeyframes,
  trimKeyframes,
} from '../../src/keyframes/keyframe-file.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const ENGINE = 'orch 1/1';
const KEYS = 'backend.0000000000000000.keys';

function keyframe(offset: number, state: string | Uint8Array = `state at ${offset}`): NewKeyframe {
  return { offset, emitted: { final: offset, diff: offset + 1, none: offset + 2 }, state: Buffer.from(state) };
}

function append(
  folder: string,
  frame: NewKeyframe,
  { start = 0, engine = ENGINE, known = undefined as number | undefined } = {},
) {
  return appendKeyframe(folder, { start, engine, known }, frame);
}

/** What is read back of all that is listed. */
function states(folder: string, engine = ENGINE): readonly unknown[] {
  return listKeyframes(folder, engine).entries.map((entry) => {
    const { offset, emitted } = entry;
    return { offset, emitted, state: readKeyframe(entry) };
  });
}

describe('a file of keyframes', () => {
  test('gives back what was appended, whatever bytes the states have', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (bytes, knows) => {
          using folder = temporaryFolder();
          const frames = bytes.map((state, at) => keyframe(at * 10, state));
          let known: number | undefined;
          for (const frame of frames) known = append(folder.path, frame, { known: knows ? known : undefined }).length;
          expect(states(folder.path)).toEqual(frames);
          expect(known).toBe(statSync(join(folder.path, KEYS)).size);
          expect([...keyframesBackward(folder.path, ENGINE)].map(({ offset }) => offset)).toEqual(
            frames.map(({ offset }) => offset).reverse(),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  test('is one of several, in the order of their segments', () => {
    using folder = temporaryFolder();
    append(folder.path, keyframe(1500), { start: 1000 });
    append(folder.path, keyframe(300));
    append(folder.path, keyframe(700));
    expect(listKeyframes(folder.path, ENGINE).entries.map(({ offset }) => offset)).toEqual([300, 700, 1500]);
    removeKeyframes(folder.path);
    expect(states(folder.path)).toEqual([]);
    expect(existsSync(join(folder.path, KEYS))).toBe(false);
  });

  test('that is cut off anywhere has those before, says so, and is gone on with', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, KEYS);
    const lengths = [keyframe(10), keyframe(20)].map((frame) => append(folder.path, frame).length);
    const [first = 0, whole = 0] = lengths;
    for (let length = first + 1; length < whole; length++) {
      truncateSync(path, length);
      expect(listKeyframes(folder.path, ENGINE).problems).toEqual([`${KEYS} is torn or damaged at byte ${first}`]);
      expect(states(folder.path)).toEqual([keyframe(10)]);
      append(folder.path, keyframe(20));
      expect(statSync(path).size).toBe(whole);
    }
    truncateSync(path, whole - 3);
    trimKeyframes(folder.path, ENGINE);
    expect(statSync(path).size).toBe(first);
    expect(listKeyframes(folder.path, ENGINE).problems).toEqual([]);
  });

  test('of another version counts as not there, and is begun again', () => {
    using folder = temporaryFolder();
    append(folder.path, keyframe(10), { engine: 'orch 0/1' });
    expect(states(folder.path)).toEqual([]);
    expect(listKeyframes(folder.path, ENGINE).problems).toEqual([`${KEYS} was made by another version of orch`]);
    append(folder.path, keyframe(30));
    expect(states(folder.path)).toEqual([keyframe(30)]);
    expect(states(folder.path, 'orch 0/1')).toEqual([]);
    trimKeyframes(folder.path, 'orch 2/1');
    expect(existsSync(join(folder.path, KEYS))).toBe(false);
  });

  test.each([
    ['a number', /\[10,10,11,12/, '[10,10,11,13'],
    ['the state', 'state at 10', 'state at 11'],
  ])('of which %s was changed has no such state', (_, found, changed) => {
    using folder = temporaryFolder();
    const path = join(folder.path, KEYS);
    append(folder.path, keyframe(10));
    append(folder.path, keyframe(20));
    const text = readFileSync(path, 'latin1');
    writeFileSync(path, text.replace(found, changed), 'latin1');
    expect(listKeyframes(folder.path, ENGINE).entries.map(readKeyframe)).toEqual([undefined, keyframe(20).state]);
  });

  test('ends where an offset goes back, or a line is no keyframe', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, KEYS);
    append(folder.path, keyframe(20));
    const { size } = statSync(path);
    const hash = 'a'.repeat(64);
    for (const line of [
      [10, 0, 0, 0, 1, hash],
      [30, 0, 0, -1, 1, hash],
      [30, 0, 0, 0, 1],
      [30, 0, 0, 0, 2 ** 40, hash],
      'x',
    ]) {
      truncateSync(path, size);
      appendFileSync(path, `${JSON.stringify(line)}\nx\n`);
      expect(listKeyframes(folder.path, ENGINE).entries).toHaveLength(1);
    }
  });

  test('is listed without one where there is no folder', () => {
    expect(listKeyframes('/nonexistent', ENGINE)).toEqual({ entries: [], problems: [] });
  });
});
