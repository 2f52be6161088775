import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORCH, runPiped } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { type Figure, figure, number, range, table } from './report.js';
import { alternate, spread } from './spread.js';

/** A line as agents print it: colours, and now and then a character that is not ASCII. */
const LINE = 'the quick brown \x1b[31mfox jumps\x1b[0m over the lazy dog, again and again and again ✓\r\n';
const FORMATS = ['asciicast-v3', 'asciicast-v2', 'html', 'json', 'script', 'tar', 'text'] as const;
/** Of the demo. */
const PICTURES = ['gif', 'png'];
/** Reads it all and does nothing with it. */
const CAT = 'cat';

/** How fast a long recording is exported, and how much memory that takes; beside cat(1) of the same bytes. */
export const exportBench: Bench = async (setting) => {
  const folder = mkdtempSync(join(setting.folder, 'export-'));
  const log = Buffer.alloc(setting.mb * 1_000_000, LINE);
  const file = join(folder, 'log');
  writeFileSync(file, log);
  await orch(folder, ['import', 'log']);
  const timed = await alternate([CAT, ...FORMATS], setting.rounds, async (what) => {
    if (what === CAT) return measure(folder, ['sh', '-c', 'exec cat log >out']);
    const masks = what === 'tar' ? ['--no-redact'] : [];
    return measure(folder, [process.execPath, ORCH, 'export', '-f', what, ...masks, '-o', 'out']);
  });
  const rows = [['', 'MB/s', 'peak MiB']];
  const figures: Figure[] = [];
  for (const [what, times] of timed) {
    const rate = spread(times.map(({ seconds }) => log.length / 1e6 / seconds));
    const peak = spread(times.map(({ peakMib }) => peakMib));
    rows.push([what, range(rate), number(peak.median)]);
    if (what === 'asciicast-v3' || what === 'asciicast-v2')
      figures.push(figure(`export to ${what}`, rate.median, '≥', 50, ' MB/s'));
    if (what !== CAT) figures.push(figure(`export to ${what}, peak memory`, peak.median, '≤', 120, ' MiB'));
  }
  figures.push(...(await pictures(folder, setting.rounds)));
  setting.print(`${setting.mb} MB, masked, ${setting.rounds} rounds, median (min–max)\n\n${table(rows)}`);
  return figures;
};

/** A session of eight seconds as pictures. */
async function pictures(folder: string, rounds: number): Promise<readonly Figure[]> {
  await orch(folder, ['run', '-q', '-b', 'demo']);
  const timed = await alternate(PICTURES, rounds, (format) =>
    measure(folder, [process.execPath, ORCH, 'export', '-f', format, '-o', 'out']),
  );
  return [...timed].flatMap(([format, times]) => [
    figure(`the demo to ${format}`, spread(times.map(({ seconds }) => seconds)).median, '≤', 2, ' s'),
    figure(`the demo to ${format}, peak memory`, spread(times.map(({ peakMib }) => peakMib)).median, '≤', 120, ' MiB'),
  ]);
}

interface Measured {
  readonly seconds: number;
  readonly peakMib: number;
}

/** By GNU time(1)'s word for the memory. */
async function measure(cwd: string, argv: readonly string[]): Promise<Measured> {
  const { code, stderr } = await runPiped('/usr/bin/time', ['-f', '%e %M', ...argv], { cwd, deadlineMs: 120_000 });
  const [seconds = 0, kib = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (code !== 0 || !(seconds > 0)) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr}`);
  return { seconds, peakMib: kib / 1024 };
}

async function orch(cwd: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runPiped(process.execPath, [ORCH, ...args], { cwd, deadlineMs: 120_000 });
  if (code !== 0) throw new Error(`orch ${args.join(' ')} ended with ${code}: ${stderr}`);
}
