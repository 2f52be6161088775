import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openOrch } from '../../tests/fixtures/terminal.js';
import { type Happening, writeReplayed } from '../../tests/view/replay/replayed-task.js';
import { systemClock } from '../../src/core/clock.js';
import { Recording } from '../../src/view/recording.js';
import { Playhead } from '../../src/view/replay/playhead.js';
import { Snapshots } from '../../src/view/replay/snapshots.js';
import { RecordedTimeline } from '../../src/view/replay/timeline.js';
import type { Bench, Setting } from './bench.js';
import { type Figure, figure, number, table } from './report.js';
import { percentile } from './spread.js';

/** What an agent's interface prints in 20 s: something every 5 to 60 ms, now and then a second of nothing. */
const TIMED_MS = 20_000;
/** Played at a hundred times its speed. */
const FAST_MS = 1_000_000;
const FAST_STEP_MS = 50;
const SEEKS = 40;

/** How exactly a replay keeps the time of its recording, and how soon it is where somebody wants it. */
export const replay: Bench = async (setting) => {
  const figures: Figure[] = [];
  const rows = [['what', 'p50', 'p99', 'max', 'at the end']];
  const late = await lateness(
    setting,
    sessionOf(TIMED_MS, (at) => 5 + ((at * 7919) % 56) + (at % 97 === 96 ? 1000 : 0)),
    1,
  );
  rows.push([
    'late at 1x, ms',
    ...[50, 99, 100].map((share) => number(percentile(late, share))),
    number(late.at(-1) ?? 0),
  ]);
  figures.push(figure('a chunk is late at speed 1, p99', percentile(late, 99), '≤', 10, ' ms'));
  const fast = await lateness(
    setting,
    sessionOf(FAST_MS, () => FAST_STEP_MS),
    100,
  );
  const off = (Math.abs(fast.at(-1) ?? Number.NaN) / (FAST_MS / 100)) * 100;
  rows.push([
    'late at 100x, ms',
    ...[50, 99, 100].map((share) => number(percentile(fast, share))),
    number(fast.at(-1) ?? 0),
  ]);
  figures.push(figure('at 100x the total is off by', off, '≤', 1, ' %'));
  const seeks = await seekTimes(setting);
  rows.push([
    `a seek in ${setting.mb} MB played once, ms`,
    ...[50, 99, 100].map((share) => number(percentile(seeks, share))),
    '',
  ]);
  setting.print(table(rows));
  return figures;
};

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
async function lateness({ folder }: Setting, session: readonly Happening[], speed: number): Promise<readonly number[]> {
  const agentDir = mkdtempSync(join(folder, 'replay-'));
  writeReplayed(agentDir, session);
  const seen = new Map<number, number>();
  await using terminal = openOrch(['replay', '--dir', agentDir, '--speed', String(speed), '--idle-limit', '1d'], {
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

/** How long a screen takes to any place of a recording that it has been through, ms. */
async function seekTimes({ folder, mb }: Setting): Promise<readonly number[]> {
  const line = `\x1b[3${1}m${'some words of an agent '.repeat(3)}\x1b[m\r\n`;
  const bytes = Buffer.from(line.repeat(Math.ceil(1e6 / line.length)));
  const session = Array.from({ length: mb }, (): Happening => ({ type: 'output', ms: 1000, bytes }));
  using recording = new Recording(writeReplayed(mkdtempSync(join(folder, 'seek-')), session));
  await using playhead = new Playhead(recording, new Snapshots());
  const timeline = new RecordedTimeline(recording, systemClock);
  await playhead.moveTo(timeline.end);
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
