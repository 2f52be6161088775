import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeKeyframes } from '../../src/keyframes/make-keyframes.js';
import { writeTask } from '../../tests/fixtures/recorded-task.js';
import { ORCH, runPiped } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { figure, range, table } from './report.js';
import { alternate, spread } from './spread.js';

/** So many lines are written over and over. */
const LINE_COUNT = 10_000;

/** How long the last hundred lines of a long recording take, beside those of a short one. */
export const tail: Bench = async (setting) => {
  const long = await recorded(setting.folder, 'long', setting.mb * 1e6);
  const short = await recorded(setting.folder, 'short', 10_000);
  const command = (name: string, dir: string) => ({ name, args: [ORCH, 'logs', 'latest', '-n', '100', '--dir', dir] });
  const peers = [command('of 10 kB', short.dir), command(`of ${setting.mb} MB`, long.dir)];
  const measured = await alternate(peers, 3 * setting.rounds, async ({ args }) => {
    const began = performance.now();
    const { code, stderr } = await runPiped(process.execPath, args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return performance.now() - began;
  });
  const spreads = [...measured].map(([{ name }, times]) => ({ name, times: spread(times) }));
  setting.print(table([['orch logs -n 100', 'ms'], ...spreads.map(({ name, times }) => [name, range(times)])]));
  setting.print(`\nkeyframes: ${(long.share * 100).toFixed(2)} % of the log, made at ${long.rate.toFixed(1)} MB/s`);
  const [little, much] = spreads;
  if (!little || !much) return [];
  return [
    figure('orch logs -n 100 of a long recording', much.times.median, '≤', 300, ' ms'),
    figure('keyframes, as a share of the log', long.share * 100, '≤', 5, ' %'),
  ];
};

async function recorded(folder: string, name: string, bytes: number) {
  const dir = join(folder, name);
  const block = Buffer.from(Array.from({ length: LINE_COUNT }, (_, n) => line(n)).join(''));
  const task = writeTask(dir, { log: '', manifest: { bytes: Math.ceil(bytes / block.length) * block.length } });
  const fd = openSync(join(task.path, 'backend.log'), 'w');
  let written = 0;
  for (; written < bytes; written += block.length) writeSync(fd, block);
  closeSync(fd);
  const began = performance.now();
  const made = await makeKeyframes(task);
  return { dir, share: made.bytes / written, rate: written / 1000 / (performance.now() - began) };
}

/** In colours, as build logs have them. */
function line(n: number): string {
  return `${n} \x1b[32mcompiling\x1b[m src/module-${n % 977}.ts ${Math.sin(n).toString(36)}\r\n`;
}
