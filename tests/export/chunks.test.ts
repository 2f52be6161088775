import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Screen } from '../../src/render/screen/screen.js';
import { readTask } from '../../src/store/task/task-reader.js';
import type { PlacedChunk } from '../../src/formats/model/written-recording.js';
import { type ExportOptions, openExport } from '../../src/view/export/open-export.js';
import { RecordedTask } from '../../src/view/lines/recorded-task.js';
import { newAgentDir, type Step, writeSteps } from '../fixtures/export-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { anyOutput, pieces as cutInto } from '../render/generators.js';

const KEY = `sk-ant-api03-${'Ab3dE-9_'.repeat(12)}`;

async function piecesOf(steps: readonly Step[], options: Partial<ExportOptions> = {}): Promise<readonly PlacedChunk[]> {
  using parent = temporaryFolder();
  using recording = new RecordedTask(readTask(writeSteps(newAgentDir(parent.path), steps)));
  const source = openExport(recording, { signal: new AbortController().signal, ...options });
  const found: PlacedChunk[] = [];
  for await (const chunk of source.chunks()) found.push(chunk);
  return found;
}

const printed = (after: number, text: string | Uint8Array): Step => ({
  type: 'output',
  after,
  bytes: Buffer.from(text),
});

const textOf = (chunks: readonly PlacedChunk[]): string =>
  Buffer.concat(chunks.flatMap((chunk) => (chunk.type === 'output' ? [chunk.bytes] : []))).toString('latin1');

describe('what is exported', () => {
  test('has each chunk at the time and the byte that the index has for it', async () => {
    const chunks = await piecesOf([
      printed(10, 'one'),
      { type: 'resize', after: 5, cols: 100, rows: 30 },
      printed(20, 'two'),
    ]);
    expect(chunks).toEqual([
      { type: 'output', ms: 10, offset: 0, bytes: Buffer.from('one') },
      { type: 'resize', ms: 15, offset: 3, cols: 100, rows: 30 },
      { type: 'output', ms: 35, offset: 3, bytes: Buffer.from('two') },
      { type: 'exit', ms: 35, offset: 6, code: 0, signal: 0 },
    ]);
  });

  test('no pause is longer than the limit, and what follows moves up', async () => {
    const chunks = await piecesOf([printed(10, 'a'), printed(5000, 'b'), printed(300, 'c')], { idleLimitMs: 1000 });
    expect(chunks.map(({ ms }) => ms)).toEqual([10, 1010, 1310, 1310]);
  });

  test('a key is masked however it came, in as many bytes, at the times of its chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }), async (lengths) => {
        const text = Buffer.from(`key: \x1b[1m${KEY}\x1b[0m and on\r\n`);
        const steps = [...cutInto(text, lengths)].map((bytes) => printed(7, bytes));
        const found: string[] = [];
        const masked = await piecesOf(steps, { onMasked: (name) => found.push(name) });
        const plain = await piecesOf(steps);
        expect(textOf(masked)).toBe(text.toString().replace(KEY, '*'.repeat(KEY.length)));
        expect(found).toEqual(['an Anthropic key']);
        const shape = (chunks: readonly PlacedChunk[]): unknown =>
          chunks.map((chunk) => [chunk.type, chunk.ms, chunk.offset, 'bytes' in chunk && chunk.bytes]);
        expect(masked.map(({ type, ms, offset }) => [type, ms, offset])).toEqual(
          plain.map(({ type, ms, offset }) => [type, ms, offset]),
        );
        expect(shape(masked)).toHaveLength(plain.length);
      }),
      { numRuns: runs(40) },
    );
  });

  test('a key that was cut in two by --from is masked on both sides', async () => {
    const steps = [printed(10, `key ${KEY}\r\n`)];
    const chunks = await piecesOf(steps, { from: { offset: 30 }, onMasked: () => undefined });
    const shown = chunks.map((chunk) => ('bytes' in chunk ? Buffer.from(chunk.bytes as Uint8Array).toString() : ''));
    expect(shown.join('')).not.toMatch(/Ab3dE|sk-ant/);
  });

  test('what begins later draws what stood there, and then goes on as the whole does', async () => {
    await fc.assert(
      fc.asyncProperty(anyOutput, fc.double({ min: 0, max: 1, noNaN: true }), async (text, share) => {
        const bytes = Buffer.from(text);
        if (bytes.length < 2) return;
        const offset = 1 + Math.floor(share * (bytes.length - 2));
        const steps = [...cutInto(bytes, [7, 30])].map((chunk) => printed(3, chunk));
        const cut = await piecesOf(steps, { from: { offset } });
        const [begins] = cut;
        expect(begins).toMatchObject({ type: 'redraw', ms: 0, offset });
        if (begins?.type !== 'redraw') return;
        expect(screenOf([begins.bytes])).toEqual(screenOf([bytes.subarray(0, offset)]));
        expect(textOf(cut)).toBe(bytes.subarray(offset).toString('latin1'));
      }),
      { numRuns: runs(60) },
    );
  });

  test('what was in the middle of a sequence or a character goes on in it', async () => {
    for (const [before, after] of [
      ['\x1b[3', '1mred\x1b[0m'],
      ['\x1b]0;ti', 'tle\x07text'],
      ['\xe6\x97', '\xa5x'],
    ] as const) {
      const bytes = Buffer.from(`ab${before}${after}`, 'latin1');
      const offset = 2 + before.length;
      const chunks = await piecesOf([printed(1, bytes)], { from: { offset } });
      const all = chunks.flatMap((chunk) => ('bytes' in chunk ? [chunk.bytes as Uint8Array] : []));
      expect(screenOf(all)).toEqual(screenOf([bytes]));
    }
  });

  test('colours, margins and a hidden cursor are still there', async () => {
    const before = '\x1b[2;4r\x1b[?25l\x1b[1m\x1b[31mred\r\n\n\n\n';
    const after = 'still\r\nscrolls\r\nhere';
    const offset = before.length;
    const chunks = await piecesOf([printed(1, before + after)], { from: { offset } });
    const all = chunks.flatMap((chunk) => ('bytes' in chunk ? [chunk.bytes as Uint8Array] : []));
    expect(screenOf(all)).toEqual(screenOf([Buffer.from(before + after)]));
    expect(Buffer.concat(all).toString()).toContain('\x1b[?25l');
  });
});

/** What a screen shows in its colours, but for where the cursor waits to wrap. */
function screenOf(bytes: readonly Uint8Array[]): unknown {
  const screen = new Screen({ cols: 80, rows: 24 }, { styles: true });
  try {
    for (const chunk of bytes) screen.write(chunk);
    const { lines, cursor } = screen.frame();
    return { lines: lines.map((runs) => runs.map(({ text, style }) => ({ text, style }))), row: cursor.row };
  } finally {
    screen.dispose();
  }
}
