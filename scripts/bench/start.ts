import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { ORCH, runPiped } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { figure, range, table } from './report.js';
import { alternate, spread } from './spread.js';

/** A start takes milliseconds, so that many are needed for a steady median. */
const STARTS_PER_ROUND = 7;

/** How long a run that does nothing takes, beside a Node that does nothing. */
export const start: Bench = async (setting) => {
  const node = { name: 'node -e 0', args: ['-e', '0'] };
  const folder = mkdtempSync(join(setting.folder, 'start-'));
  const run = { name: 'orch run -q -- true', args: [ORCH, 'run', '-q', '--dir', folder, '--', 'true'] };
  const measured = await alternate([node, run], STARTS_PER_ROUND * setting.rounds, async ({ args }) => {
    const began = performance.now();
    const { code, stderr } = await runPiped(process.execPath, args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return performance.now() - began;
  });
  const spreads = [...measured].map(([{ name }, times]) => ({ name, times: spread(times) }));
  setting.print(table([['', 'ms'], ...spreads.map(({ name, times }) => [name, range(times)])]));
  const [bare, orchRun] = spreads;
  if (!bare || !orchRun) return [];
  return [figure('orch run -q -- true, as a share of node -e 0', orchRun.times.median / bare.times.median, '≤', 1.5)];
};
