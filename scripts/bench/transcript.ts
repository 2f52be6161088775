import { join } from 'node:path';
import { type Bench, ofEachBuild, ofPeers } from './bench.js';
import { measure, ratesOf } from './measure.js';
import { ANSI2TXT } from './recorders.js';
import { type DataKind, writeData } from './terminal-data.js';

/** What the text of each is, in a few words. */
const KINDS: readonly (readonly [DataKind, string])[] = [
  ['plain', 'plain lines'],
  ['sgr', 'lines in colours'],
  ['256', 'lines in 256 colours'],
  ['wide', 'lines of 500 columns'],
  ['check', 'lines with one ✓'],
  ['sgr-check', 'lines in colours with one ✓'],
  ['cjk', 'lines with wide characters'],
  ['progress', 'a line that is drawn over itself'],
  ['sessions', 'sessions of agents, one after the other'],
];

/** As a share of `--mb`: they take longest. */
const SESSIONS_SIZE = 0.5;

/** From a raw log to clean text: `orch render FILE > /dev/null`. */
export const render: readonly Bench[] = KINDS.map(([kind, content]) => ({
  name: `render-${kind}`,
  what: `orch render FILE > /dev/null, ${content}`,
  peers: [ANSI2TXT],
  prepare: (setting) => {
    const mb = kind === 'sessions' ? Math.ceil(setting.mb * SESSIONS_SIZE) : setting.mb;
    const { path, bytes } = writeData(join(setting.folder, 'log'), kind, mb);
    return [
      ...ofEachBuild(setting, ({ bin }) => ({
        measure: async () => ratesOf(await measure({ argv: [process.execPath, bin, 'render', path] }), bytes),
      })),
      ...ofPeers(setting, {
        ansi2txt: { measure: async () => ratesOf(await measure({ argv: ['ansi2txt'], input: path }), bytes) },
      }),
    ];
  },
}));
