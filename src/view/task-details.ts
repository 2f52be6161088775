import { printable } from '../core/printable.js';
import type { EventsRead } from '../store/event-reader.js';
import type { Manifest } from '../store/manifest.js';
import { endOfSegments, type Segment, trimmedTo } from '../store/segments.js';
import type { TaskEntry } from '../store/task-reader.js';
import type { TimeIndex } from '../store/time-index-reader.js';
import type { Paint } from './colour.js';
import { padEnd } from './display-width.js';
import { formatAge, formatBytes, formatCommand, formatDuration } from './format.js';
import { durationOf, statusText } from './task-status.js';

/** A task with what lies beside its manifest. */
export interface TaskDetails {
  readonly entry: TaskEntry;
  /** `long`: it was not read. */
  readonly index:
    | Pick<TimeIndex, 'state' | 'resizes'>
    | { readonly state: { readonly type: 'long'; readonly bytes: number } };
  readonly events: EventsRead;
  /** The parts of the recording on disk; undefined where they cannot be read. */
  readonly parts: readonly Segment[] | undefined;
}

/** What is known of a task, a line each, `now` in milliseconds since the epoch. */
export function taskDetails(details: TaskDetails, options: { readonly now: number; readonly paint: Paint }): string {
  const rows = [...manifestRows(details, options), ...folderRows(details)];
  return rows.map(([label, value]) => `${padEnd(label, LABEL_COLUMNS)}${value}\n`).join('');
}

type Row = readonly [label: string, value: string];

const LABEL_COLUMNS = 12;

function manifestRows({ entry }: TaskDetails, { now, paint }: { now: number; paint: Paint }): Row[] {
  const activity = entry.type === 'task' && entry.status !== 'lost' ? entry.manifest.activity : undefined;
  const known = activity === undefined ? '' : ` (by its ${activity.source}, since ${activity.since})`;
  const head: Row[] = [
    ['Task', entry.folder.id],
    ['Status', `${statusText(entry, paint)}${known}`],
  ];
  if (entry.type === 'unreadable') return [...head, ['Why', printable(entry.problem.message)]];
  const { manifest } = entry;
  const duration = durationOf(entry, now);
  const rows: (Row | undefined)[] = [
    ...head,
    manifest.name === undefined ? undefined : ['Name', printable(manifest.name)],
    ['Backend', printable(manifest.backend)],
    ['Command', printable(formatCommand(manifest.argv))],
    ['Started in', printable(manifest.cwd)],
    ['Started', `${manifest.started} (${formatAge(now - Date.parse(manifest.started))})`],
    manifest.ended === undefined ? undefined : ['Ended', manifest.ended],
    duration === undefined ? undefined : ['Duration', formatDuration(duration)],
    ['Terminal', `${manifest.size.cols}x${manifest.size.rows}`],
    ['Recorder', `orch ${printable(manifest.orch)}, pid ${manifest.pid}`],
    manifest.agent === undefined ? undefined : ['Agent', agentText(manifest.agent.pid, entry.living !== undefined)],
    manifest.verdict === undefined ? undefined : ['Verdict', verdictText(manifest.verdict)],
    manifest.sha256 === undefined ? undefined : ['SHA-256', manifest.sha256],
    ...manifest.gaps.map(
      ({ offset, bytes, reason }): Row => ['Gap', `${bytes} bytes at ${offset}: ${printable(reason)}`],
    ),
  ];
  return rows.filter((row) => row !== undefined);
}

function agentText(pid: number, lives: boolean): string {
  return `pid ${pid}${lives ? ', which outlived its orch; to end it: orch stop' : ''}`;
}

function verdictText({ result, reason, iterations, offset }: NonNullable<Manifest['verdict']>): string {
  const where = offset === undefined ? '' : `, at byte ${offset}`;
  return printable(`${result}: ${reason} (iteration ${iterations}${where})`);
}

function folderRows({ entry, index, events, parts }: TaskDetails): Row[] {
  const resizes = 'resizes' in index ? index.resizes : events.events.filter(({ type }) => type === 'resize');
  return [
    ['Recording', parts === undefined ? 'cannot be read' : recordingText(parts, trimmedTo(events.events))],
    ['Resizes', `${resizes.length}`],
    ['Index', indexText(index)],
    [
      'Events',
      events.damaged === 0 ? `${events.events.length}` : `${events.events.length}, and ${events.damaged} damaged`,
    ],
    ['Folder', printable(entry.folder.path)],
  ];
}

/** What is missing in front of `removedTo` was removed to make room. */
function recordingText(parts: readonly Segment[], removedTo: number): string {
  const end = endOfSegments(parts);
  const removed = Math.min(parts[0]?.start ?? 0, removedTo);
  const packed = parts.reduce((sum, part) => sum + part.packedBytes, 0);
  const unpacked = parts.reduce((sum, part) => sum + part.bytes, 0);
  return [
    `${end} bytes (${formatBytes(end)})`,
    ...(parts.length === 1 ? [] : [`in ${parts.length} parts`]),
    ...(packed === unpacked ? [] : [`${formatBytes(packed)} on the disk`]),
    ...(removed === 0 ? [] : [`the first ${formatBytes(removed)} removed to make room`]),
  ].join(', ');
}

function indexText({ state }: TaskDetails['index']): string {
  switch (state.type) {
    case 'whole':
      return 'whole';
    case 'long':
      return `${formatBytes(state.bytes)}, not read here: orch verify does`;
    case 'damaged':
      return `${state.lines} damaged lines passed over; times there are coarser`;
    case 'rebuilt':
      return `rebuilt from events.jsonl, because ${state.why}; times are coarse`;
  }
}
