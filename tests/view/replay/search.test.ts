import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTask } from '../../../src/store/task/task-reader.js';
import { RecordedTask } from '../../../src/view/lines/recorded-task.js';
import { compilePattern } from '../../../src/core/pattern/pattern.js';
import { nextLine, previousLine } from '../../../src/view/replay/search.js';
import { writeTask } from '../../fixtures/recorded-task.js';
import { runs } from '../../fixtures/runs.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const never = new AbortController().signal;

describe('a line that is looked for', () => {
  test('is the next one that matches, or the one before', async () => {
    using folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('stone', 'needle', 'straw', 'x'.repeat(200)), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (words, times, place) => {
          const lines = Array.from({ length: times }, () => words).flat();
          const log = lines.map((line) => `${line}\r\n`).join('');
          using recording = new RecordedTask(
            readTask(writeTask(folder.path, { log, manifest: { bytes: log.length } })),
          );
          const offset = Math.floor(log.length * place);
          const from = { recording, pattern: compilePattern(/^needle$/), offset, signal: never };
          // The line end belongs to the line: what is left of it is behind the place.
          const at = log.indexOf('needle\r\n', Math.max(0, offset - 7));
          expect(await nextLine(from)).toEqual(at === -1 ? undefined : { endOffset: at + 8 });
          const before = offset < 9 ? -1 : log.lastIndexOf('needle\r\n', offset - 9);
          expect(await previousLine(from)).toEqual(before === -1 ? undefined : { endOffset: before + 8 });
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('is no longer looked for when somebody has had enough', async () => {
    using folder = temporaryFolder();
    const log = 'straw\r\n'.repeat(200_000);
    using recording = new RecordedTask(readTask(writeTask(folder.path, { log, manifest: { bytes: log.length } })));
    const enough = new AbortController();
    const search = { recording, pattern: compilePattern(/needle/), offset: 0, signal: enough.signal };
    const looking = nextLine(search);
    enough.abort();
    expect(await looking).toBeUndefined();
    expect(await previousLine({ ...search, offset: log.length })).toBeUndefined();
  });
});
