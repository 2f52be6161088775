/**
 * How fast raw output becomes clean text: as many megabytes of each kind as `--mb` says.
 *
 * Beside it, on the same data in the same run: bare @xterm/headless (64 KiB writes, the last awaited), strip-ansi, and
 * ansi2txt and `col -b` where they are installed. MB/s; memory is the growth of this process while it read.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import stripAnsi from 'strip-ansi';
import { Transcript } from '../../src/render/index.js';
import type { Bench } from './bench.js';
import { DATA_KINDS, type DataKind, terminalData } from './terminal-data.js';

const CHUNK = 65_536;
const SIZE = { cols: 80, rows: 24 };

/** Reads all of `data` in chunks and forgets the lines, as a filter would. */
function readAll(data: Uint8Array): number {
  const engine = new Transcript(SIZE);
  let lines = 0;
  for (let at = 0; at < data.length; at += CHUNK) lines += engine.push(data.subarray(at, at + CHUNK)).length;
  return lines + engine.end().length;
}

async function bareXterm(data: Uint8Array): Promise<void> {
  const terminal = new xterm.Terminal({ ...SIZE, scrollback: 500, allowProposedApi: true });
  for (let at = 0; at < data.length; ) {
    const to = Math.min(data.length, at + 16 * CHUNK);
    for (; at + CHUNK < to; at += CHUNK) terminal.write(data.subarray(at, at + CHUNK));
    const last = data.subarray(at, to);
    at = to;
    await new Promise<void>((resolve) => {
      terminal.write(last, resolve);
    });
  }
  terminal.dispose();
}

/** Only for the eye: the promise, that it keeps up with an agent, is far below what any of these reach. */
export const transcript: Bench = async ({ mb, folder, print }) => {
  const columns = ['orch', 'xterm', 'strip-ansi', 'ansi2txt', 'col -b', 'lines', 'MB held'];
  print(['kind'.padEnd(10), ...columns.map((name) => name.padStart(10))].join(' '));
  for (const kind of DATA_KINDS) print(await row(kind, mb, join(folder, kind)));
  return [];
};

async function row(kind: DataKind, megabytes: number, file: string): Promise<string> {
  const data = terminalData(kind, megabytes * 1e6);
  writeFileSync(file, data);
  const before = process.memoryUsage().rss;
  let lines = 0;
  const own = await seconds(() => {
    lines = readAll(data);
  });
  const held = (process.memoryUsage().rss - before) / 1e6;
  const times = [
    own,
    await seconds(() => bareXterm(data)),
    await seconds(() => {
      for (let at = 0; at < data.length; at += 1e6) stripAnsi(Buffer.from(data.subarray(at, at + 1e6)).toString());
    }),
    await seconds(() => tool('ansi2txt', file)),
    await seconds(() => tool('col -b', file)),
  ];
  const rates = times.map((time) => (time === undefined ? '-' : (data.length / 1e6 / time).toFixed(0)));
  return [kind.padEnd(10), ...[...rates, String(lines), held.toFixed(0)].map((cell) => cell.padStart(10))].join(' ');
}

/** How long `run` takes; undefined where it says that it could not. */
async function seconds(run: () => unknown): Promise<number | undefined> {
  const started = performance.now();
  const result = await run();
  return result === false ? undefined : (performance.now() - started) / 1000;
}

function tool(command: string, file: string): boolean {
  return spawnSync('sh', ['-c', `${command} < "$1" > /dev/null`, 'sh', file], { stdio: 'ignore' }).status === 0;
}
