import { Screen } from '../../render/screen/screen.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { RecordedBytes } from './recorded-bytes.js';
import { isBehind, type Position, START } from './timeline.js';

/** A screen as a recording had it: it has been fed what comes in front of `position`. */
export interface ScreenAt {
  readonly position: Position;
  readonly screen: Screen;
}

/** Screens of a recording that need not be made from its first byte. */
export interface SavedScreens {
  /** The last one at or before `position`, for the caller to keep; undefined where that is none, or is not behind `after`. */
  before(position: Position, after?: Position): Promise<ScreenAt | undefined>;
  /** Is shown the screen while it goes forward. */
  pass(at: ScreenAt): void;
}

/** A screen of a recording that can be moved to any of its moments: forward by feeding it, backward from a saved one. */
export class Playhead implements AsyncDisposable {
  readonly #recording: RecordedTask;
  readonly #saved: SavedScreens;
  readonly #bytes: RecordedBytes;
  #at: ScreenAt;

  constructor(recording: RecordedTask, saved: SavedScreens) {
    this.#recording = recording;
    this.#saved = saved;
    this.#bytes = new RecordedBytes(recording.entry.folder.path, 0);
    this.#at = this.#start();
  }

  get screen(): Screen {
    return this.#at.screen;
  }

  /** Where it is: on its way, where a move was broken off. */
  get position(): Position {
    return this.#at.position;
  }

  /** Breaks off between two pieces of 64 KiB when `signal` aborts. @throws OrchError LOG_UNREADABLE */
  async moveTo(target: Position, signal?: AbortSignal): Promise<void> {
    const isBack = isBehind(target, this.position);
    if (isBack) await this.#take((await this.#saved.before(target)) ?? this.#start());
    else if (target.offset - this.position.offset > FAR_BYTES) {
      const saved = await this.#saved.before(target, this.position);
      if (saved !== undefined) await this.#take(saved);
    }
    while (isBehind(this.position, target) && signal?.aborted !== true) await this.#step(target);
    if (signal?.aborted !== true) this.#at = { ...this.#at, position: target };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.screen.dispose();
    await this.#bytes[Symbol.asyncDispose]();
  }

  #start(): ScreenAt {
    return { position: START, screen: new Screen(this.#recording.size, { styles: true }) };
  }

  async #take(at: ScreenAt): Promise<void> {
    this.screen.dispose();
    this.#at = at;
    await this.#bytes.goTo(at.position.offset);
  }

  /** Up to the next resize, or the next piece of output. */
  async #step(target: Position): Promise<void> {
    const { position, screen } = this.#at;
    const resize = position.resizes < target.resizes ? this.#recording.resizes[position.resizes] : undefined;
    if (resize !== undefined && resize.offset <= position.offset) {
      screen.resize(resize.size);
      this.#reach({ ...position, resizes: position.resizes + 1 });
      return;
    }
    const end = Math.min(target.offset, resize?.offset ?? Infinity);
    const chunk = await this.#bytes.read(end);
    const missing = (chunk?.offset ?? end) - position.offset;
    if (missing > 0) screen.skip(missing);
    if (chunk !== undefined) screen.write(chunk.bytes);
    // What cannot be read is missing: `target` is never beyond what was written.
    this.#reach({ ...position, offset: chunk === undefined ? end : chunk.offset + chunk.bytes.length });
  }

  #reach(position: Position): void {
    this.#at = { ...this.#at, position };
    this.#saved.pass(this.#at);
  }
}

/** So far ahead it is worth looking for a saved screen; to read as much takes some ten milliseconds. */
const FAR_BYTES = 256 * 1024;
