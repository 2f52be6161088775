import { type Bench, ofEachBuild } from './bench.js';
import { measure } from './measure.js';
import { ownFolder } from './recorded-data.js';

const BARE = ['-e', '0'];

/** How long a run that does nothing takes, beside a Node that does nothing. */
export const start: Bench = {
  name: 'start',
  what: `orch run -q -- true, of Node ${process.version}`,
  // A start takes milliseconds, so that many are needed for a steady median.
  turnsPerRound: 7,
  prepare: (setting) => [
    ...ofEachBuild(setting, (build) => ({
      measure: () => milliseconds([build.bin, 'run', '-q', '--dir', ownFolder(setting, build), '--', 'true']),
    })),
    { name: 'node -e 0', measure: () => milliseconds(BARE) },
  ],
};

async function milliseconds(args: readonly string[]): Promise<Record<string, number>> {
  const { seconds, cpuSeconds, peakMib } = await measure({ argv: [process.execPath, ...args] });
  return { 'time, ms': seconds * 1000, 'CPU, ms': cpuSeconds * 1000, 'peak memory, MiB': peakMib };
}
