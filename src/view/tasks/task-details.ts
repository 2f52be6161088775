import { type Account, sumOf } from '../../core/agent-state.js';
import type { EventRecord } from '../../core/events.js';
import { printable } from '../../core/text/printable.js';
import type { EventsRead } from '../../store/events/event-reader.js';
import type { Manifest } from '../../store/layout/manifest.js';
import { endOfSegments, type Segment, trimmedTo } from '../../store/log/segments.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { TimeIndex } from '../../store/times/time-index-reader.js';
import type { Paint } from '../print/colour.js';
import { padEnd } from '../../core/terminal/display-width.js';
import { formatAge, formatBytes, formatCommand, formatDuration } from '../print/format.js';
import { missingBytes } from './missing-bytes.js';
import { inputOf, inputText } from './task-input.js';
import { durationOf, type ClockReading, statusText } from './task-status.js';

/** A task with what lies beside its manifest. */
export interface TaskDetails {
  readonly entry: TaskEntry;
  /** `long`: it was not read. */
  readonly index:
    | Pick<TimeIndex, 'state' | 'resizes'>
    | { readonly state: { readonly type: 'long'; readonly bytes: number } };
  readonly events: EventsRead;
  /** The segments of the recording on disk; undefined where they cannot be read. */
  readonly segments: readonly Segment[] | undefined;
  /** The process that is to compute the hash of the recording lives. */
  readonly isBeingHashed: boolean;
}

/** The facts about a task, a line each. */
export function taskDetails(details: TaskDetails, options: DetailsOptions): string {
  const rows = [...manifestRows(details, options), ...folderRows(details)];
  return rows.map(([label, value]) => `${padEnd(label, LABEL_COLUMNS)}${value}\n`).join('');
}

interface DetailsOptions extends ClockReading {
  readonly paint: Paint;
}

type Row = readonly [label: string, value: string];

const LABEL_COLUMNS = 12;

function manifestRows(
  { entry, events, segments, isBeingHashed }: TaskDetails,
  { paint, ...reading }: DetailsOptions,
): Row[] {
  const activity = entry.type === 'task' && entry.status !== 'lost' ? entry.manifest.activity : undefined;
  const known = activity === undefined ? '' : ` (by its ${activity.source}, since ${activity.since})`;
  const head: Row[] = [
    ['Task', entry.folder.id],
    ['Status', `${statusText(entry, paint, Infinity)}${known}`],
  ];
  if (entry.type === 'unreadable') return [...head, ['Why', printable(entry.problem.message)]];
  const { manifest } = entry;
  const duration = durationOf(entry, reading);
  const rows: (Row | undefined)[] = [
    ...head,
    manifest.name === undefined ? undefined : ['Name', printable(manifest.name)],
    ['Backend', printable(backendText(manifest))],
    manifest.session === undefined ? undefined : ['Session', printable(manifest.session)],
    manifest.resumes === undefined ? undefined : ['Goes on', printable(`from ${manifest.resumes}`)],
    ['Command', printable(formatCommand(manifest.argv))],
    ['Started in', printable(manifest.cwd)],
    ['Started', `${manifest.started} (${formatAge(reading.now - Date.parse(manifest.started))})`],
    manifest.ended === undefined ? undefined : ['Ended', manifest.ended],
    duration === undefined ? undefined : ['Duration', formatDuration(duration)],
    ['Terminal', `${manifest.size.cols}x${manifest.size.rows}`],
    ['Recorder', `orch ${printable(manifest.orch)}, pid ${manifest.pid}`],
    manifest.agent === undefined ? undefined : ['Agent', agentText(manifest.agent.pid, entry.living !== undefined)],
    manifest.verdict === undefined ? undefined : ['Verdict', verdictText(manifest.verdict)],
    ...costRows(accountOf(events.events)),
    ...hashRows(manifest, segments),
    ...(manifest.hashing === undefined ? [] : [['SHA-256', hashingText(isBeingHashed)] as const]),
    ...manifest.gaps.map(
      ({ offset, bytes, reason }): Row => ['Gap', `${bytes} bytes at ${offset}: ${printable(reason)}`],
    ),
  ];
  return rows.filter((row) => row !== undefined);
}

function backendText({ backend, mode }: Manifest): string {
  return mode === undefined || backend === 'command' ? backend : `${backend}, mode ${mode}`;
}

/** The cost of all iterations, as far as the agent reports it. */
export function accountOf(events: readonly EventRecord[]): Account {
  return sumOf(events.flatMap((event) => (event.type === 'iteration.end' ? [event] : [])));
}

function costRows({ cost, tokens }: Account): Row[] {
  return [
    ...(cost === undefined ? [] : [['Cost', `$${Number(cost.toFixed(6))}`] as const]),
    ...(tokens === undefined ? [] : [['Tokens', `${tokens.input} in, ${tokens.output} out`] as const]),
  ];
}

/** What sha256sum(1) has for the bytes, and the chain over the segments where that is another. */
function hashRows({ sha256, chain }: Manifest, segments: TaskDetails['segments']): Row[] {
  // The first orch had the chain alone, under the other name.
  const isChain = chain === undefined && (segments?.length ?? 0) > 1;
  const [whole, chained] = isChain ? [undefined, sha256] : [sha256, chain];
  return [
    ...(whole === undefined ? [] : [['SHA-256', whole] as const]),
    ...(chained === undefined || chained === whole ? [] : [['Chain', chained] as const]),
  ];
}

function hashingText(isBeingHashed: boolean): string {
  return isBeingHashed
    ? 'still being computed; orch verify waits for it'
    : 'none: the process that was to compute it has gone; orch verify --repair does it';
}

function agentText(pid: number, lives: boolean): string {
  return `pid ${pid}${lives ? ', which outlived its orch; orch stop ends it' : ''}`;
}

function verdictText({ result, reason, iterations, offset }: NonNullable<Manifest['verdict']>): string {
  const where = offset === undefined ? '' : `, at byte ${offset}`;
  return printable(`${result}: ${reason} (iteration ${iterations}${where})`);
}

function folderRows({ entry, index, events, segments }: TaskDetails): Row[] {
  const { missing } = missingBytes(entry) ?? { missing: 0 };
  const input = inputOf(events.events);
  const resizes = 'resizes' in index ? index.resizes : events.events.filter(({ type }) => type === 'resize');
  return [
    ['Recording', segments === undefined ? 'cannot be read' : recordingText(segments, trimmedTo(events.events))],
    ...(missing === 0 ? [] : [['Missing', `${missing} bytes (${formatBytes(missing)})`] as const]),
    ['Resizes', `${resizes.length}`],
    ...(input === undefined ? [] : [['Input', printable(inputText(input))] as const]),
    ['Index', indexText(index)],
    [
      'Events',
      events.damaged === 0 ? `${events.events.length}` : `${events.events.length}, and ${events.damaged} damaged`,
    ],
    ['Folder', printable(entry.folder.path)],
  ];
}

/** What is missing in front of `removedTo` was removed to make room. */
function recordingText(segments: readonly Segment[], removedTo: number): string {
  const end = endOfSegments(segments);
  const removed = Math.min(segments[0]?.start ?? 0, removedTo);
  const packed = segments.reduce((sum, segment) => sum + segment.packedBytes, 0);
  const unpacked = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return [
    `${end} bytes (${formatBytes(end)})`,
    ...(segments.length === 1 ? [] : [`in ${segments.length} segments`]),
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
      return `${state.lines} damaged lines skipped; times there are coarser`;
    case 'rebuilt':
      return `rebuilt from events.jsonl, because ${state.why}; times are coarse`;
  }
}
