import { printable } from '../core/printable.js';
import type { Manifest } from '../store/manifest.js';
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

/** A name or command may be a whole book; the start tells which task it is, and `show` and `--json` have all of it. */
const NAME_CELLS = 32;
const COMMAND_CELLS = 200;

/** A line for each task under a heading, in the order given; columns are as wide as their widest cell. */
export function taskTable(entries: readonly TaskEntry[], options: TableOptions): string {
  const columns = COLUMNS.filter(
    ({ onlyIfUsed, cell }) => onlyIfUsed !== true || entries.some((entry) => cell(entry, options) !== ''),
  );
  const heading = columns.map(({ title }) => title);
  const rows = [heading, ...entries.map((entry) => columns.map(({ cell }) => cell(entry, options)))];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at] ?? ''))));
  const [first = '', ...lines] = rows.map((row) => line(row, widths, options.columns));
  return [options.paint('heading', first), ...lines].map((text) => `${text}\n`).join('');
}

interface Column {
  readonly title: string;
  readonly onlyIfUsed?: true;
  readonly cell: (entry: TaskEntry, options: TableOptions) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'TASK', cell: ({ folder }) => folder.id },
  { title: 'NAME', onlyIfUsed: true, cell: cellOf('', ({ name = '' }) => truncate(printable(name), NAME_CELLS)) },
  { title: 'STATUS', cell: (entry, { paint }) => statusText(entry, paint) },
  { title: 'STARTED', cell: cellOf('-', ({ started }, { now }) => formatAge(now - Date.parse(started))) },
  {
    title: 'DURATION',
    cell: (entry, { now }) => {
      const ms = durationOf(entry, now);
      return ms === undefined ? '-' : formatDuration(ms);
    },
  },
  { title: 'BYTES', cell: (entry) => (entry.type === 'task' ? formatBytes(entry.bytes) : '-') },
  { title: 'BACKEND', cell: cellOf('-', ({ backend }) => printable(backend)) },
  { title: 'COMMAND', cell: cellOf('-', ({ argv }) => truncate(printable(formatCommand(argv)), COMMAND_CELLS)) },
];

/** A cell that is in the manifest; `absent` for a task without a readable one. */
function cellOf(absent: string, cell: (manifest: Manifest, options: TableOptions) => string): Column['cell'] {
  return (entry, options) => (entry.type === 'task' ? cell(entry.manifest, options) : absent);
}

/** The last cell is cut, not padded: it is the one that can be long, and blanks at the end help nobody. */
function line(row: readonly string[], widths: readonly number[], columns = Infinity): string {
  const before = row
    .slice(0, -1)
    .map((cell, at) => padEnd(cell, widths[at] ?? 0) + GAP)
    .join('');
  return before + truncate(row.at(-1) ?? '', columns - displayWidth(before));
}
