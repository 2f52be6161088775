/**
 * Measures orch beside the recorders found on this machine, and holds the figures against what the project promises:
 *
 *   npm run bench -- [capture] [export] [follow] [idle] [latency] [limits] [memory] [replay] [start] [tail] [transcript] [--mb 100] [--rounds 3] [--peers script,unbuffer]
 *
 * Without names, all of it. Ends with 1 where a promise was not kept. Measure on an idle machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, loadavg, release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.js';
import { capture } from './capture.js';
import { exportBench } from './export.js';
import { follow } from './follow.js';
import { idle } from './idle.js';
import { latency } from './latency.js';
import { limits } from './limits.js';
import { memory } from './memory.js';
import { figuresTable } from './report.js';
import type { Figure } from './report.js';
import { replay } from './replay.js';
import { start } from './start.js';
import { tail } from './tail.js';
import { transcript } from './transcript.js';

const BENCHES: Readonly<Record<string, Bench>> = {
  start,
  idle,
  latency,
  capture,
  memory,
  limits,
  follow,
  transcript,
  export: exportBench,
  replay,
  tail,
};

const { values, positionals } = parseArgs({
  options: {
    mb: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);

const folder = mkdtempSync(join(tmpdir(), 'orch-bench-'));
const figures: Figure[] = [];
try {
  console.log(
    `${type()} ${release()} ${arch()}, ${cpus().length} CPUs, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  );
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    console.log(`\n## ${name}\n`);
    const setting = {
      mb: Number(values.mb),
      rounds: Number(values.rounds),
      peers: values.peers.split(',').filter((peer) => peer !== ''),
      folder,
      print: (text: string): void => {
        console.log(text);
      },
    };
    figures.push(...(await bench(setting)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (figures.length > 0) console.log(`\n## Beside the targets\n\n${figuresTable(figures)}`);
if (figures.some(({ met }) => !met)) process.exitCode = 1;
