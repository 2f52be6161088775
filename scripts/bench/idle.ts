import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { statusOfOnlyTask } from '../../tests/fixtures/agent-folder.js';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { eventually } from '../../tests/fixtures/eventually.js';
import { type Bench, ofEachBuild, type Readings, type Setting } from './bench.js';

/** As many at once, because what they share is to be shared among many: a laptop with agents that wait for their user. */
const PROCESSES = 40;
/** What works after a start, such as threads, has gone by then. */
const SETTLE_MS = 15_000;
const WATCHED_MS = 20_000;

/** An agent that says nothing, and is not counted; it ends by itself where the bench was killed. */
const SILENT = ['sleep', '600'];
const BARE = 'setInterval(() => {}, 1e9)';

/** What a task costs whose agent prints nothing, beside a Node that waits. From proc(5), so of Linux alone. */
export const idle: Bench = {
  name: 'idle',
  linuxOnly: true,
  what: `orch run -q of an agent that prints nothing, ${PROCESSES} at once, each`,
  prepare: (setting) => {
    return [
      ...ofEachBuild(setting, ({ bin }) => ({
        mostTurns: 1,
        measure: () =>
          watched(setting, async () => {
            const dir = mkdtempSync(join(setting.folder, 'idle-'));
            const child = start([bin, 'run', '-q', '--dir', dir, '--', ...SILENT]);
            await eventually(() => statusOfOnlyTask(dir) === 'running', 'a task that runs');
            return child;
          }),
      })),
      { name: 'idle node', mostTurns: 1, measure: () => watched(setting, () => Promise.resolve(start(['-e', BARE]))) },
    ];
  },
};

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: 'ignore', env: testEnvironment() });
}

/** Of what `start` starts so often, each: memory, threads and CPU, with the processes it has started itself. */
async function watched(setting: Setting, begin: () => Promise<ChildProcess>): Promise<Readings> {
  const count = setting.scale(PROCESSES);
  const started: ChildProcess[] = [];
  try {
    while (started.length < count) started.push(await begin());
    await delay(setting.scale(SETTLE_MS));
    const pids = started.flatMap(({ pid }) => (pid === undefined ? [] : family(pid)));
    const before = sum(pids, cpuNanoseconds);
    const begun = performance.now();
    await delay(setting.scale(WATCHED_MS));
    const busy = (sum(pids, cpuNanoseconds) - before) / 1e6 / (performance.now() - begun);
    return {
      'memory, MB PSS': sum(pids, pssBytes) / 1e6 / count,
      threads: sum(pids, threads) / count,
      'CPU, % of a core': (busy * 100) / count,
    };
  } finally {
    const ended = started.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of started) child.kill('SIGTERM');
    await Promise.all(ended);
  }
}

/** The process and those below it, without the agent. */
function family(pid: number): readonly number[] {
  const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  if (basename(program) === SILENT[0]) return [];
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

function sum(pids: readonly number[], of: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + of(pid), 0);
}

/** The proportional set size: what is shared counts as much as its share. */
function pssBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1]) * 1024;
}

function threads(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}

/** Of all threads it has now, by the scheduler, because a clock tick is more than an idle second has. */
function cpuNanoseconds(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (total, thread) => total + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]),
    0,
  );
}
