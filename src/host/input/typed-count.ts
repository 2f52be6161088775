import type { Clock, Timer } from '../../core/clock.js';
import { CR, LF } from '../../core/terminal/codes.js';

/** What was typed is noted when nothing more is for this long, ms, or when it goes on for the longest. */
const NOTED_MS = { pause: 2000, longest: 60_000 } as const;
/**
 * When the settings of the terminal are looked at, ms, which starts a program: at once when something is typed and the last look was
 * `apart` before, and when the agent has printed something, such as a prompt, and nothing more for `quiet`.
 */
const LOOK_MS = { quiet: 100, apart: 500 } as const;

export interface TypedCountOptions {
  readonly clock: Clock;
  /** How far the agent's output is. */
  readonly offset: () => number;
  /** Whether the terminal shows what is typed at the moment, or leaves that to its program. */
  readonly isShown: () => Promise<boolean>;
  readonly note: (typed: { readonly offset: number; readonly bytes: number }) => void;
}

/** What was typed between two looks at the terminal's settings. */
interface Typed {
  /** Of the agent's output at the first byte. */
  readonly offset: number;
  readonly bytes: number;
  /** Of them, those up to the end of the first line: behind it the settings may be others. */
  readonly firstLine: number;
  readonly isLineEnded: boolean;
}

const NOTHING: Typed = { offset: 0, bytes: 0, firstLine: 0, isLineEnded: false };

/**
 * Counts the bytes that the writer types, but none that the terminal does not show, such as those of a password: a byte counts
 * when the terminal was seen to show what is typed both before and after it.
 */
export class TypedCount implements Disposable {
  readonly #options: TypedCountOptions;
  /** What counts, and was not noted yet. */
  #bytes = 0;
  /** Of its first byte. */
  #offset = 0;
  #begunAt = 0;
  /** Since the last look, and while one is made what came before. */
  #typed = NOTHING;
  #looked = NOTHING;
  /** At the last look; undefined before the first. */
  #isShown: boolean | undefined;
  #lookedAt = -Infinity;
  #printedAt = -Infinity;
  #isLooking = false;
  #look: Timer | undefined;
  #pause: Timer | undefined;
  #isOver = false;

  constructor(options: TypedCountOptions) {
    this.#options = options;
  }

  /** Someone has come who may type. */
  expect(): void {
    const isOld = this.#options.clock.monotonic() - this.#lookedAt >= LOOK_MS.apart;
    if (isOld && !this.#isOver && !this.#isLooking) void this.#lookNow();
  }

  /** The agent prints while there is someone who may type: its terminal may have other settings since. */
  printed(): void {
    this.#printedAt = this.#options.clock.monotonic();
    this.#lookSoon();
  }

  /** The writer types. */
  typed(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { offset, bytes: before, firstLine, isLineEnded } = this.#typed;
    const end = bytes.findIndex((byte) => byte === CR || byte === LF);
    this.#typed = {
      offset: before === 0 ? this.#options.offset() : offset,
      bytes: before + bytes.length,
      firstLine: isLineEnded ? firstLine : firstLine + (end === -1 ? bytes.length : end + 1),
      isLineEnded: isLineEnded || end !== -1,
    };
    this.#lookSoon();
  }

  /** The writer types no more: notes what there is. */
  left(): void {
    // There is no time for another look.
    const { offset, firstLine } = this.#looked.bytes > 0 ? this.#looked : this.#typed;
    this.#looked = this.#typed = NOTHING;
    if (this.#isShown === true) this.#count(offset, firstLine);
    this.#note();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#look?.cancel();
    this.#pause?.cancel();
  }

  #lookSoon(): void {
    if (this.#isOver || this.#isLooking || this.#look !== undefined) return;
    const { clock } = this.#options;
    const now = clock.monotonic();
    const mayLookAt = this.#lookedAt + LOOK_MS.apart;
    const isTyped = this.#typed.bytes > 0;
    const due = isTyped ? mayLookAt : Math.max(mayLookAt, this.#printedAt + LOOK_MS.quiet);
    if (isTyped && due <= now) {
      void this.#lookNow();
      return;
    }
    this.#look = clock.after(Math.max(1, due - now), () => {
      this.#look = undefined;
      const isQuiet = clock.monotonic() - this.#printedAt >= LOOK_MS.quiet;
      if (isQuiet || this.#typed.bytes > 0) void this.#lookNow();
      else this.#lookSoon();
    });
  }

  async #lookNow(): Promise<void> {
    const { clock, isShown } = this.#options;
    this.#looked = this.#typed;
    this.#typed = NOTHING;
    this.#lookedAt = clock.monotonic();
    this.#isLooking = true;
    const shown = await isShown();
    this.#isLooking = false;
    if (this.#isOver) return;
    const { offset, bytes, isLineEnded } = this.#looked;
    this.#looked = NOTHING;
    // Without a look before: the end of a line may have changed what is seen now.
    const before = this.#isShown ?? !isLineEnded;
    if (shown && before) this.#count(offset, bytes);
    this.#isShown = shown;
    if (this.#typed.bytes > 0 || this.#printedAt > this.#lookedAt) this.#lookSoon();
  }

  #count(offset: number, bytes: number): void {
    if (bytes === 0) return;
    const { clock } = this.#options;
    if (this.#bytes === 0) {
      this.#offset = offset;
      this.#begunAt = clock.monotonic();
    }
    this.#bytes += bytes;
    this.#pause?.cancel();
    const left = this.#begunAt + NOTED_MS.longest - clock.monotonic();
    this.#pause = clock.after(Math.max(1, Math.min(NOTED_MS.pause, left)), () => {
      this.#note();
    });
  }

  #note(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
    if (this.#bytes > 0) this.#options.note({ offset: this.#offset, bytes: this.#bytes });
    this.#bytes = 0;
  }
}
