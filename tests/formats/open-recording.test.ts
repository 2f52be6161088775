import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RenderChunk } from '../../src/render/model/line.js';
import { openRecording } from '../../src/formats/open-recording.js';
import { cuts, pieces } from '../render/generators.js';

interface Read {
  readonly format: string;
  readonly size: unknown;
  readonly output: string;
  readonly resizes: readonly string[];
  readonly damaged: number;
}

/** All of a recording, which comes in `chunks`. */
async function read(chunks: readonly Uint8Array[]): Promise<Read> {
  let damaged = 0;
  const { format, size, chunks: rendered } = await openRecording(asyncOf(chunks), { onDamage: () => damaged++ });
  const output: Uint8Array[] = [];
  const resizes: string[] = [];
  for await (const chunk of rendered) {
    if (chunk instanceof Uint8Array) output.push(chunk);
    else if (chunk.type === 'resize') resizes.push(`${chunk.cols}x${chunk.rows} at ${Buffer.concat(output).length}`);
  }
  return { format, size, output: Buffer.concat(output).toString('latin1'), resizes, damaged };
}

const readText = (text: string): Promise<Read> => read([Buffer.from(text)]);

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

const HEADERS = {
  2: '{"version": 2, "width": 90, "height": 30, "env": {"TERM": "xterm"}}',
  3: '{"version":3,"term":{"cols":90,"rows":30,"type":"xterm-256color"}}',
} as const;

describe('an asciicast', () => {
  test.each([2, 3] as const)('of version %i gives its size, its output and its resizes', async (version) => {
    const events = [
      '[0.1, "o", "\\u001b[1mone\\r\\n"]',
      '[0.2, "i", "typed"]',
      '# a comment',
      '[0.3, "r", "100x40"]',
      '[0.4, "m", ""]',
      '',
      '[0.5, "o", "日本"]',
      '[0.6, "x", "0"]',
    ];
    expect(await readText(`${HEADERS[version]}\n${events.join('\n')}\n`)).toEqual({
      format: 'asciicast',
      size: { cols: 90, rows: 30 },
      output: Buffer.from('\x1b[1mone\r\n日本').toString('latin1'),
      resizes: ['100x40 at 9'],
      damaged: 0,
    });
  });

  test.each([
    ['on one line', '{"version": 1, "width": 90, "height": 30, "stdout": [[0.1, "a"], [0.2, "b"]]}'],
    ['in another order', '{"width": 90, "height": 30, "stdout": [[0.1, "a"], [0.2, "b"]], "version": 1}\n'],
    [
      'on many lines',
      '{\n  "version": 1,\n  "width": 90,\n  "height": 30,\n  "stdout": [\n[0.1, "a"],\n[0.2, "b"]\n]\n}\n',
    ],
  ])('of version 1 %s gives its size and output', async (_, json) => {
    expect(await readText(json)).toMatchObject({ format: 'asciicast', size: { cols: 90, rows: 30 }, output: 'ab' });
  });

  test('loses only the lines that are torn or make no sense, and says how many', async () => {
    const lines = [
      '[0.1, "o", "a"]',
      '[0.2, "o", 5]',
      '{"no": "event"}',
      '[0.3, "r", "0x0"]',
      '[0.4, "o", "b"]',
      '[0.5, "o"',
    ];
    expect(await readText(`${HEADERS[2]}\n${lines.join('\n')}`)).toMatchObject({ output: 'ab', damaged: 4 });
  });

  test('with bytes that are no UTF-8 in it has replacement characters there', async () => {
    const cast = Buffer.concat([
      Buffer.from(`${HEADERS[2]}\n[0.1, "o", "a`),
      Buffer.of(0xff, 0x9b),
      Buffer.from('b"]\n'),
    ]);
    expect((await read([cast])).output).toBe(Buffer.from('a\ufffd\ufffdb').toString('latin1'));
  });

  test('recorded without a terminal has no size', async () => {
    expect(await readText('{"version": 2, "width": 0, "height": 0}\n')).toMatchObject({
      format: 'asciicast',
      size: undefined,
    });
  });

  test.each([
    ['{"version": 9, "width": 80, "height": 24}\n', 'its version is 9'],
    ['{"version": 1, "width": 80, "height": 24, "stdout": [', 'it is torn, or not JSON'],
  ])('that cannot be read says so: %s', async (text, why) => {
    await expect(readText(text)).rejects.toThrow(`this asciicast cannot be read: ${why}`);
  });
});

describe('a typescript of script(1)', () => {
  const header =
    'Script started on 2026-01-02 03:04:05+00:00 [TERM="xterm" TTY="/dev/pts/1" COLUMNS="90" LINES="30"]\n';
  const footer = '\nScript done on 2026-01-02 03:04:06+00:00 [COMMAND_EXIT_CODE="0"]\n';

  test('gives what lies between its first line and its last', async () => {
    expect(await readText(`${header}one\r\ntwo\r\n${footer}`)).toMatchObject({
      format: 'typescript',
      size: { cols: 90, rows: 30 },
      output: 'one\r\ntwo\r\n',
    });
  });

  test('of an old script tells no size, and one that was killed has no end', async () => {
    expect(await readText('Script started on Thu 01 Jan 2026 03:04:05 AM UTC\nstill here')).toMatchObject({
      format: 'typescript',
      size: undefined,
      output: 'still here',
    });
  });

  test('keeps what only looks like its end', async () => {
    const output = `one${footer}two\nScript done on`;
    expect(await readText(`${header}${output}`)).toMatchObject({ output });
  });
});

describe('anything else', () => {
  test.each([
    ['', ''],
    ['text', 'text'],
    ['a\r\nb\r\n', 'a\r\nb\r\n'],
    ['{"version": "1.2.3", "width": 5}\r\n', '{"version": "1.2.3", "width": 5}\r\n'],
    ['{"version": 3}\r\n', '{"version": 3}\r\n'],
    ['{ braces }', '{ braces }'],
    ['Script started', 'Script started'],
    ['Script started on a line without an end', 'Script started on a line without an end'],
  ])('such as %j is a raw log', async (text, output) => {
    expect(await readText(text)).toEqual({ format: 'raw', size: undefined, output, resizes: [], damaged: 0 });
  });

  test('gets the carriage returns that a terminal would have added, if it was written to a pipe', async () => {
    expect((await readText('a\nb\r\n10%\r20%\n')).output).toBe('a\r\nb\r\n10%\r20%\r\n');
    expect((await readText('a\r\nb\nc')).output).toBe('a\r\nb\nc');
  });
});

test('no recording depends on how it is cut', async () => {
  const recordings = fc.constantFrom(
    `${HEADERS[2]}\n[0.1, "o", "a\\r\\n"]\n[1, "r", "100x40"]\n[2, "o", "日本"]\nno event\n`,
    `${HEADERS[3]}\n[0.1, "o", "a"]\n[0.1, "o"`,
    '{"version": 1, "width": 90, "height": 30, "stdout": [[0.1, "a"], [0.2, "b"]]}',
    'Script started on 2026-01-02 [COLUMNS="90" LINES="30"]\none\n\nScript done on x\ntwo\nScript done on 2026-01-02\n',
    'one\ntwo\r\n\n\nthree',
    'one\r\ntwo\n{',
    '{"a": 1}\n',
  );
  await fc.assert(
    fc.asyncProperty(recordings, cuts, async (text, at) => {
      const bytes = Buffer.from(text);
      expect(await read(pieces(bytes, at))).toEqual(await read([bytes]));
    }),
  );
});

test('whatever the bytes, a recording ends, or says why not', async () => {
  const beginnings = fc.constantFrom('', '{', `${HEADERS[2]}\n`, '{"version": 1, ', 'Script started on \n');
  await fc.assert(
    fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 200 }), async (beginning, bytes) => {
      const seen: RenderChunk[] = [];
      try {
        const { chunks } = await openRecording(asyncOf([Buffer.from(beginning), bytes]));
        for await (const chunk of chunks) seen.push(chunk);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ASCIICAST_UNREADABLE' });
      }
    }),
  );
});
