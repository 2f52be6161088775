import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onlyTask, statusOfOnlyTask } from '../../tests/fixtures/agent-folder.js';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { eventually } from '../../tests/fixtures/eventually.js';
import { RunningTask } from '../../tests/fixtures/running-task.js';
import { openTerminal } from '../../tests/fixtures/terminal.js';
import { type Bench, ofEachBuild, type Readings, type Setting } from './bench.js';
import type { Build } from './builds.js';
import { peakKb } from './peak-memory.js';
import { latencies } from './spread.js';

const LINES = 200;
const PAUSE_MS = 25;

const TASKS = 100;
const WATCHED_SECONDS = 15;

const FOLLOWERS = 100;
const PACED_LINES = 3000;

/** `orch logs -f` while agents print. */
export const follow: readonly Bench[] = [
  {
    name: 'follow',
    what: `from an agent's print, through orch run -q, to what orch logs -f shows on a terminal, and to logs -f --no-ansi on a pipe`,
    prepare: (setting) =>
      ofEachBuild(setting, (build) => ({
        measure: async () => ({
          ...latencies('terminal', await stampsSeen(setting, build, onTerminal)),
          ...latencies('pipe', await stampsSeen(setting, build, onPipe)),
        }),
      })),
  },
  {
    name: 'follow-many',
    linuxOnly: true,
    what: `orch logs -f -A of ${TASKS} tasks with a line a second each`,
    prepare: (setting) => ofEachBuild(setting, (build) => ({ mostTurns: 1, measure: () => manyTasks(setting, build) })),
  },
  {
    name: 'followers',
    what: `an agent with a line a millisecond and ${FOLLOWERS} followers, one of them stopped`,
    prepare: (setting) =>
      ofEachBuild(setting, (build) => ({
        mostTurns: 1,
        measure: async () => ({
          'alone: time, s': await pacedAgent(setting, build, 0),
          'followed: time, s': await pacedAgent(setting, build, setting.scale(FOLLOWERS)),
        }),
      })),
  },
];

type Reader = (build: Build, args: readonly string[], onBytes: (bytes: Buffer) => void) => Promise<void>;

const onTerminal: Reader = async ({ bin }, args, onBytes) => {
  await using terminal = openTerminal(process.execPath, [bin, ...args], { onBytes });
  await terminal.end();
};

const onPipe: Reader = async ({ bin }, args, onBytes) => {
  const logs = spawn(process.execPath, [bin, ...args, '--no-ansi'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: testEnvironment(),
  });
  logs.stdout.on('data', onBytes);
  await new Promise((resolve) => logs.once('close', resolve));
};

/** How late the lines are, ms; the agent begins with them when the reader has seen that it is ready. */
async function stampsSeen(setting: Setting, build: Build, read: Reader): Promise<readonly number[]> {
  const folder = mkdtempSync(join(setting.folder, 'run-'));
  const go = `${folder}.go`;
  const count = setting.scale(LINES);
  const { ended } = await recordAgent(
    build,
    folder,
    whenThere(
      go,
      `let left = ${count}; const timer = setInterval(() => {
        writeSync(1, '<' + process.hrtime.bigint() + '>\\n');
        if (--left === 0) clearInterval(timer); }, ${PAUSE_MS});`,
    ),
  );
  const delays = new Map<string, number>();
  let rest = '';
  await read(build, ['logs', '-f', '--backend', '--dir', folder], (bytes) => {
    const now = process.hrtime.bigint();
    rest += bytes.toString('latin1');
    if (rest.includes('ready')) writeFileSync(go, '');
    for (const [, stamp = ''] of rest.matchAll(/<(\d+)>/g)) {
      if (!delays.has(stamp)) delays.set(stamp, Number(now - BigInt(stamp)) / 1e6);
    }
    rest = rest.slice(-100);
  });
  await ended;
  if (delays.size !== count) throw new Error(`${delays.size} of ${count} lines were shown`);
  return [...delays.values()];
}

/** A script that says `ready`, and runs `script` once there is a file `go`. */
function whenThere(go: string, script: string): string {
  return `const { existsSync, writeSync } = require('node:fs');
    writeSync(1, 'ready\\n');
    const waiting = setInterval(() => { if (existsSync(${JSON.stringify(go)})) { clearInterval(waiting); ${script} } }, 20);`;
}

interface RecordedAgent {
  /** Resolves when the recorder has ended. */
  readonly ended: Promise<void>;
}

/** Starts it; resolves once its task runs. */
async function recordAgent({ bin }: Build, folder: string, script: string): Promise<RecordedAgent> {
  const argv = [bin, 'run', '-q', '--dir', folder, '--', process.execPath, '-e', script];
  const child = spawn(process.execPath, argv, { stdio: 'ignore', env: testEnvironment() });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  await eventually(() => statusOfOnlyTask(folder) === 'running', 'a task that runs');
  return { ended };
}

/** What following so many tasks costs, each with a line a second. */
async function manyTasks(setting: Setting, { bin }: Build): Promise<Readings> {
  const folder = mkdtempSync(join(setting.folder, 'run-'));
  const count = setting.scale(TASKS);
  const seconds = setting.scale(WATCHED_SECONDS);
  const tasks = Array.from({ length: count }, (_, at) => new RunningTask(folder, { id: `task-1767323045-${at + 1}` }));
  const logs = spawn(process.execPath, [bin, 'logs', '-f', '-A', '--backend', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: testEnvironment(),
  });
  let lines = 0;
  logs.stdout.on('data', (bytes: Buffer) => (lines += bytes.toString().split('\n').length - 1));
  try {
    for (const task of tasks) task.print('ready\r\n');
    await eventually(() => lines >= count, 'a line of each task');
    const before = cpuSeconds(logs.pid);
    for (let second = 0; second < seconds; second++) {
      for (const task of tasks) {
        task.print(`line ${second} of what this agent has to say\r\n`);
        await delay(1000 / count);
      }
    }
    const share = ((cpuSeconds(logs.pid) - before) / seconds) * 100;
    const peak = peakKb(logs.pid ?? 0) / 1024;
    const printed = count * (seconds + 1);
    await eventually(() => lines >= printed, 'all lines of all tasks');
    return { 'CPU, % of a core': share, 'peak memory, MiB': peak };
  } finally {
    logs.kill();
  }
}

/** How long an agent that prints a line a millisecond takes, with nobody following and with many, one of them stopped, in seconds. */
async function pacedAgent(setting: Setting, build: Build, followers: number): Promise<number> {
  const folder = mkdtempSync(join(setting.folder, 'run-'));
  const go = `${folder}.go`;
  const script = `const begun = process.hrtime.bigint(); let left = ${setting.scale(PACED_LINES)}; const timer = setInterval(() => {
    writeSync(1, 'line ' + left + ' xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n');
    if (--left === 0) { clearInterval(timer); console.log('took ' + Number(process.hrtime.bigint() - begun) / 1e9); } }, 1);`;
  const { ended } = await recordAgent(build, folder, whenThere(go, script));
  const reading = Array.from({ length: followers }, (_, at) => followTo(build, folder, `${folder}.${at}`));
  for (const { seen } of reading) await eventually(seen, 'a follower that has begun', 120_000);
  reading[0]?.child.kill('SIGSTOP');
  writeFileSync(go, '');
  await ended;
  for (const { child } of reading) child.kill('SIGKILL');
  return Number(/took ([\d.]+)/.exec(onlyTask(folder).log.toString('latin1'))?.[1] ?? Number.NaN);
}

interface Follower {
  readonly child: ChildProcess;
  /** Whether it has shown something. */
  readonly seen: () => boolean;
}

function followTo({ bin }: Build, folder: string, file: string): Follower {
  const output = openSync(file, 'w');
  const child = spawn(process.execPath, [bin, 'logs', '-f', '--backend', '--dir', folder], {
    stdio: ['ignore', output, 'ignore'],
    env: testEnvironment(),
  });
  closeSync(output);
  return { child, seen: () => statSync(file).size > 0 };
}

/** Of the machine's clock ticks, a hundred a second (sysconf(_SC_CLK_TCK) on Linux): user and system time so far. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
