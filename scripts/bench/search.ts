import { type Bench, ofEachBuild, ofPeers } from './bench.js';
import { measure, ratesOf } from './measure.js';
import { ANSI2TXT } from './recorders.js';
import { ownFolder, recordedData } from './recorded-data.js';

/** In a line in a hundred thousand of the data, or so. */
const WORD = 'request 7777 ';

/** The clean text of a recording, searched and printed; the peer does both at once. */
export const search: Bench = {
  name: 'search',
  what: 'orch search -F and orch logs --no-ansi over a recording, > /dev/null',
  peers: [{ name: 'ansi2txt | grep -F', programs: [...ANSI2TXT.programs, 'grep'], debian: 'colorized-logs' }],
  prepare: async (setting) => {
    const { path, bytes } = await recordedData(setting, 'sgr');
    return [
      ...ofEachBuild(setting, (build) => ({
        measure: async () => {
          const dir = ['--dir', ownFolder(setting, build)];
          const found = ratesOf(
            await measure({ argv: [process.execPath, build.bin, 'search', '-F', WORD, ...dir] }),
            bytes,
          );
          const printed = ratesOf(
            await measure({ argv: [process.execPath, build.bin, 'logs', 'latest', '--backend', '--no-ansi', ...dir] }),
            bytes,
          );
          return { ...named('search', found), ...named('logs', printed) };
        },
      })),
      ...ofPeers(setting, {
        'ansi2txt | grep -F': {
          measure: async () =>
            ratesOf(await measure({ argv: ['sh', '-c', 'ansi2txt | grep -F "$0"', WORD], input: path }), bytes),
        },
      }),
    ];
  },
};

function named(command: string, rates: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(rates).map(([figure, value]) => [`${command}: ${figure}`, value]));
}
