import { MAX_SPEED, MIN_SPEED } from './speed.js';
import { isBehind, type Position, type Timeline } from './timeline.js';

export interface PlayerOptions {
  /** Recorded milliseconds a millisecond of the clock. */
  readonly speed: number;
  /** The most recorded milliseconds of a time without output that are waited for. */
  readonly idleLimitMs: number;
  readonly from: Position;
  /** Undefined: to the end, wherever that will be. */
  readonly to: Position | undefined;
  /** Begins again at the end. */
  readonly loop: boolean;
  /**
   * At the end of a recording that grows, shows what comes as it comes. `from-now`: begins there, with all that has come
   * before as one move.
   */
  readonly follow: 'no' | 'at-end' | 'from-now';
}

/** How far the arrow keys go, in recorded milliseconds. */
export const LEAP_MS = 5000;
/** Nearer to the beginning of an iteration than this, going back an iteration leads to the one before, ms. */
const JUST_BEGUN_MS = 1000;
/** How long the last picture of a loop stands, in milliseconds of the clock. */
const LOOP_PAUSE_MS = 1000;

/**
 * Where a replay is, and when it goes on: time comes in, positions come out. It neither reads nor paints. Times called
 * `now` are milliseconds of a clock that never jumps back; every position is due at a time reckoned from the last key, never
 * from when the one before was shown, so that nothing adds up.
 */
export class Player {
  readonly #timeline: Timeline;
  readonly #options: PlayerOptions;
  #speed: number;
  #isPaused = false;
  #position: Position;
  /** At `now` of the clock the replay was `ms` into the recording. */
  #anchor: { readonly now: number; readonly ms: number };
  /** Everything there is has been shown, and what comes is shown as it comes. */
  #isLive = false;

  constructor(timeline: Timeline, options: PlayerOptions, now: number) {
    this.#timeline = timeline;
    this.#options = options;
    this.#speed = options.speed;
    this.#position = options.from;
    this.#anchor = { now, ms: options.from.ms };
    this.#isLive = options.follow === 'from-now' && this.#mayGrow;
  }

  get speed(): number {
    return this.#speed;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** What is to be seen. */
  get position(): Position {
    return this.#position;
  }

  /** Behind what is to be seen there is no more, nor will be. */
  get isAtEnd(): boolean {
    return !this.#options.loop && !this.#mayGrow && this.#next() === undefined;
  }

  /** The first moment that is played, and the last, as of now. */
  get range(): { readonly from: Position; readonly to: Position } {
    const { from, to } = this.#options;
    const { end } = this.#timeline;
    return { from, to: to === undefined || isBehind(end, to) ? end : to };
  }

  /** How far into the recording it is at `now`, in milliseconds, times without output included. */
  msAt(now: number): number {
    if (this.#isPaused) return this.#anchor.ms;
    if (this.#isLive) return this.#anchor.ms + now - this.#anchor.now;
    const next = this.#next();
    const reached = this.#anchor.ms + (now - this.#anchor.now) * this.#speed;
    return Math.max(this.#position.ms, Math.min(reached, next?.ms ?? this.#position.ms, this.#quietUntil()));
  }

  /** Goes on to what is to be seen at `now`. */
  advance(now: number): Position {
    if (this.#isPaused) return this.#position;
    if (this.#isLive) return this.#goLive(now);
    for (;;) {
      const next = this.#next();
      if (next === undefined) return this.#atEnd(now);
      const due = this.#dueAt(next);
      if (due > now) return this.#position;
      if (next.ms > this.#quietUntil()) this.#anchor = { now: due, ms: next.ms };
      this.#position = next;
    }
  }

  /** When `advance` will have something new; undefined where that is not known, or never. */
  get wakeAt(): number | undefined {
    if (this.#isPaused || this.#isLive) return undefined;
    const next = this.#next();
    if (next !== undefined) return this.#dueAt(next);
    return this.#options.loop ? this.clockAt(this.#position.ms) + LOOP_PAUSE_MS : undefined;
  }

  /** When it will be, or was, `ms` into the recording, where nothing comes or is left out in between. */
  clockAt(ms: number): number {
    return this.#anchor.now + (ms - this.#anchor.ms) / (this.#isLive ? 1 : this.#speed);
  }

  togglePause(now: number): void {
    this.#anchor = { now, ms: this.msAt(now) };
    this.#isLive = false;
    this.#isPaused = !this.#isPaused;
  }

  /** By steps of the double and the half. */
  changeSpeed(direction: 1 | -1, now: number): void {
    const ms = this.msAt(now);
    this.#speed = Math.min(MAX_SPEED, Math.max(MIN_SPEED, direction === 1 ? this.#speed * 2 : this.#speed / 2));
    this.#anchor = { now, ms };
  }

  /** To `ms` into the recording, or as far as it is played. */
  seek(ms: number, now: number): void {
    const { from, to } = this.range;
    if (ms >= to.ms) this.#jump(to, now);
    else this.#jump(ms <= from.ms ? from : this.#timeline.at(ms), now);
  }

  leap(ms: number, now: number): void {
    this.seek(this.msAt(now) + ms, now);
  }

  /** To `tenth` tenths of what is played. */
  seekTenth(tenth: number, now: number): void {
    const { from, to } = this.range;
    this.seek(from.ms + ((to.ms - from.ms) * tenth) / 10, now);
  }

  seekOffset(offset: number, now: number): void {
    this.#jump(this.#timeline.atOffset(offset), now);
  }

  /** One change forward or back; pauses. */
  step(direction: 1 | -1, now: number): void {
    const { from } = this.range;
    const back = (): Position => {
      const previous = this.#timeline.previous(this.#position);
      return isBehind(previous, from) ? from : previous;
    };
    this.#isPaused = true;
    this.#jump(direction === 1 ? (this.#next() ?? this.#position) : back(), now);
  }

  /** To the beginning of the next iteration, of this one, or of the one before; false where there is none. */
  seekIteration(direction: 1 | -1, now: number): boolean {
    const { from, to } = this.range;
    const begun = this.#timeline.iterations.filter((at) => !isBehind(at, from) && !isBehind(to, at));
    const found =
      direction === 1
        ? begun.find((at) => at.offset > this.#position.offset)
        : begun.findLast((at) => at.offset < this.#position.offset && at.ms < this.msAt(now) - JUST_BEGUN_MS);
    if (found !== undefined) this.#jump(found, now);
    return found !== undefined;
  }

  get #mayGrow(): boolean {
    const { follow, to } = this.#options;
    return follow !== 'no' && to === undefined && this.#timeline.grows;
  }

  #goLive(now: number): Position {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#position = next;
      this.#anchor = { now, ms: next.ms };
    }
    this.#isLive = this.#mayGrow;
    return this.#position;
  }

  #atEnd(now: number): Position {
    const { loop, from } = this.#options;
    this.#isLive = this.#mayGrow;
    if (this.#isLive) this.#anchor = { now, ms: this.#position.ms };
    const begins = this.clockAt(this.#position.ms) + LOOP_PAUSE_MS;
    if (loop && !this.#isLive && now >= begins) {
      this.#position = from;
      this.#anchor = { now: begins, ms: from.ms };
    }
    return this.#position;
  }

  #next(): Position | undefined {
    const { to } = this.#options;
    const next = this.#timeline.next(this.#position);
    if (next === undefined || to === undefined || !isBehind(to, next)) return next;
    // The last bytes may have come together with some that are not wanted.
    return this.#position.offset < to.offset
      ? { ...to, ms: Math.min(next.ms, Math.max(to.ms, this.#position.ms)) }
      : undefined;
  }

  #dueAt(next: Position): number {
    return this.clockAt(Math.min(next.ms, this.#quietUntil()));
  }

  /** When it has been quiet for long enough. */
  #quietUntil(): number {
    return this.#position.ms + this.#options.idleLimitMs;
  }

  #jump(position: Position, now: number): void {
    this.#isLive = false;
    this.#position = position;
    this.#anchor = { now, ms: position.ms };
  }
}
