import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { onlyTask } from '../../tests/fixtures/agent-folder.js';
import { openOrch } from '../../tests/fixtures/terminal.js';
import type { Bench } from './bench.js';
import { peakKb } from './peak-memory.js';
import { figure } from './report.js';

/** How often the peak is looked at; the kernel keeps the peak itself, and only the last look counts. */
const LOOK_MS = 50;

/** The peak memory of orch while a terminal that nobody reads is sent four times the bytes of `capture`. */
export const memory: Bench = async (setting) => {
  const bytes = setting.mb * 4_000_000;
  const folder = mkdtempSync(join(setting.folder, 'memory-'));
  await using terminal = openOrch(['run', '--dir', folder, '--', 'head', '-c', String(bytes), '/dev/zero']);
  terminal.stopReading();
  let peak = 0;
  const looking = setInterval(() => (peak = Math.max(peak, peakKb(terminal.pid))), LOOK_MS);
  await terminal.ended;
  clearInterval(looking);
  const recorded = onlyTask(folder).manifest.bytes;
  if (recorded !== bytes) throw new Error(`${recorded} bytes recorded of ${bytes}`);
  setting.print(`${bytes / 1e9} GB to a terminal nobody reads, all recorded; peak ${Math.round(peak / 1024)} MiB`);
  return [figure(`peak memory, ${bytes / 1e9} GB unread`, peak / 1024, '≤', 150, ' MiB')];
};
