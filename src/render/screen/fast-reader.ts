import type { EscapeScanner } from '../../core/terminal/escape-sequences.js';
import { Backoff } from '../fast-path/backoff.js';
import { FastPathDriver } from '../fast-path/fast-path-driver.js';
import { LineSkimmer } from '../fast-path/line-skimmer.js';
import type { Row } from '../model/row.js';
import { colouredLines, coloursFrom, tellLinesLeft } from './screen-observer.js';
import type { ScreenContext } from './screen-context.js';

/** Reads output for a screen the fastest way that gives what the emulator gives: a screen has a fast path, or skims lines. */
export class FastReader {
  readonly #context: ScreenContext;
  readonly #scanner: EscapeScanner;
  readonly #slow: SlowReading;
  /** Until a link comes, where links alone are wanted: the fast path keeps none. */
  #mayTakeFastPath: boolean;
  readonly #skims: boolean;
  /** Of the fast path or of skimming. */
  readonly #backoff = new Backoff();
  readonly #fastPath: FastPathDriver;
  readonly #skimmer: LineSkimmer;

  /** `fast`: false reads all with the emulator. */
  constructor(context: ScreenContext, scanner: EscapeScanner, slow: SlowReading, fast: boolean) {
    this.#context = context;
    this.#scanner = scanner;
    this.#slow = slow;
    const { feed, limits, observer, style } = context;
    this.#mayTakeFastPath = fast && !limits.styles;
    this.#skims = fast && limits.styles;
    const read = (bytes: Uint8Array): void => {
      slow.read(bytes);
    };
    const movesUp = observer.homing === undefined;
    this.#fastPath = new FastPathDriver(
      { feed, scanner, backoff: this.#backoff, movesUp },
      {
        scrolledOff: (rows) => observer.scrolledOff?.(rows),
        linesLeft: (lines) => {
          tellLinesLeft(observer, lines, context.limits.cols);
        },
        synchronized: (on, offset) => observer.synchronized?.(on, offset),
        overshot: (rows) => observer.overshot?.(rows),
        read,
      },
    );
    this.#skimmer = new LineSkimmer(feed, scanner, this.#backoff, {
      read,
      colours: (sequences) => {
        for (const bytes of sequences) style.add(bytes);
        style.apply();
      },
      readLater: (lines) => slow.readLater(lines),
      maySkim: (bytes) => this.#maySkim(bytes) && scanner.inGround,
    });
  }

  write(bytes: Uint8Array): void {
    const { limits, observer } = this.#context;
    let rest = this.#fastPath.drive(bytes);
    while (rest.length > 0) {
      if (this.#mayEnterFastPath(rest.length)) {
        rest = this.#fastPath.enter(rest, limits);
        continue;
      }
      const some = this.#colourless(rest);
      if (this.#maySkim(some.length)) {
        rest = rest.subarray(some.length - this.#skimmer.skim(some, limits, colouredLines(observer)).length);
      } else {
        const slow = this.#backoff.takeSlow(rest.length);
        this.#slow.read(rest.subarray(0, slow));
        rest = rest.subarray(slow);
      }
    }
  }

  /** Has the emulator show what was read. */
  leaveFastPath(): void {
    this.#fastPath.leave();
  }

  /** A link came. */
  forgoFastPath(): void {
    this.#mayTakeFastPath = false;
  }

  #mayEnterFastPath(bytes: number): boolean {
    return this.#mayTakeFastPath && this.#isDue(bytes) && this.#scanner.inGround;
  }

  #maySkim(bytes: number): boolean {
    if (!this.#skims || !this.#isDue(bytes)) return false;
    return this.#scanner.offset + bytes <= coloursFrom(this.#context.observer);
  }

  #isDue(bytes: number): boolean {
    const { feed, modes } = this.#context;
    return (
      this.#backoff.isDue(bytes) && modes.isOrdinary && !feed.emulator.onAlternate && !this.#slow.isWithinCharacter()
    );
  }

  /** How much of `bytes`, which come next, may leave without its colours. */
  #colourless(bytes: Uint8Array): Uint8Array {
    return bytes.subarray(0, Math.max(0, coloursFrom(this.#context.observer) - this.#scanner.offset));
  }
}

/** The slow way, by way of the emulator. */
export interface SlowReading {
  read(bytes: Uint8Array): void;
  /** The rows of whole lines that come next, with their colours, for when they are asked for. */
  readLater(lines: Uint8Array): () => readonly Row[];
  isWithinCharacter(): boolean;
}
