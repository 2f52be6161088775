import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { ORCH } from '../../tests/fixtures/run-orch.js';
import type { Bench } from './bench.js';
import { figure, number, table } from './report.js';

/** After this time nothing of the start is going on any more: an unread end of input is repeated at growing pauses at first, ms. */
const SETTLE_MS = 45_000;
/** Measured for so long in each round, ms: more than the longest pause between two things an idle recorder does. */
const MEASURED_MS = 60_000;

/** What a bare idle Node takes here and there: memory is measured beside it, since what many Nodes share is told in parts of each. */
const BARE_PSS_MB = 7.9;

/** What a recorder takes while its agent does nothing, beside a Node that does nothing. Linux alone. */
export const idle: Bench = async ({ folder, rounds, print }) => {
  if (process.platform !== 'linux') return [];
  const agentDir = mkdtempSync(join(folder, 'idle-'));
  const bare = node('-e', 'setInterval(() => undefined, 1e9)');
  const silent = node(ORCH, 'run', '-q', '--dir', agentDir, '--', 'sleep', '100000');
  const printed = node(ORCH, 'run', '-q', '--dir', agentDir, '--', 'sh', '-c', 'echo hello; exec sleep 100000');
  try {
    await delay(SETTLE_MS);
    const all = [
      { name: 'node', pid: pidOf(bare) },
      { name: 'orch run -q -- sleep', pid: pidOf(silent) },
      { name: 'the same, after a line', pid: pidOf(printed) },
    ];
    const before = all.map(({ pid }) => taken(pid));
    await delay(MEASURED_MS * rounds);
    const rows = all.map(({ name, pid }, at) => {
      const now = taken(pid);
      const seconds = (MEASURED_MS * rounds) / 1000;
      return {
        name,
        pss: pssMb(pid),
        threads: now.threads,
        wakes: (now.switches - (before[at]?.switches ?? 0)) / seconds,
        percent: ((now.cpuMs - (before[at]?.cpuMs ?? 0)) / seconds / 1000) * 100,
      };
    });
    print(
      table([
        ['', 'PSS, MB', 'threads', 'context switches a second', '% of a core'],
        ...rows.map(({ name, pss, threads, wakes, percent }) => [
          name,
          number(pss),
          `${threads}`,
          number(wakes),
          percent.toFixed(3),
        ]),
      ]),
    );
    const [base, ...tasks] = rows;
    return tasks.flatMap(({ name, pss, threads, percent }) => [
      figure(`${name}: memory more than node's`, pss - (base?.pss ?? 0), '≤', 10.5 - BARE_PSS_MB, ' MB'),
      figure(`${name}: threads more than node's`, threads - (base?.threads ?? 0), '≤', 4),
      figure(`${name}: of a core`, percent, '≤', 0.02, ' %'),
    ]);
  } finally {
    for (const child of [bare, silent, printed]) child.kill('SIGTERM');
    await Promise.all([bare, silent, printed].map((child) => new Promise((resolve) => child.once('close', resolve))));
  }
};

function node(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { env: testEnvironment(), stdio: 'ignore' });
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('not started');
  return pid;
}

/** What a process has taken so far: of all its threads, but not of children that have ended. */
function taken(pid: number): { readonly threads: number; readonly switches: number; readonly cpuMs: number } {
  const threads = readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    threads: threads.length,
    switches: sum(
      threads.flatMap((path) =>
        [...readFileSync(`${path}/status`, 'utf8').matchAll(/ctxt_switches:\s+(\d+)/g)].map(([, count]) =>
          Number(count),
        ),
      ),
    ),
    // Nanoseconds on a core (schedstat).
    cpuMs: sum(threads.map((path) => Number(readFileSync(`${path}/schedstat`, 'utf8').split(' ')[0]) / 1e6)),
  };
}

function pssMb(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? Number.NaN) / 1000;
}
