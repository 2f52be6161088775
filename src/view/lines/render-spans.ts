import { keyframesFromEnd, stateOf } from '../../keyframes/keyframes.js';
import type { AlternateScreen } from '../../render/model/line.js';
import type { TranscriptState } from '../../render/transcript/transcript.js';
import type { KeyframeEntry } from '../../keyframes/keyframe-file.js';
import { listSegments } from '../../store/log/segments.js';
import type { Beginning } from './beginning.js';
import type { RecordedTask } from './recorded-task.js';
import { startBefore, startOfLast } from './starting-point.js';

/** A part of a recording that is rendered, up to where the next begins or what is wanted ends. */
export interface RenderSpan {
  /** Absolute offset it is read from. */
  readonly from: number;
  readonly to: number;
  /** What the transcript goes on from; undefined: it begins there. */
  readonly state: TranscriptState | undefined;
}

interface Wanted {
  readonly recording: RecordedTask;
  readonly alt: AlternateScreen;
  readonly signal: AbortSignal;
}

/** Keyframes so far behind the end are those of a maker that did not come to it: a beginning nearer by is looked for. */
const FAR_BYTES = 16 * 1024 * 1024;

/**
 * What has to be rendered for a view that begins at `begin` and ends at the absolute offset `end`, in order; of recordings
 * with keyframes it is a few megabytes, whatever their size. Lines that come in front of those wanted may be among it.
 */
export async function renderSpansFor(begin: Beginning, end: number, wanted: Wanted): Promise<readonly RenderSpan[]> {
  const { folder } = wanted.recording.entry;
  const bad = new Set<string>();
  for (;;) {
    const keyframes = new FromEnd(keyframesFromEnd(folder), ({ offset, hash }) => offset <= end && !bad.has(hash));
    const plan = await planSpans(begin, end, { ...wanted, keyframes });
    const spans: RenderSpan[] = [];
    for (const { from, to, entry } of plan) {
      const state = entry && (await stateOf(folder, entry));
      if (entry !== undefined && state === undefined) break;
      spans.push({ from, to, state });
    }
    if (spans.length === plan.length) return spans;
    // One that cannot be read is none; the next best one stands in.
    bad.add(plan[spans.length]?.entry?.hash ?? '');
  }
}

/** Keyframes from the last on, by number; they are read as far as they are asked for. */
class FromEnd {
  readonly #rest: Iterator<KeyframeEntry, void>;
  readonly #isWanted: (entry: KeyframeEntry) => boolean;
  readonly #read: KeyframeEntry[] = [];

  constructor(entries: Iterable<KeyframeEntry, void>, isWanted: (entry: KeyframeEntry) => boolean) {
    this.#rest = entries[Symbol.iterator]();
    this.#isWanted = isWanted;
  }

  /** Undefined where there are not so many. */
  at(number: number): KeyframeEntry | undefined {
    while (this.#read.length <= number) {
      const next = this.#rest.next();
      if (next.done === true) return undefined;
      if (this.#isWanted(next.value)) this.#read.push(next.value);
    }
    return this.#read[number];
  }

  /** The last one at or in front of `offset`. */
  before(offset: number): KeyframeEntry | undefined {
    let number = 0;
    while ((this.at(number)?.offset ?? 0) > offset) number++;
    return this.at(number);
  }
}

interface PlannedSpan {
  readonly from: number;
  readonly to: number;
  readonly entry: KeyframeEntry | undefined;
}

type Search = Wanted & { readonly keyframes: FromEnd };

async function planSpans(begin: Beginning, end: number, search: Search): Promise<readonly PlannedSpan[]> {
  switch (begin.type) {
    case 'start':
      return [fromEntry(firstLeft(search), end)];
    case 'last':
      return lastLines(begin.lines, end, search);
    case 'after': {
      const entry = search.keyframes.before(begin.offset);
      if (!isFar(search, entry, begin.offset)) return [fromEntry(entry, end)];
      return [nearer(entry, await startBefore(search, begin.offset, end), end)];
    }
  }
}

/** Of a recording that has lost its beginning, what remains begins as its first keyframe says. */
function firstLeft({ recording, keyframes }: Search): KeyframeEntry | undefined {
  const first = listSegments(recording.entry.folder.path)[0]?.start ?? 0;
  return first === 0 ? undefined : keyframes.before(first);
}

/** From keyframe to keyframe it is known how many lines were told in between: where there were none, nothing is read. */
async function lastLines(count: number, end: number, search: Search): Promise<readonly PlannedSpan[]> {
  const { keyframes, alt } = search;
  const last = keyframes.at(0);
  const first = firstLeft(search);
  if (isFar(search, last, end)) {
    const near = await startOfLast(search, count, end);
    if (last === undefined || near > last.offset) return [{ from: near, to: end, entry: undefined }];
  }
  const planned: PlannedSpan[] = [fromEntry(last, end)];
  let missing = count;
  for (let number = 0; missing > 0; number++) {
    const entry = keyframes.at(number);
    const before = keyframes.at(number + 1);
    if (entry === undefined || entry === first) break;
    const emitted = entry.emitted[alt] - (before?.emitted[alt] ?? 0);
    if (emitted === 0) continue;
    missing -= emitted;
    const next = planned[0];
    // What follows without a hole is rendered in one go.
    if (next?.entry === entry) planned[0] = fromEntry(before, next.to);
    else planned.unshift(fromEntry(before, entry.offset));
  }
  return planned;
}

function fromEntry(entry: KeyframeEntry | undefined, to: number): PlannedSpan {
  return { from: entry?.offset ?? 0, to, entry };
}

function nearer(entry: KeyframeEntry | undefined, found: number, to: number): PlannedSpan {
  return entry !== undefined && entry.offset >= found ? fromEntry(entry, to) : { from: found, to, entry: undefined };
}

/** Where there are keyframes, the beginning of a recording is as good as one. */
function isFar({ keyframes }: Search, entry: KeyframeEntry | undefined, from: number): boolean {
  return keyframes.at(0) === undefined || from - (entry?.offset ?? 0) > FAR_BYTES;
}
