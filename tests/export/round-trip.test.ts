import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportTask, importBytes, newAgentDir, type Step, writeSteps } from '../fixtures/export-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const after = fc.integer({ min: 1, max: 90_000 });
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom('\r\n', '\x1b[31m', '日本語', '\n', '\0', '"\\', '\u2028'),
);
const bytesOfText = text.map((value) => Buffer.from(value));
/** What is no UTF-8, and no beginning of a character. */
const broken = fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from([...bytes, 0xff]));
const resize = fc.record({
  type: fc.constant('resize' as const),
  after,
  cols: fc.integer({ min: 1, max: 500 }),
  rows: fc.integer({ min: 1, max: 200 }),
});
const output = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Step> =>
  fc.record({ type: fc.constant('output' as const), after, bytes });
/** A program prints something first: a resize in front of all output is the size at the start. */
const stepsOf = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Step[]> =>
  fc
    .tuple(output(bytes), fc.array(fc.oneof({ weight: 4, arbitrary: output(bytes) }, resize), { maxLength: 12 }))
    .map(([first, others]) => [first, ...others]);
const exits = fc.integer({ min: 0, max: 255 }).map((code) => ({ code, signal: 0 }));
const chunkBytes = fc.integer({ min: 1, max: 300 });

const LOSSLESS = [
  { format: 'json', steps: stepsOf(fc.oneof(bytesOfText, broken)), keepsExit: true },
  { format: 'script', steps: stepsOf(fc.oneof(bytesOfText, broken)), keepsExit: true },
  { format: 'asciicast-v3', steps: stepsOf(bytesOfText), keepsExit: true },
  { format: 'asciicast-v2', steps: stepsOf(bytesOfText), keepsExit: false },
];

describe('what is exported and imported again is what it was', () => {
  test.each(LOSSLESS)('as $format: bytes, times, sizes, exit', async ({ format, steps, keepsExit }) => {
    using parent = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(steps, exits, chunkBytes, async (recorded, exit, length) => {
        const folder = writeSteps(newAgentDir(parent.path), recorded, exit);
        const { bytes, beside, replaced } = await exportTask(folder, format);
        const timing = beside.length === 0 ? {} : { timing: beside };
        const imported = await importBytes(newAgentDir(parent.path), bytes, { ...timing, chunkBytes: length });
        expect(replaced).toBe(0);
        expect(imported.damaged).toBe(0);
        expect(imported.log).toEqual(readFileSync(join(folder.path, 'backend.log')));
        const [, ...index] = readFileSync(join(folder.path, 'backend.idx'), 'utf8').trimEnd().split('\n');
        expect(imported.index).toEqual(index.map((line): unknown => JSON.parse(line)));
        expect(imported.manifest.size).toEqual({ cols: 80, rows: 24 });
        expect(imported.manifest.exit).toEqual(keepsExit ? exit : undefined);
        expect(imported.manifest.argv).toEqual(['make', 'test']);
      }),
      { numRuns: runs(60) },
    );
  });

  test('as json, a character that came in two pieces comes with its last one, and no byte is lost', async () => {
    using parent = temporaryFolder();
    const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(stepsOf(anyBytes), async (recorded) => {
        const folder = writeSteps(newAgentDir(parent.path), recorded);
        const { bytes } = await exportTask(folder, 'json');
        const imported = await importBytes(newAgentDir(parent.path), bytes);
        expect(imported.log).toEqual(readFileSync(join(folder.path, 'backend.log')));
      }),
      { numRuns: runs(60) },
    );
  });

  test('as asciicast, what is no UTF-8 is U+FFFD, and is counted', async () => {
    using parent = temporaryFolder();
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0xe2, 0x9c, 0x62, 0xef, 0xbf, 0xbd]);
    const folder = writeSteps(newAgentDir(parent.path), [{ type: 'output', after: 5, bytes }]);
    for (const format of ['asciicast-v2', 'asciicast-v3']) {
      const exported = await exportTask(folder, format);
      expect(exported.bytes.toString()).toContain('"a\ufffd\ufffd\ufffdb\ufffd"');
      expect(exported.replaced).toBe(4);
    }
  });
});
