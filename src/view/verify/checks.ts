import { basename } from 'node:path';
import { type EventRecord, type Gap, reachedBy } from '../../core/events.js';
import { type LogHashes, segmentEvents } from '../../store/log/hash-segments.js';
import { IMPORT_BACKEND, type Manifest } from '../../store/layout/manifest.js';
import type { Segment } from '../../store/log/segments.js';
import type { Resize } from '../../store/times/time-index-reader.js';
import { recordingEnd, gapEvents, isSealed, notedGaps, type RecordingFacts, removedFront } from './facts.js';
import { type CheckAnswer, type CheckName, groupedCount, failed, grouped, judged, note, ok } from './finding.js';

/** The checks that do not read the bytes themselves, in the order in which they are reported. */
export const CHECKS: readonly { readonly check: CheckName; readonly answer: (facts: RecordingFacts) => CheckAnswer }[] =
  [
    { check: 'manifest', answer: checkManifest },
    { check: 'bytes', answer: checkBytes },
    { check: 'offsets', answer: checkOffsets },
    { check: 'gaps', answer: checkGaps },
    { check: 'events', answer: checkEvents },
    { check: 'iterations', answer: checkIterations },
    { check: 'index', answer: checkIndex },
    { check: 'resizes', answer: checkResizes },
    { check: 'stream', answer: checkStream },
    { check: 'files', answer: checkFiles },
  ];

function checkManifest({ entry, phase }: RecordingFacts): CheckAnswer {
  if (entry.type === 'unreadable') return failed(entry.problem.message);
  const { manifest, folder } = entry;
  if (manifest.id !== folder.id) return failed(`it belongs to ${manifest.id}`);
  if (phase === 'running') return note('the task still runs: no end yet');
  if (phase === 'lost') return note('the recorder is gone (lost): there is no end');
  const problems: string[] = [];
  if (manifest.ended === undefined) problems.push(`${manifest.status}, and no time when it ended`);
  if ((manifest.verdict?.offset ?? 0) > manifest.bytes) problems.push('its verdict lies behind the last byte');
  const isImported = manifest.backend === IMPORT_BACKEND;
  const why = isImported
    ? ', imported: how it ended is not known'
    : ', by orch verify --repair: the end was not recorded';
  const end = isSealed(manifest) ? why : '';
  return judged(problems, `version ${manifest.v}, ${manifest.status}${end}`);
}

function checkBytes(facts: RecordingFacts): CheckAnswer {
  const { entry, phase, segments } = facts;
  if (segments.type === 'unreadable') return failed(segments.why);
  const recorded = sum(segments.list);
  const removed = removedFront(facts);
  const gaps = notedGaps(facts);
  const left = gaps.filter(({ offset }) => offset >= removed);
  const packed = segments.list.filter((segment) => segment.packedBytes !== segment.bytes).length;
  const text = [
    `${grouped(recorded)} in ${groupedCount(segments.list.length, 'segment')}`,
    ...(packed === 0 ? [] : [`${grouped(packed)} of them packed`]),
    ...(removed === 0 ? [] : [`${grouped(removed)} in front of them were removed to make room`]),
  ].join(', ');
  if (segments.list.length === 0 && gaps.length === 0) return failed('backend.log is missing');
  if (phase !== 'ended' || entry.type === 'unreadable') return ok(`${text} so far`);
  const difference = removed + recorded + sum(left) - entry.manifest.bytes;
  if (difference === 0) return ok(text);
  const than = `${grouped(Math.abs(difference))} ${difference < 0 ? 'fewer' : 'more'} than were recorded`;
  return failed(`${text}: ${than}`);
}

/** Segments and gaps have to follow each other from 0 to the end, without a missing range or an overlap. */
function checkOffsets(facts: RecordingFacts): CheckAnswer {
  const { segments, phase } = facts;
  if (segments.type === 'unreadable') return failed(segments.why);
  const ranges = [
    ...segments.list.map(rangeOf),
    ...notedGaps(facts).map(({ offset, bytes }) => ({ offset, bytes, what: 'a gap' })),
  ].filter(({ offset, bytes }) => bytes > 0 && offset >= removedFront(facts));
  const hasGaps = notedGaps(facts).length > 0;
  const problems: string[] = [];
  const removed = removedFront(facts);
  let reached = removed;
  for (const { offset, bytes, what } of ranges.sort((a, b) => a.offset - b.offset)) {
    if (offset > reached) problems.push(missingText(reached, offset));
    if (offset < reached)
      problems.push(`${what} begins at ${grouped(offset)}, but there are bytes up to ${grouped(reached)}`);
    reached = Math.max(reached, offset + bytes);
  }
  const end = recordingEnd(facts);
  if (phase === 'ended' && reached < end) problems.push(missingText(reached, end));
  if (phase === 'ended' && reached > end) problems.push(`there are bytes behind the end, ${grouped(end)}`);
  return judged(problems, `${grouped(removed)} to ${grouped(reached)}${hasGaps ? ', except the recorded gaps' : ''}`);
}

function rangeOf({ start, bytes, path }: Segment) {
  return { offset: start, bytes, what: basename(path) };
}

function missingText(from: number, to: number): string {
  return `${groupedCount(to - from, 'byte')} from ${grouped(from)} on are missing, and not recorded as a gap`;
}

/** A noted gap is no later damage, but the recording is not whole. */
function checkGaps(facts: RecordingFacts): CheckAnswer {
  const { events, phase } = facts;
  const gaps = notedGaps(facts);
  const noted = gapEvents(events);
  const key = ({ offset, bytes }: Gap): string => `${offset}+${bytes}`;
  const disagree = gaps.map(key).join() !== noted.map(key).join();
  if (phase === 'ended' && disagree && events.type === 'read')
    return failed(
      `${groupedCount(gaps.length, 'gap')} in the manifest, ${noted.length} in events.jsonl, or not the same`,
    );
  return judged(
    gaps.map(({ offset, bytes, reason }) => `${groupedCount(bytes, 'byte')} from ${grouped(offset)} on: ${reason}`),
    'none',
  );
}

function checkEvents(facts: RecordingFacts): CheckAnswer {
  const { entry, events } = facts;
  if (events.type === 'missing') return failed('there is no events.jsonl');
  if (events.type === 'unreadable') return failed(`events.jsonl cannot be read: ${events.why}`);
  const problems: string[] = [];
  const { damaged, firstDamaged, isTorn } = events;
  if (firstDamaged !== undefined) problems.push(`${damagedText(damaged)}, the first is line ${grouped(firstDamaged)}`);
  if (isTorn && sawTheEnd(facts)) problems.push(TORN);
  const [first] = events.events;
  if (first?.type !== 'task.start') problems.push('they do not begin with task.start');
  problems.push(...orderProblems(events.events, recordingEnd(facts)));
  const foreign = events.events.find(({ task }) => task !== entry.folder.id);
  if (foreign !== undefined) problems.push(`a ${foreign.type} is of ${foreign.task}`);
  if (entry.type === 'task') problems.push(...disagreements(entry.manifest, events.events));
  return judged(problems, `${grouped(events.events.length)}, ${spanOf(events.events)}`);
}

function spanOf(events: readonly EventRecord[]): string {
  return `from ${events[0]?.type ?? 'none'} to ${events.at(-1)?.type ?? 'none'}`;
}

/** Offsets of events never decrease in the order in which they were noted. */
function orderProblems(events: readonly EventRecord[], end: number): string[] {
  let reached = 0;
  for (const event of events) {
    const offset = reachedBy(event) ?? reached;
    if (offset < reached) return [`a ${event.type} at ${grouped(offset)} comes behind one at ${grouped(reached)}`];
    reached = offset;
    if (reached > end) return [`a ${event.type} at ${grouped(reached)} is behind the end, ${grouped(end)}`];
  }
  return [];
}

function disagreements(manifest: Manifest, events: readonly EventRecord[]): string[] {
  const [start] = events;
  // Old tasks may still be removed when this one has ended.
  const last = events.findLast((event) => event.type !== 'prune');
  const problems: string[] = [];
  if (start?.type === 'task.start') {
    const { cols, rows } = manifest.size;
    if (start.cols !== cols || start.rows !== rows) problems.push('task.start has another size than the manifest');
    if (start.argv.join('\0') !== manifest.argv.join('\0'))
      problems.push('task.start has another command than the manifest');
  }
  const end = events.findLast((event) => event.type === 'task.end');
  if (manifest.status === 'running' || isSealed(manifest)) return problems;
  if (last?.type !== 'task.end') problems.push('they do not end with task.end');
  if (end === undefined) return problems;
  const { exit, bytes } = manifest;
  if (end.bytes !== bytes) problems.push(`task.end has ${grouped(end.bytes)} bytes, the manifest ${grouped(bytes)}`);
  if (end.exitCode !== exit?.code || end.signal !== exit.signal)
    problems.push('task.end has another exit than the manifest');
  return problems;
}

/** Each run of an agent ends before the next begins; only the last one may still be going on. */
function checkIterations(facts: RecordingFacts): CheckAnswer {
  const { events } = facts;
  if (events.type !== 'read') return note('unknown without events.jsonl');
  const problems: string[] = [];
  let [ended, begun] = [0, 0];
  for (const event of events.events) {
    if (event.type === 'iteration.start') {
      if (begun !== ended || event.iteration !== ended + 1)
        problems.push(
          `iteration ${event.iteration} begins where ${ended + 1} is to ${begun === ended ? 'begin' : 'end'}`,
        );
      begun = event.iteration;
    } else if (event.type === 'iteration.end') {
      if (event.iteration !== begun || begun === ended)
        problems.push(`iteration ${event.iteration} ends, which did not begin`);
      begun = ended = event.iteration;
    }
  }
  if (begun !== ended && sawTheEnd(facts)) problems.push(`iteration ${begun} has no end`);
  const open = begun === ended ? '' : ', the last one open';
  return judged(problems, begun === 0 ? 'none' : `${grouped(begun)}${open}`);
}

function checkIndex(facts: RecordingFacts): CheckAnswer {
  const { index, entry, phase } = facts;
  if (index.type === 'missing') return failed('backend.idx is missing: times are coarse');
  if (index.type === 'unusable') return failed(`backend.idx cannot be used: ${index.why}`);
  const { header, damaged, firstDamaged, isTorn, end, entries } = index;
  const problems: string[] = [];
  if (firstDamaged !== undefined) problems.push(`${damagedText(damaged)}, the first is line ${grouped(firstDamaged)}`);
  if (isTorn && phase === 'ended') problems.push(TORN);
  if (entry.type === 'task' && header.start !== entry.manifest.started)
    problems.push(`it starts at ${header.start}, the task at ${entry.manifest.started}`);
  if (entry.type === 'task' && !isSameSize(header.size, entry.manifest.size))
    problems.push('it has another size at the start than the manifest');
  const bytes = recordingEnd(facts);
  if (end > bytes) problems.push(`it goes to ${grouped(end)}, behind the last byte, ${grouped(bytes)}`);
  if (end < bytes && phase === 'ended') problems.push(`it goes to ${grouped(end)} only, not to ${grouped(bytes)}`);
  return judged(problems, `${groupedCount(entries, 'time')}, up to byte ${grouped(end)}`);
}

/** Both are written as it happens: of a task that did not end one may be ahead of the other. */
function checkResizes({ index, events, phase }: RecordingFacts): CheckAnswer {
  if (index.type !== 'read' || events.type !== 'read')
    return note('not compared: backend.idx or events.jsonl cannot be used');
  const noted = events.events.filter((event) => event.type === 'resize').map(resizeText);
  const indexed = index.resizes.map(({ offset, size }: Resize) => resizeText({ offset, ...size }));
  const common = phase === 'ended' ? Math.max(noted.length, indexed.length) : Math.min(noted.length, indexed.length);
  const at = Array.from({ length: common }, (_, place) => place).find((place) => noted[place] !== indexed[place]);
  if (at === undefined) return ok(grouped(noted.length));
  return failed(`${noted[at] ?? 'no more'} in events.jsonl, ${indexed[at] ?? 'no more'} in backend.idx`);
}

function resizeText({ offset, cols, rows }: { readonly offset: number; readonly cols: number; readonly rows: number }) {
  return `${cols}x${rows} at ${grouped(offset)}`;
}

function checkStream({ stream }: RecordingFacts): CheckAnswer {
  switch (stream.type) {
    case 'absent':
      return ok('no backend.jsonl');
    case 'readable':
      return ok('backend.jsonl can be read');
    case 'unreadable':
      return failed(`backend.jsonl cannot be read: ${stream.why}`);
  }
}

function checkFiles({ oddities }: RecordingFacts): CheckAnswer {
  return oddities.length === 0 ? ok('readable by their owner alone, and no links') : note(oddities.join('; '));
}

/** Of a task that has not ended, only the segments that were complete are compared. */
export function checkSha256({ entry, phase, events }: RecordingFacts, hashes: LogHashes): CheckAnswer {
  const { segments, chain, sha256: whole } = hashes;
  const noted = events.type === 'read' ? segmentEvents(events.events) : [];
  const problems = noted.flatMap(({ offset, sha256 }) => {
    const digest = segments.get(offset);
    return digest === undefined || digest === sha256
      ? []
      : [`the segment at byte ${grouped(offset)} has ${digest}, not ${sha256} as when it was sealed`];
  });
  if (phase !== 'ended' || entry.type === 'unreadable')
    return judged(problems, `${groupedCount(noted.length, 'segment')} so far`);
  const { sha256 } = entry.manifest;
  // The first orch had the chain alone, under the other name.
  const notedChain = entry.manifest.chain ?? sha256;
  const notedWhole = entry.manifest.chain === undefined ? undefined : sha256;
  if (notedChain === undefined && entry.manifest.hashing !== undefined)
    problems.push('the process that was to compute it has gone: orch verify --repair does it');
  else if (notedChain === undefined)
    problems.push('the manifest has none: that the bytes are the same cannot be proven');
  else if (notedChain !== chain) problems.push(`the bytes have ${chain}, the manifest ${notedChain}`);
  else if (notedWhole !== undefined && whole !== undefined && notedWhole !== whole)
    problems.push(`all bytes together have ${whole}, the manifest ${notedWhole}`);
  return judged(problems, whole ?? `${chain}, chained over the segments`);
}

/** Whether the recorder was there until the end, so that nothing it writes may be half done. */
function sawTheEnd({ entry, phase }: RecordingFacts): boolean {
  return phase === 'ended' && entry.type === 'task' && !isSealed(entry.manifest);
}

const TORN = 'the last line is torn';

function damagedText(lines: number): string {
  return `${groupedCount(lines, 'line')} cannot be right`;
}

function isSameSize(a: Manifest['size'], b: Manifest['size']): boolean {
  return a.cols === b.cols && a.rows === b.rows;
}

function sum(ranges: readonly { readonly bytes: number }[]): number {
  return ranges.reduce((total, { bytes }) => total + bytes, 0);
}
