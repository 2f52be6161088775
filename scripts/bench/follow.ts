import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ORCH } from '../../tests/fixtures/run-orch.js';
import { RunningTask } from '../../tests/fixtures/running-task.js';
import { openOrch } from '../../tests/fixtures/terminal.js';
import { writeTask } from '../../tests/fixtures/recorded-task.js';
import type { Bench, Setting } from './bench.js';
import { type Figure, figure, number, table } from './report.js';
import { percentile } from './spread.js';

const LINES = 200;
const PAUSE_MS = 25;

const TASKS = 100;
const WATCHED_SECONDS = 15;

const FOLLOWERS = 100;
const PACED_LINES = 3000;

/** A line of a long recording, and how long it went on. */
const LINE = 'the quick brown fox jumps over the lazy dog, again and again and again\r\n';
const RECORDING_BYTES = 1e9;
const RECORDING_HOURS = 4;

/** `orch logs` while agents print, and of what they printed. */
export const follow: Bench = async (setting) => [
  ...(await latencyToAnotherTerminal(setting)),
  ...(await manyTasks(setting)),
  ...(await manyFollowers(setting)),
  ...tailOfMuch(setting),
];

/** From the agent's print, through `orch run`, to what `orch logs -f` shows on another terminal. */
async function latencyToAnotherTerminal(setting: Setting): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(setting.folder, 'follow-'));
  const delays: number[] = [];
  for (let round = 0; round < setting.rounds; round++) delays.push(...(await stampsSeen(folder)));
  const [p50 = 0, p99 = 0, max = 0] = [50, 99, 100].map((share) => percentile(delays, share));
  setting.print(`from print to another terminal: p50 ${number(p50)} ms, p99 ${number(p99)} ms, max ${number(max)} ms`);
  return [
    figure("print to another terminal's logs -f, p50", p50, '≤', 20, ' ms'),
    figure("print to another terminal's logs -f, p99", p99, '≤', 100, ' ms'),
  ];
}

async function stampsSeen(folder: string): Promise<readonly number[]> {
  const stamper = `setTimeout(() => { let left = ${LINES}; const timer = setInterval(() => {
    require('node:fs').writeSync(1, '<' + process.hrtime.bigint() + '>\\n');
    if (--left === 0) clearInterval(timer); }, ${PAUSE_MS}); }, 1500);`;
  const recorder = spawn(process.execPath, [ORCH, 'run', '-q', '--dir', folder, '--', process.execPath, '-e', stamper]);
  await delay(500);
  const delays = new Map<string, number>();
  let rest = '';
  await using terminal = openOrch(['logs', '-f', '--dir', folder], {
    onBytes: (bytes) => {
      const now = process.hrtime.bigint();
      rest += bytes.toString('latin1');
      for (const [, stamp = ''] of rest.matchAll(/<(\d+)>/g)) {
        if (!delays.has(stamp)) delays.set(stamp, Number(now - BigInt(stamp)) / 1e6);
      }
      rest = rest.slice(-100);
    },
  });
  await terminal.end();
  recorder.kill();
  return [...delays.values()];
}

/** What following so many tasks costs, each with a line a second. */
async function manyTasks(setting: Setting): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(setting.folder, 'follow-'));
  const tasks = Array.from({ length: TASKS }, (_, at) => new RunningTask(folder, { id: `task-1767323045-${at + 1}` }));
  const logs = spawn(process.execPath, [ORCH, 'logs', '-f', '-A', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let lines = 0;
  logs.stdout.on('data', (bytes: Buffer) => (lines += bytes.toString().split('\n').length - 1));
  await delay(3000);
  const before = cpuSeconds(logs.pid);
  for (let second = 0; second < WATCHED_SECONDS; second++) {
    for (const task of tasks) {
      task.print(`line ${second} of what this agent has to say\r\n`);
      await delay(1000 / TASKS);
    }
  }
  const share = ((cpuSeconds(logs.pid) - before) / WATCHED_SECONDS) * 100;
  const rss = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${logs.pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024;
  await delay(1000);
  logs.kill();
  setting.print(
    `${TASKS} tasks, a line a second each: ${number(share)} % of a core, ${number(rss)} MiB, ${lines} lines`,
  );
  return [
    figure(`logs -f -A of ${TASKS} tasks, share of a core`, share, '≤', 25, ' %'),
    figure(`logs -f -A of ${TASKS} tasks, peak RSS`, rss, '≤', 200, ' MiB'),
    figure(`logs -f -A of ${TASKS} tasks, lines shown`, lines, '≥', TASKS * WATCHED_SECONDS),
  ];
}

/** How long an agent that prints a line a millisecond takes, with nobody following and with many, one of them stopped. */
async function manyFollowers(setting: Setting): Promise<readonly Figure[]> {
  const alone = await pacedAgent(setting, 0);
  const followed = await pacedAgent(setting, FOLLOWERS);
  setting.print(
    `a paced agent: ${number(alone)} s alone, ${number(followed)} s with ${FOLLOWERS} followers, one stopped`,
  );
  return [figure(`an agent's time with ${FOLLOWERS} followers, one stopped / alone`, followed / alone, '≤', 1.05)];
}

async function pacedAgent(setting: Setting, followers: number): Promise<number> {
  const folder = mkdtempSync(join(setting.folder, 'follow-'));
  const agent = `setTimeout(() => { const begun = process.hrtime.bigint(); let left = ${PACED_LINES}; const timer = setInterval(() => {
    require('node:fs').writeSync(1, 'line ' + left + ' xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n');
    if (--left === 0) { clearInterval(timer); console.log('took ' + Number(process.hrtime.bigint() - begun) / 1e9); } }, 1); },
    ${followers === 0 ? 100 : 20_000});`;
  const recorder = spawn(process.execPath, [ORCH, 'run', '-q', '--dir', folder, '--', process.execPath, '-e', agent]);
  const ended = new Promise((resolve) => recorder.once('close', resolve));
  await delay(500);
  const reading = Array.from({ length: followers }, () =>
    spawn(process.execPath, [ORCH, 'logs', '-f', '--backend', '--dir', folder], {
      stdio: ['ignore', 'ignore', 'ignore'],
    }),
  );
  const [first] = reading;
  if (first?.pid !== undefined) setTimeout(() => first.kill('SIGSTOP'), 10_000);
  await ended;
  for (const follower of reading) follower.kill('SIGKILL');
  const { stdout } = spawnSync(process.execPath, [ORCH, 'logs', '--backend', '--dir', folder, '-n', '1'], {
    encoding: 'utf8',
  });
  return Number(/took ([\d.]+)/.exec(stdout)?.[1] ?? NaN);
}

/** The end of a long recording, and its last minutes. */
function tailOfMuch(setting: Setting): readonly Figure[] {
  const folder = mkdtempSync(join(setting.folder, 'follow-'));
  writeLongTask(folder);
  const rows = [['of 1 GB', 'ms, median']];
  const figures: Figure[] = [];
  for (const argv of [
    ['-n', '100'],
    ['-n', '100', '--color', 'always'],
    ['--since', '5m', '-n', 'all'],
    ['--since', '10s'],
  ]) {
    const args = argv.includes('--since') ? argv.filter((arg) => arg !== '-n' && arg !== 'all') : argv;
    const times = Array.from({ length: Math.max(5, setting.rounds) }, () => {
      const begun = performance.now();
      // What is asked for is an answer: of the last minutes the first lines, which `head` waits for.
      spawnSync('sh', [
        '-c',
        '"$0" "$@" | head -n 50',
        process.execPath,
        ORCH,
        'logs',
        '--backend',
        '--dir',
        folder,
        ...args,
      ]);
      return performance.now() - begun;
    });
    const median = percentile(times, 50);
    rows.push([args.join(' '), number(median)]);
    figures.push(figure(`logs ${args.join(' ')} of 1 GB`, median, '≤', 300, ' ms'));
  }
  setting.print(table(rows));
  rmSync(folder, { recursive: true });
  return figures;
}

function writeLongTask(agentDir: string): void {
  const lines = Math.floor(RECORDING_BYTES / LINE.length);
  const started = Date.now() - RECORDING_HOURS * 3_600_000;
  const task = writeTask(agentDir, {
    events: [{ type: 'task.start', argv: ['agent'], cols: 80, rows: 24 }],
    manifest: { bytes: lines * LINE.length, started: new Date(started).toISOString(), ended: new Date().toISOString() },
  });
  mkdirSync(task.path, { recursive: true });
  const log = openSync(join(task.path, 'backend.log'), 'w');
  const thousand = Buffer.from(LINE.repeat(1000));
  for (let left = lines; left > 0; left -= 1000) writeSync(log, thousand, 0, Math.min(left, 1000) * LINE.length);
  closeSync(log);
  const header = JSON.stringify({ v: 1, start: new Date(started).toISOString(), size: { cols: 80, rows: 24 } });
  const index = [header];
  for (let line = 10; line <= lines; line += 10) {
    index.push(JSON.stringify([Math.round((line / lines) * RECORDING_HOURS * 3_600_000), 'o', line * LINE.length]));
  }
  writeFileSync(join(task.path, 'backend.idx'), `${index.join('\n')}\n`);
}

/** Of the machine's clock ticks, a hundred a second (sysconf(_SC_CLK_TCK) on Linux): user and system time so far. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
