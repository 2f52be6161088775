import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeJsonLines } from '../../../src/formats/json-lines/write-json-lines.js';
import type { PlacedChunk } from '../../../src/formats/model/written-recording.js';
import { runs } from '../../fixtures/runs.js';
import { cuts } from '../../render/generators.js';
import {
  anyBytes,
  chunksOf,
  endings,
  headers,
  joined,
  outputOf,
  readBack,
  recordingOf,
  stepsOf,
  textBytes,
  written,
} from '../written.js';

const HEADER = { title: 'T', command: 'make', size: { cols: 80, rows: 24 }, started: undefined };

/** Output in whole characters, also broken ones: each chunk ends where it can. */
const wholeBytes = fc.oneof(
  textBytes,
  fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from([...bytes, 0xff])),
);

describe('JSON Lines', () => {
  test('are read as they were written: every chunk, its time, the sizes, and what is said of it', async () => {
    await fc.assert(
      fc.asyncProperty(headers, stepsOf(wholeBytes), endings, cuts, async (header, steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const read = await readBack(await written(writeJsonLines(recordingOf(header, chunks))), lengths);
        expect(read.chunks).toEqual(joined(chunks));
        expect(read).toMatchObject({ format: 'json', damaged: 0, title: header.title, size: header.size });
        expect([read.command, read.started]).toEqual([header.command, header.started]);
      }),
      { numRuns: runs(300) },
    );
  });

  test('of any bytes, cut anywhere, lose none, and are UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(anyBytes), endings, cuts, async (steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const { file } = await written(writeJsonLines(recordingOf(HEADER, chunks)));
        const read = await readBack({ file }, lengths);
        expect(outputOf(read.chunks)).toEqual(outputOf(chunks));
        expect([isUtf8(file), read.damaged]).toEqual([true, 0]);
        const lines = file.toString().trimEnd().split('\n').slice(1);
        const times = lines.map((line) => (JSON.parse(line) as PlacedChunk).ms);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: runs(300) },
    );
  });

  test('that begin in the middle of a character go on in it', async () => {
    const chunks: readonly PlacedChunk[] = [
      { type: 'redraw', ms: 0, offset: 7, bytes: Buffer.from('ab\xe6\x97', 'latin1') },
      { type: 'output', ms: 3, offset: 7, bytes: Buffer.from('\xa5c', 'latin1') },
    ];
    const read = await readBack(await written(writeJsonLines(recordingOf(HEADER, chunks))), [1000]);
    expect(Buffer.concat(outputOf(read.chunks)).toString()).toBe('ab日c');
  });

  test('are recognised, however long their title', async () => {
    const title = 'a prompt '.repeat(50_000);
    const file = await written(writeJsonLines(recordingOf({ ...HEADER, title }, [])));
    expect(await readBack(file, [4096])).toMatchObject({ format: 'json', title });
  });
});
