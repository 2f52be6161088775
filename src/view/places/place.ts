import { asWritten, type Pattern } from '../../core/pattern/pattern.js';
import { errors } from '../../core/errors.js';
import { readPattern } from '../../core/pattern/read-pattern.js';
import { matchesIn } from '../lines/pattern-match.js';
import { type Moment, offsetAt, parseMoment, parseWallTime } from './moment.js';
import type { RecordedTask } from '../lines/recorded-task.js';

/** A place in a recording, as a user names it. */
export type Place =
  | Moment
  /** The beginning of an iteration, counted from 1. */
  | { readonly type: 'iteration'; readonly iteration: number }
  /** The first line of the clean text that matches. */
  | { readonly type: 'pattern'; readonly pattern: Pattern };

/** A place that was looked up in one recording. */
export interface ResolvedPlace {
  /** Absolute offset of its first byte. */
  readonly offset: number;
  /** Absolute offset behind its last byte; equal to `offset`, except for a line that matches. */
  readonly endOffset: number;
  /** When the recording had reached `offset`, in milliseconds after its start. */
  readonly ms: number;
}

/** The forms of a place, for messages. */
export const PLACES = "90, 1m30s, 1:30, 2026-01-02T03:04:05, @12345 (bytes), '#3' (iteration) or /pattern/";

/**
 * Reads a time since the start (`90`, `1m30s`, `1:30`), a wall time (`2026-01-02T03:04:05`, local or with a zone; seconds
 * of Unix time, of at least nine digits), a byte (`@12345`), an iteration (`#3`), or `/pattern/`, which an `i` behind it
 * frees of upper and lower case; undefined for anything else.
 *
 * @throws OrchError BAD_ARGUMENT where a pattern is not a regular expression
 */
export function parsePlace(text: string): Place | undefined {
  const iteration = /^#(\d{1,9})$/.exec(text)?.[1];
  if (iteration !== undefined) return { type: 'iteration', iteration: Number(iteration) };
  const [, source, flags] = /^\/(.+)\/(i?)$/s.exec(text) ?? [];
  if (source !== undefined)
    return { type: 'pattern', pattern: readPattern(`/${source}/`, source, flags, '/error|fail/') };
  const elapsed = elapsedMs(text);
  if (elapsed !== undefined) return { type: 'elapsed', ms: elapsed };
  const moment = parseMoment(text);
  // A recording is never this many seconds long: it is a Unix time.
  if (moment !== undefined && !/^\d{9,12}(?:\.\d+)?$/.test(text)) return moment;
  const time = parseWallTime(text, 0);
  return time === undefined ? undefined : { type: 'time', ms: time };
}

/**
 * Where a place is in this recording; an offset behind its end is left as it is. A pattern costs a reading up to its line.
 *
 * @throws OrchError BAD_ARGUMENT where there is no such place; LOG_UNREADABLE; the reason of `signal` where that aborts
 */
export async function resolvePlace(
  place: Place,
  recording: RecordedTask,
  signal?: AbortSignal,
): Promise<ResolvedPlace> {
  if (place.type === 'pattern') return resolvePattern(place.pattern, recording, signal);
  const offset =
    place.type === 'iteration' ? iterationStart(place.iteration, recording) : momentOffset(place, recording);
  const resolved = placeAt(offset, recording);
  if (place.type !== 'elapsed' && place.type !== 'time') return resolved;
  // Between two bytes there may be minutes.
  const ms = place.type === 'time' ? place.ms - (recording.times.start ?? 0) : place.ms;
  return { ...resolved, ms: Math.max(0, Math.min(ms, lengthOf(recording))) };
}

/** The same; undefined where `signal` aborted meanwhile. */
export async function resolvePlaceUnless(
  signal: AbortSignal,
  place: Place,
  recording: RecordedTask,
): Promise<ResolvedPlace | undefined> {
  try {
    return await resolvePlace(place, recording, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** How long a recording is so far: when its last byte came, in milliseconds after its start. */
function lengthOf({ times }: RecordedTask): number {
  return times.timeAt(times.end - 1) ?? 0;
}

function placeAt(offset: number, recording: RecordedTask): ResolvedPlace {
  return { offset, endOffset: offset, ms: reachedAt(offset, recording) };
}

/** Of what is not in the index, or not yet, or behind the end: when the last byte came. */
function reachedAt(offset: number, recording: RecordedTask): number {
  return offset === 0 ? 0 : (recording.times.timeAt(offset - 1) ?? lengthOf(recording));
}

/**
 * The offset the recording had reached at a moment.
 *
 * @throws OrchError BAD_ARGUMENT where it is not known when the recording began
 */
export function momentOffset(moment: Moment, { times }: RecordedTask): number {
  const offset = offsetAt(moment, times);
  if (offset !== undefined) return offset;
  throw errors.badArgument('when this recording began is not known', 'name a place by its offset, such as @12345');
}

function iterationStart(iteration: number, { iterations }: RecordedTask): number {
  const found = iterations.find((begun) => begun.iteration === iteration);
  if (found !== undefined) return found.offset;
  const last = iterations.at(-1)?.iteration;
  if (last === undefined)
    throw errors.badArgument(`there is no iteration ${iteration}: this command was run once`, `name ${PLACES}`);
  throw errors.badArgument(`there is no iteration ${iteration}`, `the last one is #${last}`);
}

async function resolvePattern(pattern: Pattern, recording: RecordedTask, signal?: AbortSignal): Promise<ResolvedPlace> {
  // Loaded only here: no other place needs the screen model.
  const { transcriptLines } = await import('../lines/transcript-lines.js');
  const chunks = recording.chunks(signal === undefined ? {} : { signal });
  // The user may have seen the line scroll by in a full-screen program.
  for await (const lines of transcriptLines(chunks, { size: recording.sizeAt(0), alt: 'diff' })) {
    for (const line of lines) {
      if (!(await matchesIn(pattern, line.text, signal))) continue;
      return { offset: line.offset, endOffset: line.endOffset, ms: reachedAt(line.offset, recording) };
    }
  }
  signal?.throwIfAborted();
  throw errors.badArgument(`no line of this recording matches ${asWritten(pattern)}`, 'orch logs shows its lines');
}

const ELAPSED = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?$/;
const ON_A_CLOCK = /^(?:(\d{1,6}):(?=[0-5]\d:))?(\d{1,2}):([0-5]\d(?:\.\d{1,9})?)$/;

/** `1m30s`, `1h5m`, `1:30`, `1:02:03.5`. */
function elapsedMs(text: string): number | undefined {
  const match = text === '' ? null : (ELAPSED.exec(text) ?? ON_A_CLOCK.exec(text));
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
