import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../../../src/render/model/frame.js';
import { frameToText } from '../../../src/render/pictures/print-frame.js';
import { Screen } from '../../../src/render/screen/screen.js';
import type { PlacedChunk } from '../../../src/formats/model/written-recording.js';
import type { ExportSource } from '../../../src/view/export/export-source.js';
import { shots } from '../../../src/view/export/shots.js';

const SIZE = { cols: 10, rows: 3 };

function sourceOf(chunks: readonly PlacedChunk[]): ExportSource {
  const folder = { id: 'task-1-1', path: '/nowhere' };
  return {
    entry: { type: 'unreadable', folder, problem: new Error('there is none') } as unknown as ExportSource['entry'],
    id: folder.id,
    title: 'test',
    command: undefined,
    size: SIZE,
    started: undefined,
    // eslint-disable-next-line @typescript-eslint/require-await -- an array, read as a recording is
    chunks: async function* () {
      yield* chunks;
    },
  };
}

const chunks = fc
  .array(fc.tuple(fc.nat(60), fc.constantFrom('a', 'bc\r\n', '\x1b[H', '\x1b[2J', 'exit')), { maxLength: 20 })
  .map((steps) => {
    let ms = 0;
    return steps.map(([pause, text]): PlacedChunk => {
      ms += pause;
      return text === 'exit'
        ? { type: 'exit', ms, offset: 0, code: 0, signal: 0 }
        : { type: 'output', ms, offset: 0, bytes: Buffer.from(text) };
    });
  });

test('each is the screen as it stood then, none too soon after another, and the last is the end', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async (some) => {
      const taken: { readonly ms: number; readonly frame: Frame }[] = [];
      for await (const shot of shots(sourceOf(some), 100)) taken.push(shot);
      for (const [at, { ms, frame }] of taken.entries()) {
        const isLast = at === taken.length - 1;
        const screen = new Screen(SIZE, { styles: true });
        for (const chunk of some) if (chunk.type === 'output' && (isLast || chunk.ms <= ms)) screen.write(chunk.bytes);
        expect(frameToText(frame)).toBe(frameToText(screen.frame()));
        if (at > 0 && !isLast) expect(ms - (taken[at - 1]?.ms ?? 0)).toBeGreaterThanOrEqual(100);
      }
      expect(taken.at(-1)?.ms).toBe(some.at(-1)?.ms ?? 0);
    }),
  );
});
