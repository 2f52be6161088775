import { printable } from '../../core/text/printable.js';
import type { Manifest } from '../../store/layout/manifest.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { Paint } from '../print/colour.js';
import { truncate } from '../../core/terminal/display-width.js';
import { formatAge, formatBytes, formatCommand, formatDuration } from '../print/format.js';
import { type MissingBytes, missingBytes } from './missing-bytes.js';
import { type Column, tableLines } from './table.js';
import { durationOf, type ClockReading, statusText } from './task-status.js';

export interface TableOptions extends ClockReading {
  /** Lines are cut to this width; undefined: they are as long as they are. */
  readonly columns: number | undefined;
  readonly paint: Paint;
}

/** A name or command may be a whole book; the start tells which task it is, and `show` and `--json` have all of it. */
const NAME_CELLS = 32;
const COMMAND_CELLS = 200;

/** A line for each task under a heading, in the order given. */
export function taskTable(entries: readonly TaskEntry[], options: TableOptions): string {
  const columns = COLUMNS.map(({ cell, ...rest }) => ({ ...rest, cell: (entry: TaskEntry) => cell(entry, options) }));
  return tableLines(entries, columns, options)
    .map((line) => `${line}\n`)
    .join('');
}

interface TaskColumn extends Omit<Column<TaskEntry>, 'cell'> {
  readonly cell: (entry: TaskEntry, options: TableOptions) => string;
}

const COLUMNS: readonly TaskColumn[] = [
  { title: 'TASK', cell: ({ folder }) => folder.id },
  { title: 'NAME', onlyIfUsed: true, cell: cellOf('', ({ name = '' }) => truncate(printable(name), NAME_CELLS)) },
  { title: 'STATUS', cell: (entry, { paint }) => statusText(entry, paint) },
  { title: 'STARTED', cell: cellOf('-', ({ started }, { now }) => formatAge(now - Date.parse(started))) },
  {
    title: 'DURATION',
    cell: (entry, reading) => {
      const ms = durationOf(entry, reading);
      return ms === undefined ? '-' : formatDuration(ms);
    },
  },
  { title: 'BYTES', cell: (entry) => (entry.type === 'task' ? formatBytes(entry.bytes) : '-') },
  { title: 'MISSING', onlyIfUsed: true, cell: (entry) => missingText(missingBytes(entry)) },
  { title: 'BACKEND', cell: cellOf('-', ({ backend }) => printable(backend)) },
  {
    title: 'COMMAND',
    cell: cellOf('-', ({ argv, shown = argv }) => truncate(printable(formatCommand(shown)), COMMAND_CELLS)),
  },
];

/** A cell that is in the manifest; `absent` for a task without a readable one. */
function cellOf(absent: string, cell: (manifest: Manifest, options: TableOptions) => string): TaskColumn['cell'] {
  return (entry, options) => (entry.type === 'task' ? cell(entry.manifest, options) : absent);
}

/** `1.2 kB`, `3.1 GB removed`: the bytes lost, and those removed to make room; `?` where that is not known. */
function missingText(found: MissingBytes | undefined): string {
  if (found === undefined) return '?';
  const { missing, removed } = found;
  const texts = [
    ...(missing === 0 ? [] : [formatBytes(missing)]),
    ...(removed === 0 ? [] : [`${formatBytes(removed)} removed`]),
  ];
  return texts.join(', ');
}
