import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../src/store/events/event-reader.js';
import { listSegments } from '../../src/store/log/segments.js';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const SMALL = ['--segment-size', '64KiB'];
/** What `seq 1 LAST` prints on a terminal. */
const counted = (last: number): Buffer =>
  Buffer.from(Array.from({ length: last }, (_, at) => `${at + 1}\r\n`).join(''));

const record = (agentDir: string, flags: readonly string[], ...command: readonly string[]) =>
  runOrch(['run', '-q', '--dir', agentDir, ...flags, '--', ...command]);
const rawLog = async (agentDir: string): Promise<Buffer> =>
  (await runOrch(['logs', '-o', 'raw', '--dir', agentDir])).stdout;
const verified = async (agentDir: string) => {
  const { code, stdout } = await runOrch(['verify', '--dir', agentDir]);
  return { code, failing: stdout.toString().match(/^FAIL .*/gm) ?? [], text: stdout.toString() };
};
const folderOf = (agentDir: string): string => join(agentDir, taskFolders(agentDir)[0] ?? '');
const diskBytes = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => name.startsWith('backend.') && name.includes('.log'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

describe('a log that is sealed by size', () => {
  test('is read as one, each part is proven, and gzip reads the packed ones', async () => {
    using folder = temporaryFolder();
    expect((await record(folder.path, SMALL, 'sh', '-c', 'seq 1 100000; sleep 1; echo end')).code).toBe(0);
    const whole = Buffer.concat([counted(100_000), Buffer.from('end\r\n')]);
    expect((await rawLog(folder.path)).equals(whole)).toBe(true);
    const task = folderOf(folder.path);
    const parts = listSegments(task);
    expect(parts.length).toBeGreaterThan(4);
    const packed = parts.filter(({ path }) => path.endsWith('.gz'));
    // One that had just been sealed when the agent ended may be as it was.
    expect(packed.length).toBeGreaterThanOrEqual(parts.length - 2);
    for (const { path, start, bytes } of packed) {
      const { stdout } = await runPiped('gzip', ['-dc', path]);
      expect(stdout.equals(whole.subarray(start, start + bytes))).toBe(true);
    }
    const noted = readEvents(task).events.filter((event) => event.type === 'segment');
    expect(noted.map(({ offset }) => offset)).toEqual(parts.slice(0, -1).map(({ start }) => start));
    for (const { offset, bytes, sha256 } of noted)
      expect(
        createHash('sha256')
          .update(whole.subarray(offset, offset + bytes))
          .digest('hex'),
      ).toBe(sha256);
    expect(await verified(folder.path)).toMatchObject({ code: 0, failing: [] });
    expect(readdirSync(task).filter((name) => /part$|next$/.test(name))).toEqual([]);
  });

  test('is followed across each seal, no byte twice and none missing', async () => {
    using folder = temporaryFolder();
    const script = 'for n in $(seq 1 60); do seq $((n * 1000)) $((n * 1000 + 999)); sleep 0.01; done';
    const run = record(folder.path, SMALL, 'sh', '-c', script);
    await eventually(() => existsSync(join(folderOf(folder.path), 'task.json')), 'the task');
    const [raw, lines] = await Promise.all(
      [
        ['-o', 'raw'],
        ['--backend', '--no-ansi', '-o', 'cat', '-n', 'all'],
      ].map((flags) => runOrch(['logs', '-f', ...flags, '--dir', folder.path])),
    );
    expect((await run).code).toBe(0);
    const numbers = Array.from({ length: 60_000 }, (_, at) => `${at + 1000}`);
    expect(raw?.stdout.toString() === numbers.map((line) => `${line}\r\n`).join('')).toBe(true);
    expect(lines?.stdout.toString() === numbers.map((line) => `${line}\n`).join('')).toBe(true);
    expect(listSegments(folderOf(folder.path)).length).toBeGreaterThan(3);
  });

  test('that may only be so large loses its oldest parts, and says so wherever it is read', async () => {
    using folder = temporaryFolder();
    const flags = [...SMALL, '--max-log-size', '256KiB'];
    expect((await record(folder.path, flags, 'seq', '1', '300000')).code).toBe(0);
    const task = folderOf(folder.path);
    // A segment may be twice as long as asked, when no line ends in between.
    expect(diskBytes(task)).toBeLessThanOrEqual((256 + 2 * 64) * 1024 + 65_536);
    const raw = await runOrch(['logs', '-o', 'raw', '--dir', folder.path]);
    const whole = counted(300_000);
    expect(raw.stdout.length).toBeGreaterThan(64 * 1024);
    expect(raw.stdout.equals(whole.subarray(-raw.stdout.length))).toBe(true);
    expect(raw.code).toBe(0);
    expect(raw.stderr).toMatch(/^orch: … \d\.\d MB before this point were removed …\n$/);
    const text = await runOrch(['logs', '--backend', '-n', 'all', '-o', 'cat', '--dir', folder.path]);
    expect(text.stdout.toString().endsWith('299999\n300000\n')).toBe(true);
    expect(text.code).toBe(0);
    expect(text.stderr).toMatch(/before this point were removed/);
    const { code, failing, text: found } = await verified(folder.path);
    expect([code, failing]).toEqual([0, []]);
    expect(found).toMatch(/in front of them were removed to make room/);
    const trims = readEvents(task).events.filter((event) => event.type === 'trim');
    expect(trims.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(whole.length - raw.stdout.length);
    expect(onlyTask(folder.path).manifest.bytes).toBe(whole.length);
  });

  test.each(['never', 'interval', 'always'])('is exact with --fsync %s', async (policy) => {
    using folder = temporaryFolder();
    const { code } = await record(folder.path, [...SMALL, '--fsync', policy], 'seq', '1', '50000');
    expect(code).toBe(0);
    expect((await rawLog(folder.path)).equals(counted(50_000))).toBe(true);
    expect(await verified(folder.path)).toMatchObject({ code: 0, failing: [] });
  });

  test.each([
    [['--segment-size', '64'], /--segment-size 64 is not a size — a number with a unit/],
    [['--segment-size', '1KiB'], /--segment-size is less than 4096 bytes/],
    [['--max-log-size', '1MiB', '--segment-size', '2MiB'], /--max-log-size is less than one segment/],
    [['--fsync', 'often'], /--fsync/],
  ])('%j is refused in one line, and nothing is made', async (flags, said) => {
    using folder = temporaryFolder();
    const { code, stderr } = await record(folder.path, flags, 'true');
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('a part that was damaged', () => {
  test('is found by verify, and the rest is read past it', async () => {
    using folder = temporaryFolder();
    await record(folder.path, SMALL, 'sh', '-c', 'seq 1 100000; sleep 1');
    const packed = listSegments(folderOf(folder.path)).filter(({ path }) => path.endsWith('.gz'));
    const [, second] = packed;
    if (second === undefined) throw new Error('nothing was packed');
    const bytes = readFileSync(second.path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(second.path, bytes);
    const raw = await runOrch(['logs', '-o', 'raw', '--dir', folder.path]);
    expect(raw.code).toBe(4);
    expect(raw.stderr).toMatch(/bytes at offset \d+ are missing from the recording/);
    const whole = counted(100_000);
    const rest = whole.subarray(second.start + second.bytes);
    expect(raw.stdout.subarray(0, second.start).equals(whole.subarray(0, second.start))).toBe(true);
    expect(raw.stdout.subarray(-rest.length).equals(rest)).toBe(true);
    expect(await verified(folder.path)).toMatchObject({ code: 4 });
  });
});

/** Prints numbers in bursts, for ever. */
const FLOOD = 'n=1; while :; do seq $n $((n + 999)); n=$((n + 1000)); sleep 0.002; done';
/** More of them take longer than a test should: by hand, ORCH_KILLS=200. */
const KILLS = Number(process.env['ORCH_KILLS'] ?? 10);

/** The recording so far, in front of which nothing was removed; 0 while there is none. */
function recordedSoFar(agentDir: string): number {
  const last = taskFolders(agentDir).length === 0 ? undefined : listSegments(folderOf(agentDir)).at(-1);
  return last === undefined ? 0 : last.start + last.bytes;
}

describe('orch that is killed', () => {
  test(
    'wherever it was in sealing, packing and removing, leaves every byte that was there',
    async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        using folder = temporaryFolder();
        const limits = kill % 2 === 0 ? ['--max-log-size', 'none'] : ['--max-log-size', '64KiB'];
        const flags = ['--segment-size', '16KiB', ...limits, '--fsync', kill % 3 === 0 ? 'never' : 'interval'];
        const run = spawn(
          process.execPath,
          [ORCH, 'run', '-q', '--dir', folder.path, ...flags, '--', 'sh', '-c', FLOOD],
          {
            env: testEnvironment(),
            stdio: 'ignore',
          },
        );
        const ended = new Promise((resolve) => run.once('close', resolve));
        try {
          await eventually(() => recordedSoFar(folder.path) > 20_000 + ((kill * 9001) % 300_000), 'some output');
        } finally {
          run.kill('SIGKILL');
        }
        const before = recordedSoFar(folder.path);
        await ended;
        const task = folderOf(folder.path);
        const parts = listSegments(task);
        const end = recordedSoFar(folder.path);
        expect(end).toBeGreaterThanOrEqual(before);
        const whole = counted(Math.ceil(end / 3));
        const raw = await runOrch(['logs', '-o', 'raw', '--dir', folder.path]);
        const begin = parts[0]?.start ?? 0;
        expect(raw.stdout.equals(whole.subarray(begin, end))).toBe(true);
        expect(raw.code).toBe(0);
        const names = readdirSync(task).filter((name) => name.startsWith('backend.') && name.includes('.log'));
        const log = names.map((name) => [name, readFileSync(join(task, name))]);
        const { code, failing, text } = await verified(folder.path);
        expect([code, failing]).toEqual([0, []]);
        expect(text).toContain('(lost)');
        expect((await runOrch(['verify', '-q', '--repair', '--dir', folder.path])).code).toBe(0);
        expect(names.map((name) => [name, readFileSync(join(task, name))])).toEqual(log);
        expect((await runOrch(['verify', '-q', '--dir', folder.path])).code).toBe(0);
      }
    },
    20_000 + KILLS * 5000,
  );
});

/** What a power cut can leave of names and of bytes that nobody forced to the disk. */
describe('a power cut', () => {
  async function recorded(folder: string): Promise<string> {
    await record(folder, [...SMALL, '--fsync', 'never'], 'sh', '-c', 'seq 1 60000; sleep 0.5');
    return folderOf(folder);
  }

  test('that tears the last write costs that alone', async () => {
    using folder = temporaryFolder();
    const task = await recorded(folder.path);
    const last = listSegments(task).at(-1);
    if (last === undefined || last.bytes === 0) throw new Error('nothing was written last');
    truncateSync(last.path, last.bytes - 1);
    const raw = await rawLog(folder.path);
    expect(raw.equals(counted(60_000).subarray(0, -1))).toBe(true);
    expect((await verified(folder.path)).failing.join()).toContain('1 fewer');
  });

  test('before backend.log had its new name leaves what was sealed', async () => {
    using folder = temporaryFolder();
    const task = await recorded(folder.path);
    const parts = listSegments(task);
    rmSync(join(task, 'backend.log'));
    writeFileSync(join(task, 'backend.log.next'), '');
    const sealed = parts.filter(({ sealed }) => sealed).reduce((sum, { bytes }) => sum + bytes, 0);
    expect((await rawLog(folder.path)).equals(counted(60_000).subarray(0, sealed))).toBe(true);
  });

  test('in the middle of packing leaves a part whole, under one name or both', async () => {
    using folder = temporaryFolder();
    const task = await recorded(folder.path);
    const packed = listSegments(task).find(({ path }) => path.endsWith('.gz'));
    if (packed === undefined) throw new Error('nothing was packed');
    const whole = counted(60_000);
    writeFileSync(packed.path.slice(0, -3), whole.subarray(packed.start, packed.start + packed.bytes), { mode: 0o600 });
    writeFileSync(`${packed.path}.part`, readFileSync(packed.path).subarray(0, 100), { mode: 0o600 });
    expect((await rawLog(folder.path)).equals(whole)).toBe(true);
    expect((await verified(folder.path)).failing).toEqual([]);
    truncateSync(packed.path, 10);
    expect((await rawLog(folder.path)).equals(whole)).toBe(true);
  });
});
