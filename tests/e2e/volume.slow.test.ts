import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Fifty sessions share the machine: on a slow one each takes as long as all of them. */
const FIFTY_MS = 180_000;

describe('nothing is lost', () => {
  test('of every byte value, four hundred times each', async () => {
    using folder = temporaryFolder();
    const data = Buffer.from(Array.from({ length: 256 * 400 }, (_, place) => (place * 167 + (place >> 8)) % 256));
    const file = join(folder.path, 'data');
    writeFileSync(file, data);
    await runOrch(['run', '-q', '--dir', join(folder.path, 'r'), '--', 'sh', '-c', `stty raw -echo; cat ${file}`]);
    const { log, manifest } = onlyTask(join(folder.path, 'r'));
    expect(log.equals(data)).toBe(true);
    expect(manifest.sha256).toBe(sha256(data));
  });

  test(
    'of fifty sessions at once, 5 MB each',
    async () => {
      using folder = temporaryFolder();
      const sessions = Array.from({ length: 50 }, async (_, session) => {
        const dir = join(folder.path, String(session));
        const text = `session ${session} says it again and again`;
        // `yes` is cut by `head`, so that every session has its own bytes and ends by itself.
        const script = `stty raw; yes "${text}" | head -c 5000000`;
        const { code } = await runOrch(['run', '-q', '--dir', dir, '--', 'sh', '-c', script], {
          deadlineMs: FIFTY_MS,
        });
        const { log, manifest } = onlyTask(dir);
        const expected = Buffer.alloc(5_000_000, `${text}\n`);
        expect({ code, exact: log.equals(expected), sha256: manifest.sha256 }).toEqual({
          code: 0,
          exact: true,
          sha256: sha256(expected),
        });
      });
      await Promise.all(sessions);
    },
    FIFTY_MS,
  );

  test('of forty runs that print and exit at once', async () => {
    using folder = temporaryFolder();
    for (let run = 0; run < 40; run += 1) {
      const dir = join(folder.path, String(run));
      await runOrch(['run', '-q', '--dir', dir, '--', 'sh', '-c', 'stty raw; seq 1 4000']);
      expect(onlyTask(dir).log).toHaveLength(18_893);
    }
  });
});
