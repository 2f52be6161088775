import { printable } from '../core/printable.js';
import type { TaskEntry } from '../store/task-reader.js';
import type { Paint } from './colour.js';
import { displayWidth, padEnd, truncate } from './display-width.js';
import { formatAge, formatBytes, formatCommand, formatDuration } from './format.js';
import { durationOf, statusText } from './task-status.js';

export interface TableOptions {
  /** Wall time, milliseconds since the epoch, for ages. */
  readonly now: number;
  /** Lines are cut to this width; undefined: they are as long as they are. */
  readonly columns: number | undefined;
  readonly paint: Paint;
}

/** Between two columns. */
const GAP = '   ';

/** A line for each task under a heading, in the order given; columns are as wide as their widest cell. */
export function taskTable(entries: readonly TaskEntry[], options: TableOptions): string {
  const columns = COLUMNS.filter(
    ({ optional, cell }) => !optional || entries.some((entry) => cell(entry, options) !== ''),
  );
  const heading = columns.map(({ title }) => title);
  const rows = [heading, ...entries.map((entry) => columns.map(({ cell }) => cell(entry, options)))];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at] ?? ''))));
  return rows.map((row, at) => line(row, widths, at === 0 ? 'heading' : 'task', options)).join('');
}

interface Column {
  readonly title: string;
  /** Left out where no task has anything in it. */
  readonly optional: boolean;
  readonly cell: (entry: TaskEntry, options: TableOptions) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'TASK', optional: false, cell: ({ folder }) => folder.id },
  {
    title: 'NAME',
    optional: true,
    cell: (entry) => (entry.type === 'task' ? printable(entry.manifest.name ?? '') : ''),
  },
  { title: 'STATUS', optional: false, cell: (entry, { paint }) => statusText(entry, paint) },
  {
    title: 'STARTED',
    optional: false,
    cell: (entry, { now }) => (entry.type === 'task' ? formatAge(now - Date.parse(entry.manifest.started)) : '-'),
  },
  {
    title: 'DURATION',
    optional: false,
    cell: (entry, { now }) => {
      const ms = durationOf(entry, now);
      return ms === undefined ? '-' : formatDuration(ms);
    },
  },
  { title: 'BYTES', optional: false, cell: (entry) => (entry.type === 'task' ? formatBytes(entry.bytes) : '-') },
  {
    title: 'BACKEND',
    optional: false,
    cell: (entry) => (entry.type === 'task' ? printable(entry.manifest.backend) : '-'),
  },
  {
    title: 'COMMAND',
    optional: false,
    cell: (entry) => (entry.type === 'task' ? printable(formatCommand(entry.manifest.argv)) : '-'),
  },
];

/** The last cell is cut, not padded: it is the one that can be long, and blanks at the end help nobody. */
function line(
  row: readonly string[],
  widths: readonly number[],
  kind: 'heading' | 'task',
  { columns = Infinity, paint }: TableOptions,
): string {
  const padded = row.slice(0, -1).map((cell, at) => padEnd(cell, widths[at] ?? 0) + GAP);
  const before = padded.join('');
  const text = before + truncate(row.at(-1) ?? '', columns - displayWidth(before));
  return `${kind === 'heading' ? paint('heading', text) : text}\n`;
}
