import { closeSync, mkdtempSync, openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { taskFolders } from '../../tests/fixtures/agent-folder.js';
import { openTerminal } from '../../tests/fixtures/terminal.js';
import type { TestTerminal } from '../../tests/fixtures/terminal.js';
import { type Bench, ofEachBuild, ofPeers, type Setting } from './bench.js';
import { latencies } from './spread.js';
import { orchRecorder, type Recorder, script } from './recorders.js';

/** Lines a turn, and the pause between two: far enough apart that each is one write, one read, one event. */
const LINES = 500;
const PAUSE_MS = 4;

/** Prints the monotonic clock, which all processes of a machine share, once it is told to begin. */
const STAMPER = `
process.stdin.once('data', () => {
  let left = Number(process.env.STAMPS);
  const timer = setInterval(() => {
    require('node:fs').writeSync(1, process.hrtime.bigint() + ';\\n');
    if ((left -= 1) === 0) { clearInterval(timer); process.stdin.pause(); }
  }, ${PAUSE_MS});
});
require('node:fs').writeSync(1, 'ready\\n');
`;

/** From a program's write to the log file, and to the user's terminal. */
export const latency: Bench = {
  name: 'latency',
  what: `orch run of a program with a line every ${PAUSE_MS} ms: from its write to the log, and to the user's terminal`,
  peers: [script.peer],
  prepare: (setting) => [
    ...ofEachBuild(setting, (build) => {
      const recorder = orchRecorder(build, ['--output', 'raw']);
      return {
        measure: async () => ({
          ...latencies('log', await throughLog(recorder, setting)),
          ...latencies('terminal', await throughTerminal(recorder, setting)),
        }),
      };
    }),
    ...ofPeers(setting, {
      [script.name]: { measure: async () => latencies('terminal', await throughTerminal(script, setting)) },
    }),
  ],
};

async function throughTerminal(recorder: Recorder, setting: Setting): Promise<number[]> {
  const stamps = new Stamps();
  await using terminal = openStamper(recorder, setting, mkdtempSync(join(setting.folder, 'run-')), (bytes) => {
    stamps.receive(bytes);
  });
  await terminal.waitFor('ready');
  await begin(terminal);
  return stamps.delays;
}

/** A follower as it should be: told of each change by the kernel, reading from where it stopped. */
async function throughLog(recorder: Recorder, setting: Setting): Promise<number[]> {
  const folder = mkdtempSync(join(setting.folder, 'run-'));
  await using terminal = openStamper(recorder, setting, folder);
  await terminal.waitFor('ready');
  const log = join(folder, taskFolders(folder)[0] ?? '', 'backend.log');
  const file = openSync(log, 'r');
  const stamps = new Stamps();
  const buffer = Buffer.alloc(65_536);
  const readNew = (): void => {
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      stamps.receive(buffer.subarray(0, count));
    }
  };
  readNew();
  const watcher = watch(log, readNew);
  await begin(terminal);
  readNew();
  watcher.close();
  closeSync(file);
  return stamps.delays;
}

function openStamper(
  recorder: Recorder,
  setting: Setting,
  folder: string,
  onBytes?: (bytes: Buffer) => void,
): TestTerminal {
  const command = recorder.record(`exec "${process.execPath}" -e "$STAMPER"`, folder);
  return openTerminal('sh', ['-c', `exec ${command}`], {
    env: { STAMPER, STAMPS: String(setting.scale(LINES)) },
    ...(onBytes === undefined ? {} : { onBytes }),
  });
}

async function begin(terminal: TestTerminal): Promise<void> {
  await terminal.type('go\n');
  const { code } = await terminal.end();
  if (code !== 0) throw new Error(`the recorder ended with ${code}: ${terminal.bytes.toString()}`);
}

/** Reads stamps as they come in, and notes how old each is. */
class Stamps {
  /** Milliseconds. */
  readonly delays: number[] = [];
  #rest = '';

  receive(bytes: Buffer): void {
    const now = process.hrtime.bigint();
    const parts = (this.#rest + bytes.toString('latin1')).split(';');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const stamp = /\d+$/.exec(part)?.[0];
      if (stamp !== undefined) this.delays.push(Number(now - BigInt(stamp)) / 1e6);
    }
  }
}
