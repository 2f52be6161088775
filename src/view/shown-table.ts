import { padEnd } from './display-width.js';
import { formatBytes } from './format.js';
import type { LogStream } from './log-stream.js';
import { readTask } from '../store/task-reader.js';
import { plain } from './colour.js';
import { statusText } from './task-status.js';

/** What was shown of each task, a line each. */
export function shownTable(streams: readonly LogStream[]): string {
  const rows = streams.map((stream) => {
    const entry = readTask(stream.folder);
    const bytes = entry.type === 'task' ? formatBytes(entry.bytes) : '-';
    return [stream.label, statusText(entry, plain), `${stream.shown} lines shown`, `${bytes} recorded`];
  });
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, at) => padEnd(cell, widths[at] ?? 0)).join('  ')}\n`).join('');
}
