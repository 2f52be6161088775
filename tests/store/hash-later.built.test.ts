import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { type Manifest, writeManifest } from '../../src/store/layout/manifest.js';
import { readManifest } from '../../src/store/layout/manifest-reader.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import type * as HashLaterModule from '../../src/store/task/hash-later.js';
import { untilHashed } from '../../src/store/task/hashing.js';
import { withDeadline } from '../fixtures/deadline.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { writeWholeTask } from '../fixtures/whole-task.js';

/** The built one: its program is a file of its own, which is JavaScript only there. */
const built = pathToFileURL(join(import.meta.dirname, '../../dist/store/task/hash-later.js')).href;
const { hashLater } = (await import(built)) as typeof HashLaterModule;

test('a process of its own waits for the end of the recording, hashes it, searches it, and ends', async () => {
  using folder = temporaryFolder();
  const log = 'before hunter2hunter2 after\r\n'.repeat(5);
  const task = writeWholeTask(folder.path, { parts: [log] });
  const ended = withoutHash(readManifest(task.path));
  const running: Manifest = {
    ...ended,
    status: 'running',
    pid: process.pid,
    pidStart: processStart(process.pid) ?? '',
  };
  writeManifest(task.path, running);
  const secrets = [{ name: 'MY_TOKEN', value: 'hunter2hunter2' }];
  const hashing = hashLater({ folder: task, secrets, sync: true });
  expect(hashing.pidStart).toBe(processStart(hashing.pid));
  expect(readFileSync(`/proc/${hashing.pid}/cmdline`, 'utf8')).not.toContain('hunter2');
  writeManifest(task.path, { ...ended, hashing });
  await withDeadline(untilHashed(task, systemClock), () => 'the hash');
  const hash = createHash('sha256').update(log).digest('hex');
  expect(readManifest(task.path)).toEqual({ ...ended, sha256: hash, chain: hash });
  expect(readFileSync(join(task.path, 'task.log'), 'utf8')).toContain('the value of MY_TOKEN is in the recording');
});

function withoutHash(manifest: Manifest): Manifest {
  const rest = Object.entries(manifest).filter(([key]) => key !== 'sha256');
  return Object.fromEntries(rest) as unknown as Manifest;
}
