import { keyframesFromEnd, stateOf } from '../../keyframes/keyframes.js';
import type { AlternateScreen } from '../../render/model/line.js';
import type { TranscriptState } from '../../render/transcript/transcript.js';
import type { KeyframeEntry } from '../../keyframes/keyframe-file.js';
import { recordedStart } from '../../store/log/segments.js';
import type { Beginning } from './beginning.js';
import type { RecordedTask } from './recorded-task.js';
import { startBefore, startOfLast } from './starting-point.js';

/** A range of a recording that is rendered in one go. */
export interface RenderSpan {
  /** Absolute offset of its first byte. */
  readonly from: number;
  readonly to: number;
  /** The saved state at `from`; undefined: rendering starts with an empty screen. */
  readonly state: TranscriptState | undefined;
}

interface Wanted {
  readonly recording: RecordedTask;
  readonly alt: AlternateScreen;
  readonly signal: AbortSignal;
}

/** A last keyframe this far from the end is incomplete work: a nearer starting point is searched instead. */
const FAR_BYTES = 16 * 1024 * 1024;

/**
 * The spans to render, in order, for a view from `begin` to the absolute offset `end`; in recordings
 * with keyframes a few megabytes, whatever their size. The spans may begin with lines that are not wanted.
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
    // A keyframe that cannot be read is passed over for the one before it.
    bad.add(plan[spans.length]?.entry?.hash ?? '');
  }
}

/** Keyframes from the last one backward, by number, read lazily. */
class FromEnd {
  readonly #rest: Iterator<KeyframeEntry, void>;
  readonly #isWanted: (entry: KeyframeEntry) => boolean;
  readonly #read: KeyframeEntry[] = [];

  constructor(entries: Iterable<KeyframeEntry, void>, isWanted: (entry: KeyframeEntry) => boolean) {
    this.#rest = entries[Symbol.iterator]();
    this.#isWanted = isWanted;
  }

  /** Undefined where there are fewer. */
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
    while (startOf(this.at(number)) > offset) number++;
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

/** The keyframe at which the rest begins of a recording that has lost its first segments. */
function firstLeft({ recording, keyframes }: Search): KeyframeEntry | undefined {
  const first = recordedStart(recording.entry.folder.path);
  return first === 0 ? undefined : keyframes.before(first);
}

/** Keyframes count the lines emitted between them: a span without lines is not read. */
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
    // Adjacent spans are rendered in one go.
    if (next?.entry === entry) planned[0] = fromEntry(before, next.to);
    else planned.unshift(fromEntry(before, entry.offset));
  }
  return planned;
}

function fromEntry(entry: KeyframeEntry | undefined, to: number): PlannedSpan {
  return { from: startOf(entry), to, entry };
}

/** Where rendering begins: at a keyframe, else at the beginning of the recording. */
function startOf(entry: KeyframeEntry | undefined): number {
  return entry?.offset ?? 0;
}

function nearer(entry: KeyframeEntry | undefined, found: number, to: number): PlannedSpan {
  return entry !== undefined && entry.offset >= found ? fromEntry(entry, to) : { from: found, to, entry: undefined };
}

/** Where there are keyframes, the beginning of a recording is as good as one. */
function isFar({ keyframes }: Search, entry: KeyframeEntry | undefined, from: number): boolean {
  return keyframes.at(0) === undefined || from - startOf(entry) > FAR_BYTES;
}
