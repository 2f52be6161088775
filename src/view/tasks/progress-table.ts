import { printable, visible } from '../../core/text/printable.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import type { Paint } from '../print/colour.js';
import { formatAge, formatBytes } from '../print/format.js';
import type { LogStream } from '../streams/log-stream.js';
import { type Column, tableLines } from './table.js';
import { statusText } from './task-status.js';

export interface ProgressOptions {
  /** Wall time, milliseconds of Unix time, for ages. */
  readonly now: number;
  readonly columns: number | undefined;
  readonly paint: Paint;
}

/** What each task is doing, a line each under a heading, without line ends; `lastLines` by task. */
export function progressTable(
  streams: readonly LogStream[],
  lastLines: ReadonlyMap<LogStream, string>,
  options: ProgressOptions,
): readonly string[] {
  const rows = streams.map((stream): Progress => {
    const drawn = stream.unsettled().at(-1)?.text.trim();
    return { stream, entry: readTask(stream.folder), lastLine: drawn ?? lastLines.get(stream) ?? '' };
  });
  return tableLines(rows, columnsFor(options), options);
}

interface Progress {
  readonly stream: LogStream;
  readonly entry: TaskEntry;
  readonly lastLine: string;
}

function columnsFor({ now, paint }: ProgressOptions): readonly Column<Progress>[] {
  return [
    { title: 'TASK', cell: ({ stream }) => stream.label },
    { title: 'BACKEND', cell: ({ entry }) => (entry.type === 'task' ? printable(entry.manifest.backend) : '-') },
    { title: 'STATUS', cell: ({ entry }) => statusText(entry, paint) },
    { title: 'ITERATION', onlyIfUsed: true, cell: ({ stream }) => `${stream.iteration ?? ''}` },
    { title: 'BYTES', cell: ({ entry }) => (entry.type === 'task' ? formatBytes(entry.bytes) : '-') },
    {
      title: 'OUTPUT',
      cell: ({ stream }) => (stream.lastOutput === undefined ? '-' : formatAge(now - stream.lastOutput)),
    },
    { title: 'LAST LINE', cell: ({ lastLine }) => visible(lastLine) },
  ];
}
