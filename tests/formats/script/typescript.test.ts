import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../../src/formats/open-recording.js';
import type { PlacedChunk } from '../../../src/formats/model/written-recording.js';
import { readScriptTiming } from '../../../src/formats/script/script-timing.js';
import { timingLine, timingRecord } from '../../../src/formats/script/timing-records.js';
import { readFirstLine } from '../../../src/formats/script/typescript-lines.js';
import { writeTypescript } from '../../../src/formats/script/write-typescript.js';
import { runs } from '../../fixtures/runs.js';
import { cuts, pieces } from '../../render/generators.js';
import {
  anyBytes,
  chunksOf,
  endings,
  type Header,
  headers,
  joined,
  outputOf,
  readBack,
  recordingOf,
  stepsOf,
  streamOf,
  written,
} from '../written.js';

/** What of a recording a typescript and its timing have. The size at the start is that of what is in front of all output. */
function kept(chunks: readonly PlacedChunk[]): readonly PlacedChunk[] {
  return chunks.flatMap((chunk): readonly PlacedChunk[] => {
    if (chunk.type === 'missing' || chunk.type === 'iteration') return [];
    if (chunk.type !== 'exit') return [chunk];
    return [{ ...chunk, code: chunk.signal === 0 ? chunk.code : 128 + chunk.signal, signal: 0 }];
  });
}

/** What is said of a recording is on one line. */
const commandOf = ({ command = '' }: Header): string => command.replace(/[\s\p{Cc}]+/gu, ' ');
const secondsOf = ({ started = 0 }: Header): number => Math.floor(started / 1000) * 1000;

describe('a typescript and its timing', () => {
  test('are read as they were written: bytes, times, sizes, exit, and what is said of them', async () => {
    await fc.assert(
      fc.asyncProperty(headers, stepsOf(anyBytes), endings, cuts, async (header, steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const read = await readBack(await written(writeTypescript(recordingOf(header, chunks))), lengths);
        expect(read.chunks).toEqual(joined(kept(chunks)));
        expect(read).toMatchObject({ format: 'typescript', damaged: 0, size: header.size });
        expect([read.command, read.started]).toEqual([commandOf(header), secondsOf(header)]);
      }),
      { numRuns: runs(300) },
    );
  });

  test('are the same for the screen', async () => {
    await fc.assert(
      fc.asyncProperty(headers, stepsOf(anyBytes), endings, cuts, async (header, steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const { file, beside = Buffer.alloc(0) } = await written(writeTypescript(recordingOf(header, chunks)));
        const timing = await readScriptTiming(streamOf(pieces(beside, lengths)));
        const { format, size, chunks: rendered } = await openRecording(streamOf(pieces(file, lengths)), { timing });
        expect({ format, size }).toEqual({ format: 'typescript', size: header.size });
        const seen: string[] = [''];
        for await (const chunk of rendered) {
          if (chunk instanceof Uint8Array) seen.push(`${seen.pop() ?? ''}${Buffer.from(chunk).toString('latin1')}`);
          else if (chunk.type === 'resize') seen.push(`${chunk.cols}x${chunk.rows}`, '');
        }
        const recorded: string[] = [''];
        for (const chunk of chunks) {
          if (chunk.type === 'output')
            recorded.push(`${recorded.pop() ?? ''}${Buffer.from(chunk.bytes).toString('latin1')}`);
          else if (chunk.type === 'resize') recorded.push(`${chunk.cols}x${chunk.rows}`, '');
        }
        expect(seen).toEqual(recorded);
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('a typescript alone', () => {
  test('has all bytes, the exit code, and what is said of it, whatever is in its command', async () => {
    await fc.assert(
      fc.asyncProperty(headers, stepsOf(anyBytes), endings, cuts, async (header, steps, ending, lengths) => {
        const chunks = chunksOf(steps, ending);
        const { file } = await written(writeTypescript(recordingOf(header, chunks)));
        const read = await readBack({ file }, lengths);
        expect(Buffer.concat(outputOf(read.chunks))).toEqual(Buffer.concat(outputOf(chunks)));
        expect(read.chunks.at(-1)).toEqual(
          ending === undefined && outputOf(chunks).every(({ length }) => length === 0)
            ? undefined
            : expect.objectContaining({ type: ending === undefined ? 'output' : 'exit' }),
        );
        expect(read).toMatchObject({ format: 'typescript', size: header.size });
        expect([read.command, read.started]).toEqual([commandOf(header), secondsOf(header)]);
      }),
      { numRuns: runs(300) },
    );
  });

  test('of script(1) tells a command with quotes, and no size that only stands in it', () => {
    const date = 'Script started on 2026-01-02 03:04:05+00:00';
    expect(readFirstLine(`${date} [COMMAND="echo "a\\"b" $HOME" <not executed on terminal>]`)).toMatchObject({
      command: 'echo "a\\"b" $HOME',
      size: undefined,
    });
    const fields = 'TERM="xterm" TTY="/dev/pts/1" COLUMNS="90" LINES="30"';
    expect(readFirstLine(`${date} [COMMAND="COLUMNS="40" LINES="7" make" ${fields}]`)).toEqual({
      started: Date.parse('2026-01-02T03:04:05Z'),
      command: 'COLUMNS="40" LINES="7" make',
      size: { cols: 90, rows: 30 },
    });
    expect(readFirstLine(`${date} [${fields}]`)).toMatchObject({ command: undefined, size: { cols: 90, rows: 30 } });
    expect(readFirstLine('Script started on Thu 01 Jan 2026 03:04:05 AM UTC\r')).toEqual({
      started: Date.parse('2026-01-01T03:04:05Z'),
      command: undefined,
      size: undefined,
    });
  });

  test('whose first line is in another encoding loses nothing of what follows', async () => {
    const file = Buffer.from('Script started on d\xe9c. 2026\none\r\n', 'latin1');
    const { format, chunks } = await openRecording(streamOf([file]));
    const output: Uint8Array[] = [];
    for await (const chunk of chunks) if (chunk instanceof Uint8Array) output.push(chunk);
    expect([format, Buffer.concat(output).toString()]).toEqual(['typescript', 'one\r\n']);
  });
});

test.each([
  ['O 0.1 4\nnonsense\n', 'line 2'],
  ['nonsense', 'line 1'],
  ['O 0.1 2\nnonsense\nO 0.1 2\n', 'line 2'],
])('a timing file with a whole line that is no record is refused, wherever it is read: %j', async (timing, line) => {
  const why = `this timing file cannot be read: ${line} is not a record of script(1)`;
  const file = Buffer.from('Script started on 2026-01-02 03:04:05+00:00\nabcd');
  await expect(readBack({ file, beside: Buffer.from(timing) }, [7])).rejects.toThrow(why);
  await expect(readScriptTiming(streamOf([Buffer.from(timing)]))).rejects.toThrow(why);
});

test('a timing file whose last line was cut short is read up to there', async () => {
  const file = Buffer.from('Script started on 2026-01-02 03:04:05+00:00\nabcd');
  const { chunks } = await readBack({ file, beside: Buffer.from('O 0.1 2\nO 0.') }, [7]);
  expect(chunks).toEqual([{ type: 'output', ms: 100, bytes: Buffer.from('abcd') }]);
});

test('a record of a timing file is read as it was written, to the microsecond', () => {
  const delay = fc.integer({ min: 0, max: 1e10 }).map((micros) => micros / 1e6);
  const bytes = fc.integer({ min: 0, max: 1e12 });
  const name = fc.string({ unit: fc.constantFrom('A', 'B', '_'), minLength: 1 });
  const value = fc.string({ unit: fc.constantFrom('a', ' ', '"', '日', '='), maxLength: 9 });
  const records = fc.oneof(
    fc.record({ type: fc.constantFrom('output' as const, 'input' as const), delay, bytes }),
    fc.record({ type: fc.constantFrom('header' as const, 'signal' as const), delay, name, value }),
  );
  fc.assert(
    fc.property(records, (record) => {
      expect(timingRecord(timingLine(record).slice(0, -1))).toEqual(record);
    }),
    { numRuns: runs(500) },
  );
});
