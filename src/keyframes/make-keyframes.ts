import { type Clock, systemClock } from '../core/clock.js';
import { Transcript } from '../render/transcript/transcript.js';
import { appendKeyframe, removeKeyframes, segmentOfKeyframe } from './keyframe-file.js';
import { LARGE_READ_BYTES } from '../store/files/read-size.js';
import { readLog } from '../store/task/log-reader.js';
import type { LogChunk } from '../store/log/segment-cursor.js';
import { listSegments, recordedStart, type Segment } from '../store/log/segments.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { readTask } from '../store/task/task-reader.js';
import { readTimeIndex } from '../store/times/time-index-reader.js';
import { keyframesFromEnd, resumeAt } from './keyframes.js';
import { engineName, StatePacker, StateToPack } from './packed-state.js';
import { RecordedSizes } from './recorded-sizes.js';
import { renderChunks } from './render-chunks.js';

export interface MakingOptions {
  /** None behind this absolute offset; undefined: up to the end. */
  readonly until?: number;
  /** Goes on with what is recorded meanwhile, until the task no longer runs. */
  readonly follow?: boolean;
  /** The least distance between two keyframes, in bytes; default 1 MiB. */
  readonly spacing?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /**
   * Awaited after each chunk of the log, so that the caller can pause; gets the absolute offset that was reached,
   * and how many milliseconds it took.
   */
  readonly onPiece?: (offset: number, busyMs: number) => Promise<void> | void;
}

export interface Made {
  readonly keyframes: number;
  /** Their size on the disk. */
  readonly bytes: number;
}

/** One at least so far behind the one before, and not farther. */
const MIN_SPACING = 1024 * 1024;
const MAX_SPACING = 4 * 1024 * 1024;
/** In between, so far that a keyframe is a twentieth of what it is for. */
const SPARSENESS = 20;

/**
 * Makes the keyframes that a recording has not yet: one at the beginning of each segment, and one every 1 to 4 MiB. It goes
 * on from the last there is, and begins at the first byte there is where there is none.
 *
 * @throws OrchError LOG_UNREADABLE; the system's error where they cannot be written
 */
export async function makeKeyframes(folder: TaskFolder, options: MakingOptions = {}): Promise<Made> {
  let keyframes = 0;
  let bytes = 0;
  for (;;) {
    const made = await makeFromLast(folder, options);
    keyframes += made.keyframes;
    bytes += made.bytes;
    if (!made.overtaken) return { keyframes, bytes };
  }
}

/** `overtaken`: what was to be read next was removed, so that the recording begins elsewhere now. */
async function makeFromLast(
  folder: TaskFolder,
  options: MakingOptions,
): Promise<Made & { readonly overtaken: boolean }> {
  using sizes = new RecordedSizes(readTask(folder), () => readTimeIndex(folder.path).size);
  const begun = await beginning(folder, sizes);
  const { transcript, from } = begun;
  const packer = new StatePacker(folder);
  let last = begun.last;
  let keyframes = 0;
  let bytes = 0;
  let segments = listSegments(folder.path);
  let overtaken = false;
  /** Of the file that the last one went to. */
  let length: number | undefined;

  const take = async (offset: number, segment: Segment): Promise<void> => {
    const state = transcript.save();
    const { final, diff, none } = state.byAlt;
    const emitted = { final: final.count, diff: diff.count, none: none.count };
    const toPack = new StateToPack(state);
    // A state that cannot be restored exactly is no keyframe: the next offset is tried.
    if (!toPack.equals(new StateToPack(Transcript.resume(state, { savable: true }).save()))) return;
    const packed = await packer.pack(toPack, segment.start);
    const file = {
      start: segment.start,
      engine: engineName(),
      known: segment.start === last?.segment ? length : undefined,
    };
    const taken = appendKeyframe(folder.path, file, { offset, emitted, state: packed });
    last = { offset, segment: segment.start, bytes: taken.bytes };
    length = taken.length;
    keyframes++;
    bytes += taken.bytes;
  };

  /** When the next chunk is asked for, the transcript has read all before it. */
  const watched = async function* (chunks: AsyncIterable<LogChunk>): AsyncGenerator<LogChunk, void, void> {
    let position = from;
    const { clock = systemClock } = options;
    for await (const chunk of chunks) {
      const begun = clock.monotonic();
      sizes.read();
      let segment = segmentOf(segments, chunk.offset);
      if (segment === undefined) {
        segments = listSegments(folder.path);
        segment = segmentOf(segments, chunk.offset);
      }
      if (chunk.offset > position && position > 0 && position < recordedStart(folder.path)) {
        overtaken = true;
        return;
      }
      if (segment !== undefined && isDue(last, position, segment, options.spacing)) await take(position, segment);
      position = chunk.offset + chunk.bytes.length;
      yield chunk;
      await options.onPiece?.(position, clock.monotonic() - begun);
    }
    sizes.read();
  };

  const to = options.until === undefined ? {} : { to: options.until + 1 };
  const log = readLog(folder, {
    ...options,
    ...to,
    from,
    chunkBytes: Math.min(LARGE_READ_BYTES, options.spacing ?? MIN_SPACING),
  });
  const chunks = renderChunks(watched(log), sizes.resizes, { from, known: from - 1 });
  for await (const chunk of chunks) {
    transcript.feedBatches(chunk);
    if (options.signal?.aborted === true) break;
  }
  return { keyframes, bytes, overtaken };
}

interface LastTaken {
  readonly offset: number;
  /** Where its segment begins. */
  readonly segment: number;
  readonly bytes: number;
}

/** A recording that has no keyframe yet begins without one, if it has not lost its beginning. */
function isDue(last: LastTaken | undefined, position: number, segment: Segment, spacing = MIN_SPACING): boolean {
  if (last?.segment !== segment.start && segment.start > 0) return true;
  if (last === undefined) return position >= spacing;
  return (
    position - last.offset >=
    Math.min(MAX_SPACING, Math.max(spacing, spacing === MIN_SPACING ? last.bytes * SPARSENESS : 0))
  );
}

async function beginning(folder: TaskFolder, sizes: RecordedSizes) {
  const [entry] = keyframesFromEnd(folder);
  const transcript = entry && (await resumeAt(folder, entry, { savable: true }));
  if (entry !== undefined && transcript !== undefined) {
    const { offset, bytes } = entry;
    return { transcript, from: offset, last: { offset, segment: segmentOfKeyframe(entry), bytes } };
  }
  removeKeyframes(folder.path);
  return { transcript: new Transcript(sizes.at(0), { savable: true }), from: 0, last: undefined };
}

/** The segment that the byte at `offset` is in; undefined where it is behind all of them. */
function segmentOf(segments: readonly Segment[], offset: number): Segment | undefined {
  return segments.find(({ start, bytes }) => offset >= start && offset < start + bytes);
}
