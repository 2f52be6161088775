/**
 * How fast raw output becomes clean text: `npx tsx scripts/bench/transcript.ts [MB] [KIND…]`, 64 MB of each kind unless told.
 *
 * Beside it, on the same data in the same run: bare @xterm/headless (64 KiB writes, the last awaited), strip-ansi, and
 * ansi2txt and `col -b` where they are installed. MB/s; memory is the growth of this process while it read.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import stripAnsi from 'strip-ansi';
import { Transcript } from '../../src/render/index.js';
import { DATA_KINDS, type DataKind, terminalData } from './terminal-data.js';

const CHUNK = 65_536;
const SIZE = { cols: 80, rows: 24 };

/** Reads all of `data` in chunks and forgets the lines, as a filter would. */
function transcript(data: Uint8Array): number {
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

async function main(args: readonly string[]): Promise<void> {
  const megabytes = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 64);
  const kinds = DATA_KINDS.filter((kind) => !args.some((arg) => !/^\d+$/.test(arg)) || args.includes(kind));
  const folder = mkdtempSync(join(tmpdir(), 'transcript-'));
  console.log(
    'kind'.padEnd(10),
    ...['orch', 'xterm', 'strip-ansi', 'ansi2txt', 'col -b', 'lines', 'MB held'].map((name) => name.padStart(10)),
  );
  for (const kind of kinds) await row(kind, megabytes, join(folder, kind));
  rmSync(folder, { recursive: true });
}

async function row(kind: DataKind, megabytes: number, file: string): Promise<void> {
  const data = terminalData(kind, megabytes * 1e6);
  writeFileSync(file, data);
  const before = process.memoryUsage().rss;
  let lines = 0;
  const own = await seconds(() => {
    lines = transcript(data);
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
  console.log(kind.padEnd(10), ...[...rates, String(lines), held.toFixed(0)].map((cell) => cell.padStart(10)));
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

await main(process.argv.slice(2));
