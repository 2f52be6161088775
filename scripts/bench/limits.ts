import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderUsage } from '../../src/store/files/folder-usage.js';
import { onlyTask } from '../../tests/fixtures/agent-folder.js';
import { type Bench, ofEachBuild, type Setting } from './bench.js';
import type { Build } from './builds.js';
import { measure } from './measure.js';

/** How often the disk is looked at. */
const LOOK_MS = 100;

const UNLIMITED = ['--segment-size', '1000TB', '--max-log-size', 'none'];
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'no limit, --fsync never': [...UNLIMITED, '--fsync', 'never'],
  'default limits, --fsync never': ['--fsync', 'never'],
  'default limits': [],
  'default limits, --fsync always': ['--fsync', 'always'],
};

/** What sealing, removing and syncing cost while a program prints as fast as it can, and what stays on the disk and in memory. */
export const limits: Bench = {
  name: 'limits',
  what: 'orch run -q of lines as fast as they come, with and without limits and fsync',
  prepare: (setting) =>
    ofEachBuild(setting, (build) => ({
      measure: async () => {
        const readings: Record<string, number> = {};
        let [disk, memory] = [0, 0];
        for (const [name, flags] of Object.entries(VARIANTS)) {
          const { rate, diskMib, peakMib } = await record(setting, build, flags);
          readings[`${name}: rate, MB/s`] = rate;
          if (flags.includes('none')) continue;
          disk = Math.max(disk, diskMib);
          memory = Math.max(memory, peakMib);
        }
        return { ...readings, 'most on the disk, MiB': disk, 'peak memory, MiB': memory };
      },
    })),
};

interface Recorded {
  /** MB/s. */
  readonly rate: number;
  readonly diskMib: number;
  readonly peakMib: number;
}

async function record(setting: Setting, { bin }: Build, flags: readonly string[]): Promise<Recorded> {
  const bytes = setting.mb * 1_000_000;
  const agentDir = mkdtempSync(join(setting.folder, 'run-'));
  const printing = `stty raw -echo; yes "$(seq -s ' ' 1 30)" | head -c ${bytes}`;
  let disk = 0;
  const looking = setInterval(() => (disk = Math.max(disk, folderUsage(agentDir).bytes)), LOOK_MS);
  try {
    const { seconds, peakMib } = await measure({
      argv: [process.execPath, bin, 'run', '-q', '--dir', agentDir, ...flags, '--', 'sh', '-c', printing],
    });
    const recorded = onlyTask(agentDir).manifest.bytes;
    if (recorded !== bytes) throw new Error(`${recorded} bytes were recorded of ${bytes}`);
    return { rate: bytes / 1e6 / seconds, diskMib: disk / 1024 ** 2, peakMib };
  } finally {
    clearInterval(looking);
    rmSync(agentDir, { recursive: true });
  }
}
