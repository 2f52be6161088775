import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLog } from '../../src/store/task/log-reader.js';
import { taskFolders } from '../../tests/fixtures/agent-folder.js';
import { runPiped } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { orch, peersHere, quote } from './recorders.js';
import type { Recorder } from './recorders.js';
import { figure, number, range, table } from './report.js';
import type { Figure } from './report.js';
import { alternate, spread } from './spread.js';

interface Load {
  readonly name: string;
  /** A shell command that prints the file at `path`. */
  command(path: string): string;
  readonly fill: (block: Buffer) => void;
  /** Whether the terminal changes nothing of it, so that the recording must be the file. */
  readonly exact: boolean;
}

interface Data {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const randomBytes = (block: Buffer): void => {
  randomFillSync(block);
};
const lines = (block: Buffer): void => {
  block.fill(`${'0123456789'.repeat(8).slice(1)}\n`);
};

/** Without echo: random bytes hold a query now and then, and its answer would be echoed into the recording. */
const LOADS: readonly Load[] = [
  { name: 'raw', command: (path) => `stty raw -echo; cat ${quote(path)}`, fill: randomBytes, exact: true },
  { name: 'cooked', command: (path) => `cat ${quote(path)}`, fill: lines, exact: false },
  { name: '80-byte writes', command: (path) => `dd bs=80 status=none if=${quote(path)}`, fill: lines, exact: false },
];

/** Output a second and CPU a byte while a program prints as fast as it can, beside the recorders found here. */
export const capture: Bench = async (setting) => {
  const recorders = [orch, ...peersHere(setting.peers)];
  const rows = [['', 'recorder', 'MB/s', 'of script', 'CPU s/GB', 'of script']];
  const figures: Figure[] = [];
  for (const load of LOADS) {
    const data = makeData(join(setting.folder, 'data'), setting.mb, load.fill);
    const timed = await alternate(recorders, setting.rounds, (recorder) => timeRecorder(recorder, load, data));
    const results = [...timed].map(([recorder, times]) => ({
      recorder,
      rate: spread(times.map(({ seconds }) => data.bytes / 1e6 / seconds)),
      cpu: spread(times.map(({ cpuSeconds }) => cpuSeconds / (data.bytes / 1e9))),
    }));
    const script = results.find(({ recorder }) => recorder.name === 'script');
    for (const { recorder, rate, cpu } of results) {
      const rateRatio = script && rate.median / script.rate.median;
      const cpuRatio = script && recorder.countsCpu ? cpu.median / script.cpu.median : undefined;
      const cpuShown = recorder.countsCpu ? range(cpu) : '';
      rows.push([load.name, recorder.name, range(rate), ratio(rateRatio), cpuShown, ratio(cpuRatio)]);
      if (recorder !== orch || rateRatio === undefined || cpuRatio === undefined) continue;
      figures.push(figure(`throughput, ${load.name}, as a share of script's`, rateRatio, '≥', 0.95));
      figures.push(figure(`CPU per GB, ${load.name}, as a share of script's`, cpuRatio, '≤', 1.3));
    }
    rmSync(data.path);
  }
  setting.print(`${setting.mb} MB a round, ${setting.rounds} rounds, median (min–max)\n\n${table(rows)}`);
  return figures;
};

const ratio = (value: number | undefined): string => (value === undefined ? '' : number(value));

/** Only against a recorder that hangs: the slowest known ones take a minute for 500 MB. */
const DEADLINE_MS = 600_000;

/** Writes a file of `mb` megabytes. */
function makeData(path: string, mb: number, fill: (block: Buffer) => void): Data {
  const block = Buffer.alloc(1_000_000);
  const file = openSync(path, 'w');
  const hash = createHash('sha256');
  for (let written = 0; written < mb; written += 1) {
    fill(block);
    writeSync(file, block);
    hash.update(block);
  }
  closeSync(file);
  return { path, bytes: mb * block.length, sha256: hash.digest('hex') };
}

interface Times {
  readonly seconds: number;
  /** User and system time of the recorder and all of its children. */
  readonly cpuSeconds: number;
}

async function timeRecorder(recorder: Recorder, load: Load, data: Data): Promise<Times> {
  const folder = mkdtempSync(join(dirname(data.path), 'run-'));
  try {
    const times = await timeShell(recorder.record(load.command(data.path), folder), folder);
    if (recorder === orch && load.exact && (await recordedHash(folder)) !== data.sha256)
      throw new Error('the recording is not what was printed');
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the bytes of the only task in `folder`, in however many parts they were recorded. */
async function recordedHash(folder: string): Promise<string> {
  const [id = '', ...others] = taskFolders(folder);
  if (id === '' || others.length > 0) throw new Error(`not one task in ${folder}: ${[id, ...others].join(', ')}`);
  const hash = createHash('sha256');
  for await (const { bytes } of readLog({ id, path: join(folder, id) })) hash.update(bytes);
  return hash.digest('hex');
}

/** Runs a shell command with its output thrown away; bash's own `time` counts the children that were waited for. */
async function timeShell(command: string, home: string): Promise<Times> {
  const timed = `TIMEFORMAT='%3R %3U %3S'; time { eval "$1"; } >/dev/null 2>/dev/null`;
  const { code, stderr } = await runPiped('bash', ['-c', timed, 'bash', command], {
    env: { HOME: home },
    deadlineMs: DEADLINE_MS,
  });
  const [seconds = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  if (code !== 0 || seconds === 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return { seconds, cpuSeconds: user + system };
}
