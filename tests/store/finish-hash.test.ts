import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type KnownProcess, type Manifest, writeManifest } from '../../src/store/layout/manifest.js';
import { readManifest } from '../../src/store/layout/manifest-reader.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import type { TaskFolder } from '../../src/store/layout/task-folder.js';
import { finishHash } from '../../src/store/task/finish-hash.js';
import { isBeingHashed, untilHashed } from '../../src/store/task/hashing.js';
import { eventually } from '../fixtures/eventually.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { LINES, writeWholeTask } from '../fixtures/whole-task.js';

const ME: KnownProcess = { pid: process.pid, pidStart: processStart(process.pid) ?? '' };
const GONE: KnownProcess = { pid: process.pid, pidStart: 'another boot:1' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function without(manifest: Manifest, changes: Partial<Manifest>): Manifest {
  const hashes = new Set(['sha256', 'chain', 'hashing']);
  const rest = Object.entries(manifest).filter(([key]) => !hashes.has(key));
  return { ...(Object.fromEntries(rest) as unknown as Manifest), ...changes };
}

/** A task that has ended, and whose hash is still to be computed by `hashing`. */
function unhashed(agentDir: string, hashing: KnownProcess, parts: readonly string[] = [LINES]): TaskFolder {
  const folder = writeWholeTask(agentDir, { parts });
  writeManifest(folder.path, without(readManifest(folder.path), { hashing }));
  return folder;
}

const taskLog = ({ path }: TaskFolder): string => {
  const file = join(path, 'task.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

describe('a hash that is computed when the recording has ended', () => {
  test('is noted in place of the process that was to compute it, and nothing else changes', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME);
    const before = readManifest(task.path);
    expect(await finishHash({ folder: task, sync: true }, ME, new ManualClock())).toBe(true);
    const hash = sha256(LINES);
    expect(readManifest(task.path)).toEqual(without(before, { sha256: hash, chain: hash }));
    expect(taskLog(task)).toBe('');
  });

  test('is that of a recording with gaps, as it is there', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME, ['before', 'after']);
    expect(await finishHash({ folder: task, sync: false }, ME, new ManualClock())).toBe(true);
    expect(readManifest(task.path).sha256).toBe(sha256('beforeafter'));
  });

  test('is not made of what has lost some of its bytes since: task.log says so', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME);
    truncateSync(join(task.path, 'backend.log'), 7);
    expect(await finishHash({ folder: task, sync: false }, ME, new ManualClock())).toBe(false);
    const { sha256: hash, chain, hashing } = readManifest(task.path);
    expect([hash, chain, hashing]).toEqual([undefined, undefined, undefined]);
    expect(taskLog(task)).toContain('the recording has no hash');
  });

  test('comes with a warning where a secret is in the recording', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME, [`${LINES}the value is hunter2hunter2\r\n`]);
    const secrets = [{ name: 'MY_TOKEN', value: 'hunter2hunter2' }];
    await finishHash({ folder: task, secrets, sync: false }, ME, new ManualClock());
    const at = LINES.length + 'the value is '.length;
    expect(taskLog(task)).toContain(`WARN  the value of MY_TOKEN is in the recording, from byte ${at} on`);
    expect(taskLog(task)).not.toContain('hunter2');
  });

  test('is not noted by a process that the manifest does not name', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, GONE);
    const before = readFileSync(join(task.path, 'task.json'), 'utf8');
    expect(await finishHash({ folder: task, sync: false }, ME, new ManualClock())).toBe(false);
    expect(readFileSync(join(task.path, 'task.json'), 'utf8')).toBe(before);
  });

  test('is begun when the recorder names the process, and not where that was killed before', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME);
    const ended = readManifest(task.path);
    const clock = new ManualClock();
    writeManifest(task.path, without(ended, { status: 'running', ...ME }));
    const coming = finishHash({ folder: task, sync: false }, ME, clock);
    await eventually(() => clock.waiting > 0, 'the wait for the recorder');
    writeManifest(task.path, ended);
    clock.advance(20);
    expect(await coming).toBe(true);
    writeManifest(task.path, without(ended, { status: 'running', ...GONE }));
    expect(await finishHash({ folder: task, sync: false }, ME, clock)).toBe(false);
  });

  test('leaves nothing of a task that is removed meanwhile', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME);
    const clock = new ManualClock();
    writeManifest(task.path, without(readManifest(task.path), { status: 'running', ...ME }));
    const coming = finishHash({ folder: task, sync: false }, ME, clock);
    await eventually(() => clock.waiting > 0, 'the wait for the recorder');
    rmSync(task.path, { recursive: true });
    clock.advance(20);
    expect(await coming).toBe(false);
    expect(existsSync(task.path)).toBe(false);
  });
});

describe('whoever needs the hash', () => {
  test('waits for the process that computes it, for as long as that lives', async () => {
    using folder = temporaryFolder();
    const task = unhashed(folder.path, ME);
    expect(isBeingHashed(readManifest(task.path))).toBe(true);
    const clock = new ManualClock();
    const waiting = untilHashed(task, clock);
    await eventually(() => clock.waiting > 0, 'the wait');
    writeManifest(task.path, without(readManifest(task.path), { hashing: GONE }));
    clock.advance(50);
    await waiting;
    expect(isBeingHashed(readManifest(task.path))).toBe(false);
  });

  test('waits for nothing without a manifest', async () => {
    using folder = temporaryFolder();
    await untilHashed({ id: 'task-1-1', path: join(folder.path, 'task-1-1') }, new ManualClock());
  });
});
