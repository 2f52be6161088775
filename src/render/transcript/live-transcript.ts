import { LF } from '../../core/terminal/codes.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { EarlyLines, SETTLED_MS } from './early-lines.js';
import type { Line, RenderChunk } from '../model/line.js';
import type { Row } from '../model/row.js';
import { type LineBatch, linesOf } from '../model/text-lines.js';
import { Transcript, type TranscriptOptions, type TranscriptState } from './transcript.js';

/** Looking at the screen keeps the transcript from its fast path; this often is soon enough for half a second (T4). */
const LOOK_MS = 50;
/** A program that has printed nothing for this long is between two frames, of which there are sixty a second at most. */
const RESTS_MS = 10;
const NOTHING = new Uint8Array(0);

/**
 * A transcript for a reader who waits: besides the lines that became final, those that have stood still for a while
 * come early, each once. Times are milliseconds of a clock that never jumps back.
 */
export class LiveTranscript {
  readonly #transcript: Transcript;
  readonly #early: EarlyLines;
  #ended = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #pushedAt = Number.NEGATIVE_INFINITY;
  /** What has come without a pause: since when, and whether a line ended in it. */
  #burst = { from: 0, hasLineFeed: false };
  /** Since when more came with a line than its end, after the last look. */
  #together: number | undefined;
  /** When to look for what has come since the last look. */
  #lookAt: number | undefined;

  constructor(size: TerminalSize, options: TranscriptOptions = {}, saved?: TranscriptState) {
    this.#transcript = saved === undefined ? new Transcript(size, options) : Transcript.resume(saved, options);
    this.#early = new EarlyLines(this.#transcript);
  }

  /** One that goes on from where a savable transcript was; see there. */
  static resume(state: TranscriptState, options: TranscriptOptions = {}): LiveTranscript {
    return new LiveTranscript(state.screen.size, options, state);
  }

  /**
   * The lines made final by output that had been printed before anybody looked. Behind the last of it, `settle` gives those
   * that only stand on the screen.
   */
  catchUp(chunk: RenderChunk): readonly Line[] {
    return linesOf(this.catchUpBatches(chunk));
  }

  /** See Transcript.feedBatches. */
  catchUpBatches(chunk: RenderChunk): readonly LineBatch[] {
    return this.#early.finalBatches(this.#feed(chunk));
  }

  /** The lines that what was read last has made final, though its last bytes may go on in what comes. */
  caughtUp(): readonly Line[] {
    this.#transcript.live();
    return this.catchUp(NOTHING);
  }

  /**
   * What stands there `now`, when nothing has been printed for `quietMs`: a reader who begins to watch is shown it at once, but
   * for what a program that moves the cursor up may be about to draw again.
   */
  settle(now: number, quietMs: number): readonly Line[] {
    this.look(now - Math.max(quietMs, SETTLED_MS));
    return this.look(now);
  }

  /** The lines to be shown now that `chunk`, which was printed at `at`, has come. */
  push(chunk: RenderChunk, at: number): readonly Line[] {
    this.#noteRest(at);
    if (chunk instanceof Uint8Array) this.#noteBurst(chunk, at);
    this.#pushedAt = at;
    const lines = linesOf(this.#early.finalBatches(this.#feed(chunk)));
    if (at - this.#lookedAt >= LOOK_MS) return [...lines, ...this.look(at)];
    this.#lookAt = this.#lookedAt + LOOK_MS;
    return lines;
  }

  /** The lines to be shown although nothing has come; to be asked for at {@link wakeAt}. */
  look(now: number): readonly Line[] {
    this.#lookedAt = now;
    this.#lookAt = undefined;
    this.#noteRest(now);
    const together = this.#together;
    this.#together = undefined;
    return this.#early.look(now, together);
  }

  /** When to look again if nothing comes; undefined: only when something does. */
  get wakeAt(): number | undefined {
    const restAt = this.#early.isRedrawing ? this.#pushedAt + RESTS_MS : Infinity;
    const at = Math.min(this.#lookAt ?? Infinity, this.#early.wakeAt ?? Infinity, restAt);
    return at === Infinity ? undefined : at;
  }

  /** The rows of the screen that were not shown yet: what is being drawn, down to the last with text. */
  unsettled(): readonly Row[] {
    if (this.#ended) return [];
    const { rows, firstRow } = this.#transcript.live();
    const fresh = this.#transcript.alternateRows ?? rows.slice(Math.max(0, this.#early.shownTo - firstRow));
    return fresh.slice(0, fresh.findLastIndex((row) => row.text.trimEnd() !== '') + 1);
  }

  /** The output has ended: the lines that were still held. */
  end(): readonly Line[] {
    return linesOf(this.endBatches());
  }

  /** See Transcript.feedBatches. */
  endBatches(): readonly LineBatch[] {
    this.#ended = true;
    return this.#early.finalBatches(this.#transcript.endBatches());
  }

  #noteRest(now: number): void {
    // The same sum as in wakeAt: of times with fractions a difference may fall short of it for ever.
    if (now >= this.#pushedAt + RESTS_MS) this.#early.rested(now);
  }

  #noteBurst(bytes: Uint8Array, at: number): void {
    if (at - this.#pushedAt >= RESTS_MS) this.#burst = { from: at, hasLineFeed: false };
    const burst = this.#burst;
    const end = burst.hasLineFeed ? 0 : bytes.indexOf(LF) + 1;
    if ((burst.hasLineFeed || end > 0) && end < bytes.length) this.#together ??= burst.from;
    burst.hasLineFeed ||= end > 0;
  }

  #feed(chunk: RenderChunk): readonly LineBatch[] {
    const lines = this.#transcript.feedBatches(chunk);
    if (!(chunk instanceof Uint8Array) && chunk.type === 'resize') this.#early.reflowed();
    return lines;
  }
}
