import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, recordScript, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal } from '../fixtures/terminal.js';

/** libfaketime sets the wall clock of a program, and leaves the monotonic one alone. */
const found = spawnSync('faketime', ['-f', '+1d', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
const hasFaketime = found.status === 0;
const LIBRARY = hasFaketime ? found.stdout.trim() : '';
const MONOTONIC = { DONT_FAKE_MONOTONIC: '1', FAKETIME_NO_CACHE: '1' };

interface Shown {
  readonly durationMs?: number;
  readonly started: string;
  readonly ended?: string;
}

/** Runs orch with its wall clock so far off, such as `+1d`. */
const runAt = (offset: string, args: readonly string[]) =>
  runPiped('faketime', ['-f', offset, process.execPath, ORCH, ...args], { env: MONOTONIC });

describe.skipIf(!hasFaketime)('a wall clock that is wrong (faketime has to be installed)', () => {
  test.each(['+1d', '-1d'])('set by %s in the middle of a run changes no duration', async (offset) => {
    using folder = temporaryFolder();
    const clock = join(folder.path, 'clock');
    writeFileSync(clock, '+0d');
    const agentDir = join(folder.path, 'a');
    const env = { ...MONOTONIC, LD_PRELOAD: LIBRARY, FAKETIME_TIMESTAMP_FILE: clock };
    const script = 'echo begun; read -r line; echo over; sleep 0.1';
    const words = ['run', '--dir', agentDir, '--iteration-timeout', '60s', '--', 'sh', '-c', script];
    await using orch = openTerminal(process.execPath, [ORCH, ...words], { env });
    await orch.waitFor('begun');
    const wallOf = (): number => Date.parse(onlyTask(agentDir).events.at(-1)?.['ts'] as string);
    const before = wallOf();
    writeFileSync(clock, offset);
    orch.resize(90, 30);
    await eventually(() => Math.abs(wallOf() - before) > 3600_000, 'the other clock');
    await orch.type('\r');
    await orch.waitFor(/after \d+\.\ds, /);
    expect(await orch.end()).toEqual({ code: 0 });
    const { events, folder: task } = onlyTask(agentDir);
    const {
      started,
      ended = '',
      durationMs = Infinity,
    } = JSON.parse(readFileSync(join(task, 'task.json'), 'utf8')) as Shown;
    expect(Math.abs(Date.parse(ended) - Date.parse(started))).toBeGreaterThan(3600_000);
    const minute = 60_000;
    expect(durationMs).toBeLessThan(minute);
    const ends = events.filter(({ type }) => type === 'iteration.end' || type === 'task.end');
    expect(ends.map(({ durationMs: ms }) => Number(ms) < minute)).toEqual([true, true]);
    const [list, show] = [await runOrch(['ls', '--dir', agentDir]), await runOrch(['show', '--dir', agentDir])];
    expect(list.stdout.toString()).toMatch(/ \d+(\.\d)?s +\d+ B /);
    expect(show.stdout.toString()).toMatch(/^Duration +\d+(\.\d)?s$/m);
    const times = readFileSync(join(task, 'backend.idx'), 'utf8').trim().split('\n').slice(1);
    const ms = times.map((line) => (JSON.parse(line) as [number])[0]);
    expect([Math.max(...ms) < minute, ms.join()]).toEqual([true, [...ms].sort((a, b) => a - b).join()]);
  });

  test('does not change how long a task runs that still does', async () => {
    using folder = temporaryFolder();
    await using orch = openOrch(recordScript(folder.path, 'echo begun; cat'));
    await orch.waitFor('begun');
    const list = await runAt('+1d', ['ls', '--dir', folder.path]);
    expect(list.stdout.toString()).toMatch(/ 1d ago +\d+(\.\d)?s /);
    orch.kill('SIGTERM');
    await orch.end();
  });

  test('names a task of years to come, which is the latest until another is begun', async () => {
    using folder = temporaryFolder();
    const record = ['run', '-q', '--dir', folder.path, '--'];
    await runOrch([...record, 'echo', 'first']);
    await runAt('+4y', [...record, 'echo', 'second']);
    const latest = async () => (await runOrch(['logs', 'latest', '--dir', folder.path])).stdout.toString();
    expect(await latest()).toContain('second');
    await runOrch([...record, 'echo', 'third']);
    expect(await latest()).toContain('third');
    const list = (await runOrch(['ls', '--dir', folder.path])).stdout.toString().split('\n').slice(1, 4);
    expect(list.map((line) => /first|second|third/.exec(line)?.[0])).toEqual(['third', 'second', 'first']);
    expect(list[1]).toContain('in the future');
  });
});
