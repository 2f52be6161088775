import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archivePath, readArchivePath } from '../../src/store/archive/archive-path.js';
import { isArchive, readArchive } from '../../src/store/archive/read-archive.js';
import { writeArchive } from '../../src/store/archive/write-archive.js';
import { sealedLogName } from '../../src/store/log/segment-names.js';
import { namesIn, newAgentDir } from '../fixtures/export-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cuts, pieces } from '../render/generators.js';

const ID = 'task-1767323045-1';
const NAMES = ['task.json', 'backend.log', 'backend.idx', 'events.jsonl', sealedLogName(0), sealedLogName(4096)];
const files = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...NAMES), content: fc.uint8Array({ maxLength: 2000 }) }),
  { selector: ({ name }) => name, maxLength: NAMES.length },
);

test('what is in an archive is read as it was written: every file of the task, byte for byte', async () => {
  using parent = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(files, cuts, async (written, lengths) => {
      const [from, to] = [newAgentDir(parent.path), newAgentDir(parent.path)];
      mkdirSync(join(from, ID));
      for (const { name, content } of written) writeFileSync(join(from, ID, name), content);
      const { signal } = new AbortController();
      const bytes: Uint8Array[] = [];
      let share = 0;
      const options = { signal, onProgress: (done: number) => (share = done) };
      for await (const some of writeArchive({ id: ID, path: join(from, ID) }, options)) bytes.push(some);
      const archive = Buffer.concat(bytes);
      expect([isArchive(archive, false), share > 0]).toEqual([true, true]);
      // eslint-disable-next-line @typescript-eslint/require-await -- a list, to be read as a file is
      const stream = async function* (): AsyncGenerator<Uint8Array> {
        yield* pieces(archive, lengths);
      };
      expect(await readArchive(stream(), to, signal)).toBe(ID);
      expect(namesIn(to)).toEqual(written.map(({ name }) => name).sort());
      for (const { name, content } of written) expect(readFileSync(join(to, name))).toEqual(Buffer.from(content));
    }),
    { numRuns: runs(60) },
  );
});

test('a path in an archive is read as it was written', () => {
  for (const name of NAMES) expect(readArchivePath(archivePath(ID, name))).toEqual({ id: ID, name });
  expect(readArchivePath(archivePath(ID))).toEqual({ id: ID, name: undefined });
  expect(readArchivePath(`./${ID}/task.json`)).toEqual({ id: ID, name: 'task.json' });
  expect(readArchivePath('elsewhere/task.json')).toBe('no task');
  expect(readArchivePath(`${ID}/run.sh`)).toBe('no file of a task');
});
