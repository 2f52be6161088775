import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, ofEachBuild, ofPeers } from './bench.js';
import type { Build } from './builds.js';
import { type Measured, measure, ratesOf } from './measure.js';
import { ownFolder, recordedData } from './recorded-data.js';
import { ANSI2TXT } from './recorders.js';

const FORMATS = ['asciicast-v2', 'html', 'json', 'script', 'tar', 'text'] as const;

/** A long recording as a file, secrets masked. */
export const exportBenches: readonly Bench[] = [
  {
    name: 'export',
    what: 'orch export -f asciicast-v3 of a recording, masked',
    peers: [ANSI2TXT],
    prepare: async (setting) => {
      const { path, bytes } = await recordedData(setting, 'sgr-check');
      return [
        ...ofEachBuild(setting, (build) => ({
          measure: async () => ratesOf(await exported(build, ownFolder(setting, build), 'asciicast-v3'), bytes),
        })),
        ...ofPeers(setting, {
          ansi2txt: { measure: async () => ratesOf(await measure({ argv: ['ansi2txt'], input: path }), bytes) },
        }),
      ];
    },
  },
  {
    name: 'export-formats',
    what: 'the same to the other formats, of a quarter of it',
    prepare: async (setting) => {
      const { bytes } = await recordedData(setting, 'sgr-check', Math.ceil(setting.mb / 4));
      return ofEachBuild(setting, (build) => ({
        mostTurns: 1,
        measure: async () => {
          const readings: Record<string, number> = {};
          let peak = 0;
          for (const format of FORMATS) {
            const measured = await exported(build, ownFolder(setting, build), format);
            readings[`${format}, MB/s`] = bytes / 1e6 / measured.seconds;
            peak = Math.max(peak, measured.peakMib);
          }
          return { ...readings, 'peak memory, MiB': peak };
        },
      }));
    },
  },
  {
    name: 'export-pictures',
    what: 'the session of the demo, eight seconds, to GIF and PNG',
    prepare: async (setting) => {
      for (const build of setting.builds) {
        const dir = ownFolder(setting, build);
        await measure({ argv: [process.execPath, build.bin, 'run', '-q', '-b', 'demo', '--dir', dir] });
      }
      return ofEachBuild(setting, (build) => ({
        measure: async () => {
          const gif = await exported(build, ownFolder(setting, build), 'gif');
          const png = await exported(build, ownFolder(setting, build), 'png');
          const peak = Math.max(gif.peakMib, png.peakMib);
          return { 'gif, s': gif.seconds, 'png, s': png.seconds, 'peak memory, MiB': peak };
        },
      }));
    },
  },
];

async function exported({ bin }: Build, dir: string, format: string): Promise<Measured> {
  // A tar has all bytes as they are, so that masking it is refused.
  const masks = format === 'tar' ? ['--no-redact'] : [];
  const file = join(dir, 'exported');
  const argv = [process.execPath, bin, 'export', '-f', format, ...masks, '-o', file, '--dir', dir];
  const measured = await measure({ argv });
  if (statSync(file).size === 0) throw new Error(`orch export -f ${format} wrote nothing`);
  return measured;
}
