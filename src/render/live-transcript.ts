import type { TerminalSize } from '../core/size.js';
import { EarlyLines } from './early-lines.js';
import type { AlternateScreen, Line, RenderChunk } from './line.js';
import { Transcript } from './transcript.js';

/**
 * A transcript for somebody who waits: besides the lines that became final, those that have stood still for a while
 * come early, each once. Times are milliseconds of a clock that never jumps back.
 */
export class LiveTranscript {
  readonly #transcript: Transcript;
  readonly #early = new EarlyLines();

  constructor(size: TerminalSize, options: { readonly alt?: AlternateScreen } = {}) {
    this.#transcript = new Transcript(size, options);
  }

  /** The lines to be shown now that `chunk`, which was printed at `at`, has come. */
  push(chunk: RenderChunk, at: number): readonly Line[] {
    const final = chunk instanceof Uint8Array ? this.#transcript.push(chunk) : this.#transcript.resize(chunk);
    return [...this.#early.final(final), ...this.look(at)];
  }

  /** The lines to be shown although nothing has come; to be asked for at {@link wakeAt}. */
  look(now: number): readonly Line[] {
    return this.#early.look(this.#transcript.live(), now);
  }

  /** When to look again if nothing comes; undefined: only when something does. */
  get wakeAt(): number | undefined {
    return this.#early.wakeAt;
  }

  /** The output has ended: the lines that were still held. */
  end(): readonly Line[] {
    return this.#early.final(this.#transcript.end());
  }
}
