import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScriptTiming, type ScriptTiming, timedChunks } from '../../../src/formats/script/script-timing.js';
import { cuts, pieces } from '../../render/generators.js';

// eslint-disable-next-line @typescript-eslint/require-await -- an array, to be read as a file is
async function* chunksOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const timingOf = (text: string): Promise<ScriptTiming> => readScriptTiming(chunksOf([Buffer.from(text)]));

async function read(timing: string, typescript: string, lengths: readonly number[] = [1000]): Promise<string> {
  const parts: string[] = [];
  const chunks = chunksOf(pieces(Buffer.from(typescript), lengths));
  for await (const chunk of timedChunks(chunks, await timingOf(timing))) {
    parts.push(chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : `<${chunk.cols}x${chunk.rows}>`);
  }
  return parts.join('');
}

const header = (input: string): string =>
  [
    'START_TIME 2026-01-02 03:04:05+00:00',
    'COLUMNS 90',
    'LINES 30',
    'COMMAND a\nb',
    'OUTPUT_LOG o',
    `INPUT_LOG ${input}`,
  ]
    .map((line) => `H 0.000000 ${line}\n`)
    .join('');

const records = 'O 0.1 4\nI 0.1 2\nS 0.12 SIGWINCH ROWS=24 COLS=80\nS 0.1 SIGTERM\nO 0.1 3\nH 0.000000 EXIT_CODE 0\n';

describe('the timing file of script(1)', () => {
  test('tells the size at the start and each resize at its byte', async () => {
    expect((await timingOf(header('i') + records)).size).toEqual({ cols: 90, rows: 30 });
    expect(await read(header('i') + records, 'one\ntwo')).toBe('one\n<80x24>two');
  });

  test('tells what was typed from what was printed, where both are in one file', async () => {
    expect(await read(header('o') + records, 'one\nkktwo')).toBe('one\n<80x24>two');
  });

  test('in its classic format tells neither, with whatever point', async () => {
    expect((await timingOf('0.12 4\n0,1 3\n')).size).toBeUndefined();
    expect(await read('0.12 4\n0,1 3\n', 'one\ntwo')).toBe('one\ntwo');
  });

  test('of a terminal without a size, or of nothing at all, has no size', async () => {
    expect((await timingOf('H 0.0 COLUMNS -1\nH 0.0 LINES -1\n')).size).toBeUndefined();
    expect((await timingOf('')).size).toBeUndefined();
  });

  test('may be cut short, and end before its typescript does', async () => {
    expect(await read('O 0.1 4\nS 0.1 SIGWINCH ROWS=24 COLS=80\nO 0.', 'one\ntwo')).toBe('one\n<80x24>two');
    expect(await read('O 0.1 4\nO 0.2 3', 'one\ntwo')).toBe('one\ntwo');
  });

  test('gives a resize after the last byte too', async () => {
    expect(await read('O 0.1 3\nS 0.1 SIGWINCH ROWS=24 COLS=80\n', 'one')).toBe('one<80x24>');
  });

  test.each([
    ['Script started on\n', 'line 1 is not a record of script(1)'],
    ['O 0.1 4\n[0.1, "o", "x"]\n', 'line 2 is not a record of script(1)'],
    ['O 0.1 400\n', 'it has more bytes than the typescript'],
  ])('that is something else says so: %j', async (timing, why) => {
    await expect(read(timing, 'one\ntwo')).rejects.toThrow(`this timing file cannot be read: ${why}`);
  });

  test('holds however the typescript is cut', async () => {
    const whole = await read(header('o') + records, 'one\nkktwo and more');
    await fc.assert(
      fc.asyncProperty(cuts, async (lengths) => {
        expect(await read(header('o') + records, 'one\nkktwo and more', lengths)).toBe(whole);
      }),
    );
  });
});
