import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../src/store/layout/manifest-reader.js';
import { listSegments } from '../../src/store/log/segments.js';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { ORCH, recordScript, runOrch, runPiped } from '../fixtures/run-orch.js';
import type { PipedRun } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** A mount of one's own needs root, or a system that lets users have namespaces. */
const mayMount = (await runPiped('sh', ['-c', 'unshare -rm true'])).code === 0;

describe('a disk that is full', () => {
  /** Runs a script under orch with 1 MiB of memory for a disk, and copies the log from there to `saved`. */
  function onTinyDisk(flags: readonly string[], script: string, saved: string): Promise<PipedRun> {
    const shell = 'mount -t tmpfs -o size=1m tiny "$0"; "$@"; code=$?; cp "$0"/task-*/backend.log "$SAVED"; exit $code';
    const run = [
      process.execPath,
      ORCH,
      'run',
      '--output',
      'none',
      '--dir',
      '/mnt',
      ...flags,
      '--',
      'sh',
      '-c',
      script,
    ];
    return runPiped('unshare', ['-rm', 'sh', '-c', shell, '/mnt', ...run], { env: { SAVED: saved } });
  }

  test.skipIf(!mayMount)('does not stop the agent, is said at once, and ends in exit code 4', async () => {
    using folder = temporaryFolder();
    const run = await onTinyDisk([], 'seq 1 400000', folder.path);
    expect(run.stderr).toMatch(/orch: the log cannot be written \(ENOSPC/);
    expect(run.code).toBe(4);
    const log = readFileSync(join(folder.path, 'backend.log'));
    const whole = Buffer.from(Array.from({ length: 400_000 }, (_, n) => `${n + 1}\r\n`).join(''));
    expect(log.length).toBeGreaterThan(500_000);
    expect(log.equals(whole.subarray(0, log.length))).toBe(true);
  });

  test.skipIf(!mayMount)('keeps space for how the task ended, and space can be made', async () => {
    using folder = temporaryFolder();
    const orch = `'${process.execPath}' '${ORCH}'`;
    const shell = [
      'mount -t tmpfs -o size=1m tiny /mnt',
      `${orch} run -o none --dir /mnt -- sh -c 'seq 1 400000; exit 3' 2>/dev/null; echo "code $?"`,
      `${orch} ls --json --dir /mnt | tr -d ' \n'; echo`,
      'cat /mnt/task-*/events.jsonl; ls -A /mnt/task-*; head -c 1M /dev/zero > /mnt/filler 2>/dev/null',
      `${orch} prune --keep 0 --dir /mnt; echo "code $?"; ls -A /mnt`,
    ];
    const { stdout, stderr } = await runPiped('unshare', ['-rm', 'sh', '-c', shell.join('\n')], { cwd: folder.path });
    const said = stdout.toString();
    expect(said).toContain('code 3\n');
    expect(said).toMatch(/"status":"failed".*"exit":\{"code":3,"signal":0\}.*"sha256"/);
    expect(said).toMatch(/"type":"gap".*\n(?:.*\n)*.*"type":"task.end"/);
    expect(said).not.toContain('.reserve');
    expect(said).toMatch(/\n1 task, .*\ncode 0\nfiller\n(\.gitignore\n)?$/);
    expect(stderr).toBe('');
  });

  test.skipIf(!mayMount)('stops the agent when asked to, and ends in exit code 1', async () => {
    using folder = temporaryFolder();
    const run = await onTinyDisk(['--on-log-error', 'stop'], 'yes', folder.path);
    expect(run.stderr).toMatch(/orch: the log cannot be written \(ENOSPC/);
    expect(run.code).toBe(1);
  });
});

describe('a disk that is full for a while', () => {
  test.skipIf(!mayMount)(
    'costs exactly what was printed meanwhile: who keeps up sees no less, and the log goes on behind it',
    async () => {
      using folder = temporaryFolder();
      // The disk is full before the end of the first part, even where all of it that is sealed is packed at once; then there is room
      // again, for the second.
      const agent = 'seq 1 400000; rm /mnt/filler; sleep 1.5; seq 400001 410000';
      const flags = ['--output', 'raw', '--dir', '/mnt', '--segment-size', '4KiB'];
      const run = [process.execPath, ORCH, 'run', ...flags, '--', 'sh', '-c', agent];
      const shell =
        'mount -t tmpfs -o size=1m tiny "$0"; head -c 600K /dev/zero > /mnt/filler; "$@" > "$SAVED/shown"; code=$?; cp -r "$0"/task-*/. "$SAVED"; exit $code';
      // Shown in a file, which is never behind: what the log does not have, a slow reader of a pipe cannot be given later.
      const { code, stderr } = await runPiped('unshare', ['-rm', 'sh', '-c', shell, '/mnt', ...run], {
        env: { SAVED: folder.path },
      });
      const whole = Buffer.from(Array.from({ length: 410_000 }, (_, n) => `${n + 1}\r\n`).join(''));
      expect(code).toBe(4);
      expect(readFileSync(join(folder.path, 'shown')).equals(whole)).toBe(true);
      expect(stderr).toMatch(/orch: the log cannot be written \(ENOSPC/);
      const parts = listSegments(folder.path).filter(({ bytes }) => bytes > 0);
      const { gaps, bytes } = readManifest(folder.path);
      expect(bytes).toBe(whole.length);
      expect(gaps.length).toBeGreaterThan(0);
      let reached = 0;
      const ranges = [...parts, ...gaps.map((gap) => ({ start: gap.offset, bytes: gap.bytes }))];
      for (const { start, bytes: length } of ranges.sort((a, b) => a.start - b.start)) {
        expect(start).toBe(reached);
        reached += length;
      }
      expect(reached).toBe(whole.length);
      for (const { path, start, bytes: length } of parts) {
        const part = readFileSync(path);
        const plain = path.endsWith('.gz') ? gunzipSync(part) : part;
        expect(plain.equals(whole.subarray(start, start + length))).toBe(true);
      }
      expect(parts.at(-1)?.start).toBeGreaterThan(gaps.at(-1)?.offset ?? Infinity);
    },
  );
});

describe('a log that is removed while it is written', () => {
  test('is said, and what follows is recorded behind the gap', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(recordScript(folder.path, 'echo before; read -r line; echo after'));
    await terminal.waitFor('before');
    rmSync(join(folder.path, taskFolders(folder.path)[0] ?? '', 'backend.log'));
    await terminal.waitFor('orch:');
    await terminal.type('\n');
    expect(await terminal.end()).toEqual({ code: 4 });
    const { manifest, log } = onlyTask(folder.path);
    expect(log.toString()).toMatch(/after\r\n$/);
    expect(manifest.gaps).toEqual([expect.objectContaining({ offset: 0, bytes: 'before\r\n'.length })]);
    const shown = await runOrch(['logs', '--dir', folder.path, '-o', 'raw']);
    expect(shown.code).toBe(4);
    expect(shown.stdout.equals(log)).toBe(true);
    expect(shown.stderr).toMatch(/8 bytes/);
  });
});
