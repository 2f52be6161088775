import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onlyTask, statusOfOnlyTask } from '../../tests/fixtures/agent-folder.js';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { eventually } from '../../tests/fixtures/eventually.js';
import { type Bench, type Contender, ofEachBuild, type Readings, type Setting } from './bench.js';

/** As many at once, because what they share is to be shared among many: a laptop with agents that wait for their user. */
const PROCESSES = 40;
const HOSTS = 50;
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
          watched(setting, PROCESSES, async () => {
            const dir = mkdtempSync(join(setting.folder, 'idle-'));
            const run = start([bin, 'run', '-q', '--dir', dir, '--', ...SILENT]);
            await eventually(() => statusOfOnlyTask(dir) === 'running', 'a task that runs');
            return run;
          }),
      })),
      idleNode(setting),
    ];
  },
};

/** The same of detached tasks: no process of theirs is a child of ours. */
export const idleHosts: Bench = {
  name: 'idle-detached',
  linuxOnly: true,
  what: `orch run -d of an agent that prints nothing, ${HOSTS} at once, each`,
  prepare: (setting) => {
    return [
      ...ofEachBuild(setting, ({ bin }) => ({
        mostTurns: 1,
        measure: () => watched(setting, HOSTS, () => Promise.resolve(detached(setting, bin))),
      })),
      idleNode(setting),
    ];
  },
};

function idleNode(setting: Setting): Contender {
  const measure = (): Promise<Readings> => watched(setting, PROCESSES, () => Promise.resolve(start(['-e', BARE])));
  return { name: 'idle node', mostTurns: 1, measure };
}

interface Idle {
  readonly pid: number;
  /** Ends it; resolves when it has gone. */
  end(): Promise<unknown>;
}

function start(args: readonly string[]): Idle {
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: testEnvironment() });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function detached(setting: Setting, bin: string): Idle {
  const dir = mkdtempSync(join(setting.folder, 'idle-'));
  execFileSync(process.execPath, [bin, 'run', '-d', '--dir', dir, '--', ...SILENT], {
    stdio: 'ignore',
    env: testEnvironment(),
  });
  const { pid } = onlyTask(dir).manifest;
  return {
    pid,
    end: () => {
      process.kill(pid, 'SIGTERM');
      return eventually(() => !existsSync(`/proc/${pid}`), 'the end of a host');
    },
  };
}

/** Of what `begin` starts, `full` of them in a full run, each: memory, threads and CPU, with the processes it has started itself. */
async function watched(setting: Setting, full: number, begin: () => Promise<Idle>): Promise<Readings> {
  const count = setting.scale(full);
  const started: Idle[] = [];
  try {
    while (started.length < count) started.push(await begin());
    await delay(setting.scale(SETTLE_MS));
    const pids = started.flatMap(({ pid }) => family(pid));
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
    await Promise.all(started.map((one) => one.end()));
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
