import { readTask } from '../../store/task/task-reader.js';
import { plain } from '../print/colour.js';
import { formatBytes } from '../print/format.js';
import type { LogStream } from '../streams/log-stream.js';
import { type Column, tableLines } from './table.js';
import { statusText } from './task-status.js';

/** How much was shown of each task, a line each under a heading. */
export function shownTable(streams: readonly LogStream[]): string {
  const rows = streams.map((stream) => ({ stream, entry: readTask(stream.folder) }));
  return tableLines(rows, COLUMNS, { columns: undefined, paint: plain })
    .map((line) => `${line}\n`)
    .join('');
}

interface Shown {
  readonly stream: LogStream;
  readonly entry: ReturnType<typeof readTask>;
}

const COLUMNS: readonly Column<Shown>[] = [
  { title: 'TASK', cell: ({ stream }) => stream.label },
  { title: 'STATUS', cell: ({ entry }) => statusText(entry, plain) },
  { title: 'LINES SHOWN', cell: ({ stream }) => `${stream.shown}` },
  { title: 'BYTES', cell: ({ entry }) => (entry.type === 'task' ? formatBytes(entry.bytes) : '-') },
];
