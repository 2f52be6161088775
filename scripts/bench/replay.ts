import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openOrch, openTerminal, type TerminalOptions, type TestTerminal } from '../../tests/fixtures/terminal.js';
import { type Happening, writeReplayed } from '../../tests/view/replay/replayed-task.js';
import { systemClock } from '../../src/core/clock.js';
import { makeKeyframes } from '../../src/keyframes/make-keyframes.js';
import { RecordedTask } from '../../src/view/lines/recorded-task.js';
import { Playhead } from '../../src/view/replay/playhead.js';
import { Snapshots } from '../../src/view/replay/snapshots.js';
import { RecordedTimeline } from '../../src/view/replay/timeline.js';
import type { Bench, Setting } from './bench.js';
import { figure, number, table } from './report.js';
import { percentile } from './spread.js';

/** What an agent's interface prints in a minute: something every 5 to 60 ms, now and then a second of nothing. */
const TIMED_MS = 60_000;
/** Played at a hundred times its speed. */
const FAST_MS = 1_000_000;
const FAST_STEP_MS = 50;
const SEEKS = 40;

/** How exactly a replay keeps the time of its recording, and how soon it is where somebody wants it. */
export const replay: Bench = async (setting) => {
  const rows: Row[] = [];
  const steady = sessionOf(TIMED_MS, (at) => 5 + ((at * 7919) % 56) + (at % 97 === 96 ? 1000 : 0));
  const bare = await lateness(steady, 1, (options) =>
    openTerminal(process.execPath, ['-e', BARE, JSON.stringify(steady.map(({ ms }) => ms))], options),
  );
  rows.push({ what: 'late at 1x, a bare timer, ms', values: bare });
  const late = await lateness(steady, 1, replayed(setting, steady, 1));
  rows.push({ what: 'late at 1x, orch replay, ms', values: late });
  const even = sessionOf(FAST_MS, () => FAST_STEP_MS);
  const fast = await lateness(even, 100, replayed(setting, even, 100));
  rows.push({ what: 'late at 100x, orch replay, ms', values: fast });
  const seeks = await seekTimes(setting);
  rows.push({ what: `a seek in ${setting.mb} MB with keyframes, ms`, values: seeks });
  setting.print(table([['', 'p50', 'p99', 'max'], ...rows.map(({ what, values }) => [what, ...shares(values)])]));
  const off = (Math.abs(fast.at(-1) ?? Number.NaN) / (FAST_MS / 100)) * 100;
  return [
    figure('late at 1x, p99, beyond a bare timer', percentile(late, 99) - percentile(bare, 99), '≤', 10, ' ms'),
    figure('late at the end of a minute at 1x', late.at(-1) ?? Number.NaN, '≤', 10, ' ms'),
    figure(`a seek in ${setting.mb} MB, p99`, percentile(seeks, 99), '≤', 200, ' ms'),
    figure('at 100x the total is off by', off, '≤', 1, ' %'),
  ];
};

interface Row {
  readonly what: string;
  readonly values: readonly number[];
}

const shares = (values: readonly number[]): readonly string[] =>
  [50, 99, 100].map((share) => number(percentile(values, share)));

/** Prints the same lines at the same times, and does nothing else: what the machine lets anybody keep to. */
const BARE = `
const gaps = JSON.parse(process.argv[1]);
const begun = process.hrtime.bigint();
let due = 0;
let at = -1;
const next = () => {
  if (at >= 0) process.stdout.write('m' + String(at).padStart(6, '0') + '\\r\\n');
  if (++at >= gaps.length) return;
  due += gaps[at];
  setTimeout(next, due - Number(process.hrtime.bigint() - begun) / 1e6);
};
next();
`;

type Open = (options: TerminalOptions) => TestTerminal;

function replayed({ folder }: Setting, session: readonly Happening[], speed: number): Open {
  const agentDir = mkdtempSync(join(folder, 'replay-'));
  writeReplayed(agentDir, session);
  return (options) => openOrch(['replay', '--dir', agentDir, '--speed', String(speed), '--idle-limit', '1d'], options);
}

/** Lines with a number each, at these distances. */
function sessionOf(ms: number, gap: (at: number) => number): readonly Happening[] {
  const session: Happening[] = [];
  for (let at = 0, now = 0; now < ms; at++) {
    const wait = gap(at);
    now += wait;
    session.push({ type: 'output', ms: wait, bytes: Buffer.from(`m${String(at).padStart(6, '0')}\r\n`) });
  }
  return session;
}

/** How late each line was on the terminal, ms, by the first that came as early as any. */
async function lateness(session: readonly Happening[], speed: number, open: Open): Promise<readonly number[]> {
  const seen = new Map<number, number>();
  await using terminal = open({
    cols: 90,
    rows: 40,
    onBytes: (bytes) => {
      const now = systemClock.monotonic();
      for (const [, line] of bytes.toString('latin1').matchAll(/m(\d{6})/g))
        if (!seen.has(Number(line))) seen.set(Number(line), now);
    },
  });
  await terminal.end(120_000);
  let due = 0;
  const delays = session.flatMap(({ ms }, at) => {
    due += ms / speed;
    const now = seen.get(at);
    return now === undefined ? [] : [now - due];
  });
  // The line that was least late tells when the replay began: nothing is early.
  const begun = Math.min(...delays);
  return delays.map((delay) => delay - begun);
}

/** How long a screen takes to any place of a recording, ms. */
async function seekTimes({ folder, mb }: Setting): Promise<readonly number[]> {
  const line = `\x1b[31m${'some words of an agent '.repeat(3)}\x1b[m\r\n`;
  const bytes = Buffer.from(line.repeat(Math.ceil(1e6 / line.length)));
  const session = Array.from({ length: mb }, (): Happening => ({ type: 'output', ms: 1000, bytes }));
  const entry = writeReplayed(mkdtempSync(join(folder, 'seek-')), session);
  await makeKeyframes(entry.folder);
  using recording = new RecordedTask(entry);
  await using playhead = new Playhead(recording, new Snapshots(recording));
  const timeline = new RecordedTimeline(recording, systemClock);
  const times: number[] = [];
  for (let seek = 0; seek < SEEKS; seek++) {
    const offset = (seek * 7_919_993 * 131) % timeline.end.offset;
    const before = systemClock.monotonic();
    await playhead.moveTo(timeline.atOffset(offset));
    playhead.screen.frame();
    times.push(systemClock.monotonic() - before);
  }
  return times;
}
