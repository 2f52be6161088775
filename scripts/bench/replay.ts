import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openTerminal, type TerminalOptions, type TestTerminal } from '../../tests/fixtures/terminal.js';
import { type Happening, writeReplayed } from '../../tests/view/replay/replayed-task.js';
import { systemClock } from '../../src/core/clock.js';
import { type Bench, ofEachBuild, type Setting } from './bench.js';
import type { Build } from './builds.js';
import { measure } from './measure.js';
import { ownFolder } from './recorded-data.js';
import { latencies } from './spread.js';

/** What an agent's interface prints in twenty seconds: something every 5 to 60 ms, now and then a second of nothing. */
const TIMED_MS = 20_000;
/** Played at a hundred times its speed. */
const FAST_MS = 1_000_000;
const FAST_STEP_MS = 50;
const FAST_SPEED = 100;
/** Keys for tenths of the recording, each away from the last. */
const TENTHS = [5, 2, 8, 1, 9, 3, 7, 4, 6];

/** How exactly a replay keeps the time of its recording, and how soon it is where somebody wants it. */
export const replay: readonly Bench[] = [
  {
    name: 'replay',
    what: 'how late orch replay is at 1x, and how exact at 100x',
    prepare: (setting) => {
      const steady = sessionOf(setting.scale(TIMED_MS), (at) => 5 + ((at * 7919) % 56) + (at % 97 === 96 ? 1000 : 0));
      const even = sessionOf(setting.scale(FAST_MS), () => FAST_STEP_MS);
      const gaps = JSON.stringify(steady.map(({ ms }) => ms));
      const bare: Open = (options) => openTerminal(process.execPath, ['-e', BARE, gaps], options);
      return [
        ...ofEachBuild(setting, (build) => ({
          mostTurns: 1,
          measure: async () => {
            const late = await lateness(steady, 1, replayed(setting, build, steady, 1));
            const fast = await lateness(even, FAST_SPEED, replayed(setting, build, even, FAST_SPEED));
            const fastMs = even.reduce((total, { ms }) => total + ms, 0) / FAST_SPEED;
            return {
              ...latencies('late', late),
              'late at the end, ms': late.at(-1) ?? Number.NaN,
              'off at 100x, %': (Math.abs(fast.at(-1) ?? Number.NaN) / fastMs) * 100,
            };
          },
        })),
        { name: 'a bare timer', mostTurns: 1, measure: async () => latencies('late', await lateness(steady, 1, bare)) },
      ];
    },
  },
  {
    name: 'replay-seek',
    what: 'from a key in orch replay to the screen of that tenth of a recording with keyframes',
    prepare: async (setting) => {
      for (const { bin, ...build } of setting.builds) {
        const dir = ownFolder(setting, { bin, ...build });
        writeReplayed(dir, tenths(setting.mb));
        await measure({ argv: [process.execPath, bin, 'index', '--dir', dir] });
      }
      return ofEachBuild(setting, (build) => ({
        measure: async () => latencies('key to screen', await seekTimes(build, ownFolder(setting, build))),
      }));
    },
  },
];

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

function replayed({ folder }: Setting, { bin }: Build, session: readonly Happening[], speed: number): Open {
  const agentDir = mkdtempSync(join(folder, 'replay-'));
  writeReplayed(agentDir, session);
  const args = [bin, 'replay', '--dir', agentDir, '--speed', String(speed), '--idle-limit', '1d'];
  return (options) => openTerminal(process.execPath, args, options);
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

/** A tenth of a megabyte every tenth of a second, each line saying in which tenth of the whole it is. */
function tenths(mb: number): readonly Happening[] {
  return Array.from({ length: mb * 10 }, (_, at): Happening => {
    const line = `\x1b[31m${'some words of an agent '.repeat(2)} \x1b[mtenth-${Math.floor(at / mb)}\r\n`;
    return { type: 'output', ms: 100, bytes: Buffer.from(line.repeat(Math.ceil(1e5 / line.length))) };
  });
}

/** How long a screen takes to any place of a recording, ms. */
async function seekTimes({ bin }: Build, agentDir: string): Promise<readonly number[]> {
  await using terminal = openTerminal(process.execPath, [bin, 'replay', '--dir', agentDir]);
  await terminal.waitFor('tenth-0');
  // Paused, so that nothing else is to be done.
  await terminal.type(' ');
  const times: number[] = [];
  for (const tenth of TENTHS) {
    const before = systemClock.monotonic();
    await terminal.type(String(tenth));
    // What ends where this tenth begins.
    await terminal.waitFor(`tenth-${tenth - 1}`);
    times.push(systemClock.monotonic() - before);
  }
  await terminal.type('q');
  await terminal.end();
  return times;
}
