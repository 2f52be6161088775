import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { onlyTask } from '../../tests/fixtures/agent-folder.js';
import { openTerminal } from '../../tests/fixtures/terminal.js';
import { type Bench, ofEachBuild } from './bench.js';
import { peakKb } from './peak-memory.js';

/** Megabytes for each of `--mb`. */
const SIZE = 4;
/** How often the peak is looked at; the kernel keeps the peak itself, and only the last look counts. */
const LOOK_MS = 50;

/** The peak memory of orch while a terminal that nobody reads is sent much. */
export const memory: Bench = {
  name: 'memory',
  linuxOnly: true,
  what: 'orch run to a terminal that nobody reads',
  prepare: (setting) =>
    ofEachBuild(setting, ({ bin }) => ({
      mostTurns: 1,
      measure: async () => {
        const bytes = setting.mb * SIZE * 1_000_000;
        const dir = mkdtempSync(join(setting.folder, 'run-'));
        const args = [bin, 'run', '--dir', dir, '--', 'head', '-c', String(bytes), '/dev/zero'];
        await using terminal = openTerminal(process.execPath, args);
        terminal.stopReading();
        let peak = 0;
        const looking = setInterval(() => (peak = Math.max(peak, peakKb(terminal.pid))), LOOK_MS);
        await terminal.ended;
        clearInterval(looking);
        const recorded = onlyTask(dir).manifest.bytes;
        if (recorded !== bytes) throw new Error(`${recorded} bytes were recorded of ${bytes}`);
        return { 'peak memory, MiB': peak / 1024 };
      },
    })),
};
