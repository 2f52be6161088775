import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from '../../src/store/task/log-reader.js';
import { onlyTask } from '../../tests/fixtures/agent-folder.js';
import { type Bench, ofEachBuild, ofPeers, type Readings, type Setting } from './bench.js';
import { measure } from './measure.js';
import { orchRecorder, others, quote, type Recorder, script } from './recorders.js';
import { type DataFile, type DataKind, hashOfData, type LineEnd, writeData } from './terminal-data.js';

interface Load {
  readonly name: string;
  readonly what: string;
  readonly kind: DataKind;
  /** As a share of `--mb`. */
  readonly size: number;
  /** A shell command that prints the file at `path`. */
  command(path: string): string;
  /** What the terminal makes of a line feed. */
  readonly lineEnd: LineEnd;
}

/** Raw is without echo: random bytes hold a query now and then, and its answer would be echoed into the recording. */
const LOADS: readonly Load[] = [
  {
    name: 'raw',
    what: 'random bytes through a raw terminal',
    kind: 'random',
    size: 2.5,
    command: (path) => `stty raw -echo; cat ${quote(path)}`,
    lineEnd: '\n',
  },
  {
    name: 'cooked',
    what: 'lines through a terminal as it is',
    kind: 'plain',
    size: 2.5,
    command: (path) => `cat ${quote(path)}`,
    lineEnd: '\r\n',
  },
  {
    name: '80-byte',
    what: 'the same, a write for each 80 bytes',
    kind: '80-byte',
    size: 1,
    command: (path) => `dd bs=80 status=none if=${quote(path)}`,
    lineEnd: '\r\n',
  },
];

/** What the recorders without a target print, as a share of that: they take minutes for all of it. */
const LESS = 0.2;

const LIVE = ['--output', 'raw'];
const QUIET = ['-q'];

/** A program that prints as fast as it can, recorded; whole commands, from their start to their end, and all CPU they used. */
export const capture: readonly Bench[] = LOADS.map((load) => ({
  name: `capture-${load.name}`,
  what: `orch run of ${load.what}, live to /dev/null and -q`,
  peers: [script.peer, ...others.map(({ peer }) => peer)],
  prepare: (setting) => {
    const mb = Math.ceil(setting.mb * load.size);
    const data = writeData(join(setting.folder, 'data'), load.kind, mb, '\n');
    const sha256 = hashOfData(load.kind, mb, load.lineEnd);
    const less = writeData(join(setting.folder, 'less'), load.kind, Math.ceil(mb * LESS), '\n');
    const record = (recorder: Recorder, { path }: DataFile, check?: Check): Promise<Recorded> =>
      timeRecorder(setting, recorder, load.command(path), check);
    return [
      ...ofEachBuild(setting, (build) => ({
        measure: async () => {
          const check: Check = (folder) => checkRecording(folder, sha256);
          const live = await record(orchRecorder(build, LIVE), data, check);
          const quiet = await record(orchRecorder(build, QUIET), data, check);
          const late = Math.max(live.lateMs, quiet.lateMs);
          const left = Math.max(live.leftSeconds, quiet.leftSeconds);
          return {
            ...figures('live', live, data),
            ...figures('-q', quiet, data),
            'ends after its agent, ms': late,
            'left running, s': left,
          };
        },
      })),
      ...ofPeers(setting, {
        [script.name]: { measure: async () => figures('live', await record(script, data), data) },
        ...Object.fromEntries(
          others.map((recorder) => [
            recorder.name,
            { measure: async () => figures('live', await record(recorder, less), less), mostTurns: 1 },
          ]),
        ),
      }),
    ];
  },
}));

/** Rejects where what was recorded in the folder is wrong. */
type Check = (folder: string) => Promise<void>;

interface Recorded {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly leftSeconds: number;
  /** From the last thing the agent did to the end of the recorder. */
  readonly lateMs: number;
}

function figures(how: string, { seconds, cpuSeconds }: Recorded, { bytes }: DataFile): Readings {
  return {
    [`${how}: rate, MB/s`]: bytes / 1e6 / seconds,
    [`${how}: CPU, s/GB`]: cpuSeconds / (bytes / 1e9),
  };
}

async function timeRecorder(setting: Setting, recorder: Recorder, command: string, check?: Check): Promise<Recorded> {
  const folder = mkdtempSync(join(setting.folder, 'run-'));
  // Not in `folder`, where there is to be nothing but what is recorded.
  const stamp = `${folder}.ended`;
  try {
    const recording = recorder.record(`${command}; date +%s%N > ${quote(stamp)}`, folder);
    const { endedAt, ...measured } = await measure({ argv: ['sh', '-c', recording] });
    await check?.(folder);
    return { ...measured, lateMs: endedAt - Number(readFileSync(stamp, 'latin1')) / 1e6 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(stamp, { force: true });
  }
}

/** The log's bytes, and the SHA-256 that the manifest has for them, are those of what was printed. */
async function checkRecording(agentDir: string, sha256: string): Promise<void> {
  const { manifest, folder } = onlyTask(agentDir);
  const hash = createHash('sha256');
  for await (const { bytes } of readLog({ id: manifest.id, path: folder })) hash.update(bytes);
  if (hash.digest('hex') !== sha256) throw new Error('the recording is not what was printed');
  if (manifest.sha256 !== sha256) throw new Error('the SHA-256 of the manifest is not that of what was printed');
}
