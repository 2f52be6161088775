import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanEvents } from '../../src/store/events/event-scan.js';
import { readManifest } from '../../src/store/layout/manifest-reader.js';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('in one .agent folder, at once', () => {
  test('a hundred tasks are a hundred folders, each whole', async () => {
    using folder = temporaryFolder();
    const runs = Array.from({ length: 100 }, (_, at) =>
      runOrch(['run', '-q', '--dir', folder.path, '--', 'sh', '-c', `echo task ${at}; exit ${at % 7}`], {
        deadlineMs: 100_000,
      }),
    );
    const codes = (await Promise.all(runs)).map(({ code, stderr }) => [code, stderr]);
    expect(codes).toEqual(Array.from({ length: 100 }, (_, at) => [at % 7, '']));
    const ids = taskFolders(folder.path);
    expect(ids).toHaveLength(100);
    const manifests = ids.map((id) => readManifest(join(folder.path, id)));
    expect(manifests.map(({ id }) => id)).toEqual(ids);
    expect(manifests.filter(({ status }) => status === 'running')).toEqual([]);
    expect(new Set(manifests.map(({ argv }) => argv.at(-1))).size).toBe(100);
    expect((await runOrch(['verify', '-A', '-q', '--dir', folder.path])).code).toBe(0);
    expect(readdirSync(folder.path).filter((name) => !name.startsWith('task-'))).toEqual([]);
  }, 120_000);

  test('two that mend the same lost task leave one that is whole', async () => {
    using folder = temporaryFolder();
    const script = 'kill -9 $PPID; sleep 0.1';
    await runOrch(['run', '-q', '--dir', folder.path, '--', 'sh', '-c', `seq 1 5000; ${script}`]);
    const mend = (): ReturnType<typeof runOrch> => runOrch(['verify', '--repair', '-q', '--dir', folder.path]);
    const codes = (await Promise.all([mend(), mend(), mend(), mend()])).map(({ code }) => code);
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(onlyTask(folder.path).manifest.status).toBe('failed');
    expect((await runOrch(['verify', '-q', '--dir', folder.path])).code).toBe(0);
  });

  test("recording, following, sealing, removing and proving do not get in each other's way", async () => {
    using folder = temporaryFolder();
    const done = Array.from({ length: 5 }, () => runOrch(['run', '-q', '--dir', folder.path, '--', 'seq', '1', '100']));
    await Promise.all(done);
    const script = 'for n in $(seq 1 100); do seq $((n * 1000)) $((n * 1000 + 999)); sleep 0.01; done';
    const limits = ['--segment-size', '16KiB', '--max-log-size', '64KiB', '--name', 'busy'];
    const run = runOrch(['run', '-q', '--dir', folder.path, ...limits, '--', 'sh', '-c', script]);
    await eventually(() => taskFolders(folder.path).length === 6, 'the sixth task');
    const others = ['--dir', folder.path];
    const [follow, ...rest] = await Promise.all([
      runOrch(['logs', '-f', 'busy', '-o', 'raw', ...others]),
      runOrch(['prune', '--keep', '1', ...others]),
      runOrch(['verify', '-q', 'busy', ...others]),
      runOrch(['logs', 'busy', '--backend', '--no-ansi', ...others]),
      runOrch(['prune', '--keep', '1', ...others]),
    ]);
    expect((await run).code).toBe(0);
    expect(rest.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const whole = Buffer.from(Array.from({ length: 100_000 }, (_, at) => `${at + 1000}\r\n`).join(''));
    // A follower that falls behind what is removed is told so; what it gets is the recording, in order.
    expect(whole.includes(follow.stdout) || /before this point were removed/.test(follow.stderr)).toBe(true);
    expect(follow.stdout.subarray(-1000).equals(whole.subarray(-1000))).toBe(true);
    const left = taskFolders(folder.path);
    expect(left).toHaveLength(2);
    expect((await runOrch(['verify', '-A', '-q', ...others])).code).toBe(0);
    const scan = scanEvents(join(folder.path, left.at(-1) ?? ''));
    expect(scan).toMatchObject({ type: 'read', damaged: 0, isTorn: false });
  });
});
