import { Transcript, type TranscriptOptions, type TranscriptState } from '../render/transcript/transcript.js';
import {
  type KeyframeEntry,
  type KeyframeList,
  keyframesBackward,
  listKeyframes,
  readKeyframe,
  segmentOfKeyframe,
} from './keyframe-file.js';
import { recordedStart } from '../store/log/segments.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { engineName, unpackState } from './packed-state.js';

/**
 * The keyframes that this version of orch can use, by their offsets, without their states; of segments that were removed
 * they go too.
 */
export function findKeyframes(folder: TaskFolder): KeyframeList {
  const { entries, problems } = listKeyframes(folder.path, engineName());
  const first = recordedStart(folder.path);
  return { entries: entries.filter((entry) => segmentOfKeyframe(entry) >= first), problems };
}

/** The same without what is of no use, from the last on; as far as they are asked for. */
export function* keyframesFromEnd(folder: TaskFolder): Generator<KeyframeEntry, void, void> {
  const first = recordedStart(folder.path);
  for (const entry of keyframesBackward(folder.path, engineName())) {
    if (segmentOfKeyframe(entry) < first) return;
    yield entry;
  }
}

/** The state of a keyframe; undefined where it is damaged, or the log no longer has what it refers to. */
export async function stateOf(folder: TaskFolder, entry: KeyframeEntry): Promise<TranscriptState | undefined> {
  const bytes = readKeyframe(entry);
  return bytes && (await unpackState(bytes, folder));
}

/** The last keyframe at or in front of the absolute `offset` that can be read, and its state. */
export async function lastKeyframe(
  folder: TaskFolder,
  offset: number,
): Promise<{ readonly offset: number; readonly state: TranscriptState } | undefined> {
  for (const entry of keyframesFromEnd(folder)) {
    const state = entry.offset <= offset ? await stateOf(folder, entry) : undefined;
    if (state !== undefined) return { offset: entry.offset, state };
  }
  return undefined;
}

/** A transcript that goes on at a keyframe; undefined where that is of no use. */
export async function resumeAt(
  folder: TaskFolder,
  entry: KeyframeEntry,
  options: TranscriptOptions,
): Promise<Transcript | undefined> {
  const state = await stateOf(folder, entry);
  return state && Transcript.resume(state, options);
}
