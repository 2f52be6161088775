import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciicastEvent, eventLine } from '../../../src/formats/asciicast/asciicast-event.js';
import { asciicastHeader, asciicastHeaderLine } from '../../../src/formats/asciicast/asciicast-header.js';
import { writeAsciicast2, writeAsciicast3 } from '../../../src/formats/asciicast/write-asciicast.js';
import type { PlacedChunk } from '../../../src/formats/model/written-recording.js';
import { runs } from '../../fixtures/runs.js';
import { cuts } from '../../render/generators.js';
import {
  anyBytes,
  chunksOf,
  endings,
  headers,
  type Header,
  joined,
  outputOf,
  type Read,
  readBack,
  recordingOf,
  stepsOf,
  textBytes,
  written,
} from '../written.js';

const WRITERS = { 2: writeAsciicast2, 3: writeAsciicast3 } as const;
const VERSIONS = [2, 3] as const;
const HEADER = { title: 'T', command: 'make', size: { cols: 80, rows: 24 }, started: 1_767_323_045_000 };

async function write(
  version: 2 | 3,
  header: Header,
  chunks: readonly PlacedChunk[],
): Promise<{ readonly file: Buffer; readonly replaced: number }> {
  let replaced = 0;
  const options = { onReplaced: (bytes: number) => (replaced += bytes) };
  const { file } = await written(WRITERS[version](recordingOf(header, chunks), options));
  return { file, replaced };
}

/** What of a recording an asciicast has: the exit code as a shell gives it, in version 3. */
function kept(version: 2 | 3, chunks: readonly PlacedChunk[]): readonly PlacedChunk[] {
  return chunks.flatMap((chunk): readonly PlacedChunk[] => {
    if (chunk.type === 'missing' || (chunk.type === 'exit' && version === 2)) return [];
    if (chunk.type !== 'exit') return [chunk];
    return [{ ...chunk, code: chunk.signal === 0 ? chunk.code : 128 + chunk.signal, signal: 0 }];
  });
}

function expectHeader(read: Read, { title, command, size, started }: Header): void {
  const seconds = started === undefined ? undefined : Math.floor(started / 1000) * 1000;
  expect(read).toMatchObject({ format: 'asciicast', title, size, damaged: 0 });
  expect([read.command, read.started]).toEqual([command, seconds]);
}

describe.each(VERSIONS)('an asciicast of version %i', (version) => {
  test('is read as it was written: chunks, times, sizes, and what is said of it', async () => {
    await fc.assert(
      fc.asyncProperty(headers, stepsOf(textBytes), endings, cuts, async (header, steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const { file, replaced } = await write(version, header, chunks);
        const read = await readBack({ file }, lengths);
        expect(read.chunks).toEqual(joined(kept(version, chunks)));
        expectHeader(read, header);
        expect(replaced).toBe(0);
      }),
      { numRuns: runs(300) },
    );
  });

  test('of any bytes, cut anywhere, is their text, and no time in it goes back', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(anyBytes), endings, cuts, async (steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const { file } = await write(version, HEADER, chunks);
        expect(isUtf8(file)).toBe(true);
        const times = file.toString().match(/(?<=^\[)[^,]*/gm) ?? [];
        expect(times.filter((time) => !/^\d+\.\d{3}$/.test(time))).toEqual([]);
        if (version === 2) expect(times.map(Number)).toEqual(times.map(Number).sort((a, b) => a - b));
        const read = await readBack({ file }, lengths);
        const text = outputOf(chunks).map((bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        expect(Buffer.concat(outputOf(read.chunks)).toString()).toBe(text.join(''));
        expect(read.damaged).toBe(0);
      }),
      { numRuns: runs(300) },
    );
  });

  test('that begins in the middle of a character goes on in it', async () => {
    const [before, behind] = [Buffer.from('ab\xe6\x97', 'latin1'), Buffer.from('\xa5c', 'latin1')];
    const { file } = await write(version, HEADER, [
      { type: 'redraw', ms: 0, offset: 7, bytes: before },
      { type: 'output', ms: 3, offset: 7, bytes: behind },
    ]);
    expect((await readBack({ file }, [1000])).chunks).toEqual([
      { type: 'output', ms: 0, bytes: Buffer.from('ab') },
      { type: 'output', ms: 3, bytes: Buffer.from('日c') },
    ]);
  });

  test('is recognised, however long its title', async () => {
    const title = 'a prompt '.repeat(50_000);
    const { file } = await write(version, { ...HEADER, title }, []);
    expect(await readBack({ file }, [4096])).toMatchObject({ format: 'asciicast', title });
  });

  test('has a header that is read as it was written', () => {
    fc.assert(
      fc.property(headers, (header) => {
        const { started, ...same } = header;
        const timestamp = started === undefined ? undefined : Math.floor(started / 1000);
        const line = asciicastHeaderLine(version, { id: 'task-1-1', ...header });
        expect(asciicastHeader(line)).toEqual({ version, timestamp, ...same });
      }),
      { numRuns: runs(300) },
    );
  });
});

test('an event is read as it was written, to the millisecond', () => {
  const time = fc.integer({ min: 0, max: 1e10 }).map((ms) => ms / 1000);
  const cells = fc.integer({ min: 1, max: 65_535 });
  const events = fc.oneof(
    fc.record({ type: fc.constant('output' as const), time, bytes: textBytes }),
    fc.record({ type: fc.constant('resize' as const), time, cols: cells, rows: cells }),
    fc.record({ type: fc.constant('marker' as const), time, label: fc.string({ unit: 'binary' }) }),
    fc.record({ type: fc.constant('exit' as const), time, code: fc.integer({ min: 0, max: 255 }) }),
  );
  fc.assert(
    fc.property(events, (event) => {
      expect(asciicastEvent(Buffer.from(eventLine(event)).toString().trimEnd())).toEqual(event);
    }),
    { numRuns: runs(500) },
  );
});
