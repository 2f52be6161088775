import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeTask } from '../../tests/fixtures/recorded-task.js';
import { type Bench, ofEachBuild } from './bench.js';
import { measure } from './measure.js';

/** A line of a long recording, how many megabytes of them there are for each of `--mb`, and how long it went on. */
const LINE = 'the quick brown fox jumps over the lazy dog, again and again and again\r\n';
const SIZE = 5;
const RECORDING_HOURS = 4;

/** What is asked for, by what that is called. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  '-n 100': ['-n', '100'],
  '-n 100 in colours': ['-n', '100', '--color', 'always'],
  '--since 5m': ['--since', '5m'],
  '--since 10s': ['--since', '10s'],
};

/** The end of a long recording without keyframes, and its last minutes: how soon the first lines of an answer are there. */
export const tail: Bench = {
  name: 'tail',
  what: 'orch logs of the end of a recording, up to its first fifty lines',
  turnsPerRound: 2,
  prepare: (setting) => {
    const dir = join(setting.folder, 'recordings');
    writeLongTask(dir, setting.mb * SIZE * 1e6);
    return ofEachBuild(setting, ({ bin }) => ({
      measure: async () => {
        const readings: Record<string, number> = {};
        for (const [name, args] of Object.entries(QUESTIONS)) {
          const argv = [process.execPath, bin, 'logs', '--backend', '--dir', dir, ...args];
          const { seconds } = await measure({ argv: ['sh', '-c', '"$0" "$@" | head -n 50', ...argv] });
          readings[`${name}: time, ms`] = seconds * 1000;
        }
        return readings;
      },
    }));
  },
};

function writeLongTask(agentDir: string, bytes: number): void {
  const lines = Math.floor(bytes / LINE.length);
  const started = Date.now() - RECORDING_HOURS * 3_600_000;
  const task = writeTask(agentDir, {
    events: [{ type: 'task.start', argv: ['agent'], cols: 80, rows: 24 }],
    manifest: { bytes: lines * LINE.length, started: new Date(started).toISOString(), ended: new Date().toISOString() },
  });
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
