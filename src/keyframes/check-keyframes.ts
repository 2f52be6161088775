import { isDeepStrictEqual } from 'node:util';
import { Transcript } from '../render/transcript/transcript.js';
import { readLog } from '../store/task/log-reader.js';
import type { LogChunk } from '../store/log/segment-cursor.js';
import { recordedStart } from '../store/log/segments.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { readTask } from '../store/task/task-reader.js';
import { readTimeIndex } from '../store/times/time-index-reader.js';
import { findKeyframes, stateOf } from './keyframes.js';
import { asPacked } from './packed-state.js';
import { RecordedSizes } from './recorded-sizes.js';
import { renderChunks } from './render-chunks.js';

export interface KeyframeCheck {
  readonly keyframes: number;
  /** The offset of the last one. */
  readonly end: number;
  /** The offsets of those that cannot be read, or from which rendering would go on in another way. */
  readonly wrong: readonly number[];
  /** A sentence for each file that is torn, damaged, or another version's. */
  readonly problems: readonly string[];
}

/**
 * Renders a recording up to its last keyframe, and compares each with what is found. Undefined when `signal` aborted it.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export async function checkKeyframes(folder: TaskFolder, signal?: AbortSignal): Promise<KeyframeCheck | undefined> {
  const { entries, problems } = findKeyframes(folder);
  const last = entries.at(-1)?.offset ?? 0;
  const wrong: number[] = [];
  using sizes = new RecordedSizes(readTask(folder), () => readTimeIndex(folder.path).size);
  const first = recordedStart(folder.path);
  // Of a recording that has lost its beginning the first one is all that is known.
  const begin = entries.find(({ offset }) => first > 0 && offset > 0 && offset <= first);
  const state = begin && (await stateOf(folder, begin));
  const from = state === undefined || begin === undefined ? 0 : begin.offset;
  const transcript =
    state === undefined ? new Transcript(sizes.at(0), { savable: true }) : Transcript.resume(state, { savable: true });
  const waiting = entries.filter(({ offset }) => offset >= from);

  /** When the next chunk is asked for, the transcript has read all before it. */
  const compared = async function* (chunks: AsyncIterable<LogChunk>): AsyncGenerator<LogChunk, void, void> {
    let position = from;
    const compare = async (): Promise<void> => {
      for (let entry = waiting[0]; entry !== undefined && entry.offset <= position; entry = waiting[0]) {
        waiting.shift();
        const found = entry.offset === position ? plain(asPacked(transcript.save())) : undefined;
        if (!isDeepStrictEqual(await stateOf(folder, entry), found)) wrong.push(entry.offset);
      }
    };
    for await (const { offset, bytes } of chunks) {
      await compare();
      for (let at = 0; at < bytes.length; ) {
        const next = (waiting[0]?.offset ?? Infinity) - offset;
        const to = next > at && next < bytes.length ? next : bytes.length;
        yield { offset: offset + at, bytes: bytes.subarray(at, to) };
        at = to;
        position = offset + at;
        await compare();
      }
    }
    await compare();
  };

  if (waiting.length > 0) {
    const log = readLog(folder, { from, to: last, ...(signal && { signal }) });
    const options = { from, known: from === 0 && state === undefined ? -1 : from - 1, to: last };
    for await (const chunk of renderChunks(compared(log), sizes.resizes, options)) transcript.feedBatches(chunk);
  }
  if (signal?.aborted === true) return undefined;
  return { keyframes: entries.length, end: last, wrong: [...wrong, ...waiting.map(({ offset }) => offset)], problems };
}

/** A state made JSON and read again, as keyframes store it. */
function plain(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state));
}
