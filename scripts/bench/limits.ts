import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../src/core/log-limits.js';
import { folderUsage } from '../../src/store/files/folder-usage.js';
import { onlyTask } from '../../tests/fixtures/agent-folder.js';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { ORCH } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { peakKb } from './peak-memory.js';
import { figure, range, table } from './report.js';
import { alternate, spread } from './spread.js';

/** How often memory and disk are looked at. */
const LOOK_MS = 100;

const UNLIMITED = ['--segment-size', '1000TB', '--max-log-size', 'none'];
const VARIANTS: readonly { readonly name: string; readonly flags: readonly string[] }[] = [
  { name: 'no limit, --fsync never', flags: [...UNLIMITED, '--fsync', 'never'] },
  { name: 'default limits, --fsync never', flags: ['--fsync', 'never'] },
  { name: 'default limits', flags: [] },
  { name: 'default limits, --fsync always', flags: ['--fsync', 'always'] },
];

/** What sealing, removing and syncing cost while a program prints as fast as it can, and what stays on the disk and in memory. */
export const limits: Bench = async ({ mb, rounds, folder, print }) => {
  const timed = await alternate(VARIANTS, rounds, ({ flags }) => record(flags, mb * 1_000_000, folder));
  const rows = [['', 'MB/s', 'most on the disk, MiB', 'peak memory, MiB']];
  const rates = new Map<string, number>();
  for (const [{ name }, runs] of timed) {
    const rate = spread(runs.map(({ seconds }) => mb / seconds));
    rates.set(name, rate.median);
    rows.push([
      name,
      range(rate),
      range(spread(runs.map(({ diskMiB }) => diskMiB))),
      range(spread(runs.map(({ memoryMiB }) => memoryMiB))),
    ]);
  }
  print(`${mb} MB a round, ${rounds} rounds, median (min–max)\n\n${table(rows)}`);
  const bounded = [...timed].flatMap(([{ flags }, runs]) => (flags.includes('none') ? [] : runs));
  const [without = NaN, sealed = NaN, byDefault = NaN] = [...rates.values()];
  const most = (DEFAULT_LIMITS.maxBytes + DEFAULT_LIMITS.segmentBytes) / 1024 ** 2;
  return [
    figure('rate with limits, as a share of that without', sealed / without, '≥', 0.9),
    figure('the same, synced once a second', byDefault / without, '≥', 0.9),
    figure('most on the disk', Math.max(...bounded.map(({ diskMiB }) => diskMiB)), '≤', most, ' MiB'),
    figure('peak memory', Math.max(...bounded.map(({ memoryMiB }) => memoryMiB)), '≤', 150, ' MiB'),
  ];
};

interface Recorded {
  readonly seconds: number;
  readonly diskMiB: number;
  readonly memoryMiB: number;
}

async function record(flags: readonly string[], bytes: number, folder: string): Promise<Recorded> {
  const agentDir = mkdtempSync(join(folder, 'limits-'));
  const printing = `stty raw -echo; yes "$(seq -s ' ' 1 30)" | head -c ${bytes}`;
  const args = [ORCH, 'run', '-q', '--dir', agentDir, ...flags, '--', 'sh', '-c', printing];
  const begun = performance.now();
  const run = spawn(process.execPath, args, { stdio: 'ignore', env: testEnvironment() });
  let [disk, memory] = [0, 0];
  const looking = setInterval(() => {
    disk = Math.max(disk, folderUsage(agentDir).bytes);
    memory = Math.max(memory, peakKb(run.pid ?? 0));
  }, LOOK_MS);
  const code = await new Promise<number | null>((resolve) => run.once('close', resolve));
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(looking);
  const { manifest } = onlyTask(agentDir);
  rmSync(agentDir, { recursive: true });
  if (code !== 0 || manifest.bytes !== bytes)
    throw new Error(`ended with ${code}, ${manifest.bytes} of ${bytes} bytes`);
  return { seconds, diskMiB: disk / 1024 ** 2, memoryMiB: memory / 1024 };
}
