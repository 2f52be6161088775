import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { taskFolders } from '../../tests/fixtures/agent-folder.js';
import { type Bench, ofEachBuild, ofPeers } from './bench.js';
import { measure, ratesOf } from './measure.js';
import { ownFolder, recordedData } from './recorded-data.js';
import { ANSI2TXT } from './recorders.js';

/** The states that reading goes on from: made again for all of a recording. */
export const keyframes: Bench = {
  name: 'keyframes',
  what: 'orch index of a recording of lines in colours',
  peers: [ANSI2TXT],
  prepare: async (setting) => {
    const { path, bytes } = await recordedData(setting, 'sgr');
    return [
      ...ofEachBuild(setting, (build) => ({
        measure: async () => {
          const dir = ownFolder(setting, build);
          const rates = ratesOf(await measure({ argv: [process.execPath, build.bin, 'index', '--dir', dir] }), bytes);
          return { ...rates, 'size, % of the log': (keyframeBytes(dir) / bytes) * 100 };
        },
      })),
      ...ofPeers(setting, {
        ansi2txt: { measure: async () => ratesOf(await measure({ argv: ['ansi2txt'], input: path }), bytes) },
      }),
    ];
  },
};

function keyframeBytes(agentDir: string): number {
  const task = join(agentDir, taskFolders(agentDir)[0] ?? '');
  const files = readdirSync(task).filter((name) => name.endsWith('.keys'));
  if (files.length === 0) throw new Error(`orch index made no keyframes in ${task}`);
  return files.reduce((bytes, name) => bytes + statSync(join(task, name)).size, 0);
}
