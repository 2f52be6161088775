import { keyframesFromEnd, stateOf } from '../../keyframes/keyframes.js';
import { Screen, type ScreenState } from '../../render/screen/screen.js';
import { firstIndex } from '../../store/times/time-index-reader.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import type { SavedScreens, ScreenAt } from './playhead.js';
import { isBehind, type Position } from './timeline.js';

/** Bytes from one snapshot to the next at first: reading as much takes some ten milliseconds. */
const SPACING_BYTES = 128 * 1024;
/** How many are kept; then every second goes, and the next are twice as far apart. */
const MAX_SNAPSHOTS = 64;

interface Snapshot {
  readonly position: Position;
  readonly state: ScreenState;
}

/**
 * The keyframes of a recording, and screens that were passed, which are kept in memory: a few, evenly spread over what was
 * played.
 */
export class Snapshots implements SavedScreens {
  readonly #recording: RecordedTask;
  /** In the order of their positions. */
  #kept: Snapshot[] = [];
  #spacing = SPACING_BYTES;

  constructor(recording: RecordedTask) {
    this.#recording = recording;
  }

  async before(position: Position, after?: Position): Promise<ScreenAt | undefined> {
    const kept = this.#kept[this.#firstBehind(position) - 1];
    const known = kept !== undefined && (after === undefined || isBehind(after, kept.position)) ? kept : undefined;
    const found = (await this.#keyframe(position, known?.position ?? after)) ?? known;
    return found && { position: found.position, screen: Screen.resume(found.state, { styles: true }) };
  }

  pass({ position, screen }: ScreenAt): void {
    const at = this.#firstBehind(position);
    if (position.offset - (this.#kept[at - 1]?.position.offset ?? 0) < this.#spacing) return;
    this.#kept.splice(at, 0, { position, state: screen.save() });
    if (this.#kept.length <= MAX_SNAPSHOTS) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 1);
    this.#spacing *= 2;
  }

  /** The last keyframe at or before `position` that is behind `after` and can be read. */
  async #keyframe(position: Position, after: Position | undefined): Promise<Snapshot | undefined> {
    const { resizes, entry } = this.#recording;
    for (const keyframe of keyframesFromEnd(entry.folder)) {
      const { offset } = keyframe;
      // A resize at that very byte is made behind a keyframe.
      const at = { offset, resizes: firstIndex(resizes, (resize) => resize.offset >= offset), ms: 0 };
      if (isBehind(position, at)) continue;
      if (after !== undefined && !isBehind(after, at)) return undefined;
      const state = await stateOf(entry.folder, keyframe);
      if (state !== undefined) return { position: at, state: state.screen };
    }
    return undefined;
  }

  /** The index of the first snapshot behind `position`. */
  #firstBehind(position: Position): number {
    return firstIndex(this.#kept, (kept) => isBehind(position, kept.position));
  }
}
