import { closeSync, mkdtempSync, openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { taskFolders } from '../../tests/fixtures/agent-folder.js';
import { openTerminal } from '../../tests/fixtures/terminal.js';
import type { TestTerminal } from '../../tests/fixtures/terminal.js';
import type { Bench, Setting } from './bench.js';
import { orch, peersHere } from './recorders.js';
import type { Recorder } from './recorders.js';
import { figure, number, table } from './report.js';
import type { Figure } from './report.js';
import { percentile } from './spread.js';

/** Lines a round, and the pause between two: far enough apart that each is one write, one read, one event. */
const LINES = 500;
const PAUSE_MS = 4;

/** Prints the monotonic clock, which all processes of a machine share, once it is told to begin. */
const STAMPER = `
process.stdin.once('data', () => {
  let left = ${LINES};
  const timer = setInterval(() => {
    require('node:fs').writeSync(1, process.hrtime.bigint() + ';\\n');
    if ((left -= 1) === 0) { clearInterval(timer); process.stdin.pause(); }
  }, ${PAUSE_MS});
});
require('node:fs').writeSync(1, 'ready\\n');
`;

/** From a program's write to the log file, and to the user's terminal. */
export const latency: Bench = async (setting) => {
  const rows = [['', 'to', 'p50 ms', 'p99 ms', 'max ms']];
  const figures: Figure[] = [];
  const report = (name: string, to: string, delays: readonly number[]): void => {
    const [p50 = 0, p99 = 0, max = 0] = [50, 99, 100].map((share) => percentile(delays, share));
    rows.push([name, to, number(p50), number(p99), number(max)]);
    if (name !== orch.name) return;
    figures.push(figure(`child's write to ${to}, p50`, p50, '≤', 1, ' ms'));
    figures.push(figure(`child's write to ${to}, p99`, p99, '≤', 5, ' ms'));
  };
  report(orch.name, 'backend.log', await rounds(setting, () => throughLog(setting)));
  for (const recorder of [orch, ...peersHere(setting.peers).filter(({ name }) => name === 'script')]) {
    report(recorder.name, 'the terminal', await rounds(setting, () => throughTerminal(recorder, setting)));
  }
  setting.print(`${setting.rounds} × ${LINES} lines, ${PAUSE_MS} ms apart\n\n${table(rows)}`);
  return figures;
};

async function rounds(setting: Setting, measure: () => Promise<number[]>): Promise<number[]> {
  const delays: number[] = [];
  for (let round = 0; round < setting.rounds; round += 1) delays.push(...(await measure()));
  return delays;
}

async function throughTerminal(recorder: Recorder, setting: Setting): Promise<number[]> {
  const stamps = new Stamps();
  await using terminal = openStamper(recorder, mkdtempSync(join(setting.folder, 'latency-')), (bytes) => {
    stamps.receive(bytes);
  });
  await terminal.waitFor('ready');
  await begin(terminal);
  return stamps.delays;
}

/** A follower as it should be: told of each change by the kernel, reading from where it stopped. */
async function throughLog(setting: Setting): Promise<number[]> {
  const folder = mkdtempSync(join(setting.folder, 'latency-'));
  await using terminal = openStamper(orch, folder);
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

function openStamper(recorder: Recorder, folder: string, onBytes?: (bytes: Buffer) => void): TestTerminal {
  const command = recorder.record(`exec "${process.execPath}" -e "$STAMPER"`, folder);
  return openTerminal('sh', ['-c', `exec ${command}`], {
    env: { STAMPER },
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
