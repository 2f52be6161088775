import type { TerminalSize } from '../core/size.js';
import { EarlyLines } from './early-lines.js';
import type { Line, RenderChunk } from './line.js';
import { Transcript, type TranscriptOptions } from './transcript.js';

/** Looking at the screen keeps the transcript from its fast lane; so often is soon enough for half a second (T4). */
const LOOK_MS = 50;

/**
 * A transcript for somebody who waits: besides the lines that became final, those that have stood still for a while
 * come early, each once. Times are milliseconds of a clock that never jumps back.
 */
export class LiveTranscript {
  readonly #transcript: Transcript;
  readonly #early = new EarlyLines();
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** When to look for what has come since the last look. */
  #lookAt: number | undefined;

  constructor(size: TerminalSize, options: TranscriptOptions = {}) {
    this.#transcript = new Transcript(size, options);
  }

  /** The lines to be shown now that `chunk`, which was printed at `at`, has come. */
  push(chunk: RenderChunk, at: number): readonly Line[] {
    const made = chunk instanceof Uint8Array ? this.#transcript.push(chunk) : this.#transcript.resize(chunk);
    const lines = this.#early.final(made);
    if (at - this.#lookedAt >= LOOK_MS) return [...lines, ...this.look(at)];
    this.#lookAt = this.#lookedAt + LOOK_MS;
    return lines;
  }

  /** The lines to be shown although nothing has come; to be asked for at {@link wakeAt}. */
  look(now: number): readonly Line[] {
    this.#lookedAt = now;
    this.#lookAt = undefined;
    return this.#early.look(this.#transcript.live(), now);
  }

  /** When to look again if nothing comes; undefined: only when something does. */
  get wakeAt(): number | undefined {
    const { wakeAt } = this.#early;
    return this.#lookAt === undefined || wakeAt === undefined
      ? (this.#lookAt ?? wakeAt)
      : Math.min(this.#lookAt, wakeAt);
  }

  /** The output has ended: the lines that were still held. */
  end(): readonly Line[] {
    return this.#early.final(this.#transcript.end());
  }
}
