import { Screen, type ScreenState } from '../../render/screen.js';
import { firstIndex } from '../../store/time-index-reader.js';
import type { SavedScreens, ScreenAt } from './playhead.js';
import { isBehind, type Position } from './timeline.js';

/** Bytes from one snapshot to the next at first: reading as much takes some ten milliseconds. */
const SPACING_BYTES = 128 * 1024;
/** So many are kept; then every second goes, and the next are twice as far apart. */
const MAX_SNAPSHOTS = 64;

/** Screens that were passed, kept in memory: a few, evenly spread over what was played. */
export class Snapshots implements SavedScreens {
  /** In the order of their positions. */
  #kept: { readonly position: Position; readonly state: ScreenState }[] = [];
  #spacing = SPACING_BYTES;

  before(position: Position, after?: Position): Promise<ScreenAt | undefined> {
    const found = this.#kept[this.#firstBehind(position) - 1];
    if (found === undefined || (after !== undefined && !isBehind(after, found.position)))
      return Promise.resolve(undefined);
    return Promise.resolve({ position: found.position, screen: Screen.resume(found.state, { styles: true }) });
  }

  pass({ position, screen }: ScreenAt): void {
    const at = this.#firstBehind(position);
    if (position.offset - (this.#kept[at - 1]?.position.offset ?? 0) < this.#spacing) return;
    this.#kept.splice(at, 0, { position, state: screen.save() });
    if (this.#kept.length <= MAX_SNAPSHOTS) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 1);
    this.#spacing *= 2;
  }

  /** The index of the first snapshot behind `position`. */
  #firstBehind(position: Position): number {
    return firstIndex(this.#kept, (kept) => isBehind(position, kept.position));
  }
}
