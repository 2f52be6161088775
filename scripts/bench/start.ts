import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { ORCH, runPiped } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { figure, range, table } from './report.js';
import { alternate, spread } from './spread.js';

/** A start takes milliseconds, so that many are needed for a steady median. */
const STARTS_PER_ROUND = 7;

/** The longest start that counts as one that nobody notices, as a share of that of Node. */
const MOST = 1.5;

/** What starts of commands take beside one of the Node that runs the bench; another Node is measured by running it with that. */
export const start: Bench = async (setting) => {
  const folder = mkdtempSync(join(setting.folder, 'start-'));
  await runPiped(process.execPath, [ORCH, 'run', '-q', '--dir', folder, '--', 'echo', 'one line']);
  const bare = { name: 'node -e 0', args: ['-e', '0'] };
  const commands = [
    { name: 'orch run -q -- true', args: [ORCH, 'run', '-q', '--dir', folder, '--', 'true'] },
    { name: 'orch --version', args: [ORCH, '--version'] },
    { name: 'orch ls', args: [ORCH, 'ls', '--dir', folder] },
    { name: 'orch logs latest', args: [ORCH, 'logs', 'latest', '--no-ansi', '--dir', folder] },
  ];
  const measured = await alternate([bare, ...commands], STARTS_PER_ROUND * setting.rounds, ({ args }) => timed(args));
  const rows = [...measured].map(([{ name }, starts]) => ({
    name,
    wall: spread(starts.map(({ wall }) => wall)),
    cpu: spread(starts.map(({ cpu }) => cpu)),
  }));
  setting.print(
    table([
      [`Node ${process.versions.node}`, 'ms', 'CPU, ms'],
      ...rows.map(({ name, wall, cpu }) => [name, range(wall), range(cpu)]),
    ]),
  );
  const base = rows.find(({ name }) => name === bare.name);
  return rows
    .filter((row) => row !== base)
    .map(({ name, wall }) =>
      figure(`${name}, as a share of node -e 0`, wall.median / (base?.wall.median ?? Number.NaN), '≤', MOST),
    );
};

/** From the start of a Node to its end, in milliseconds; CPU time is that of its children, too. */
async function timed(args: readonly string[]): Promise<{ readonly wall: number; readonly cpu: number }> {
  const began = performance.now();
  // The shell's `times` has what its children took: Node tells of its own alone.
  const script = '"$@" > /dev/null || exit; times';
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, ...args], {
    env: testEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const wall = performance.now() - began;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  const children = printed.trim().split('\n')[1] ?? '';
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return { wall, cpu: cpu * 1000 };
}
