import type { EscapeScanner } from '../../core/terminal/escape-sequences.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Backoff } from './backoff.js';
import type { EmulatorFeed } from '../emulator/emulator-feed.js';
import { FastPath } from './fast-path.js';
import { LineRun } from '../kernel/line-run.js';
import type { Row } from '../model/row.js';
import type { TextLines } from '../model/text-lines.js';

/** Carries the screen from the emulator to the fast path and back; on it, whole lines are read by the kernel. */
export class FastPathDriver {
  readonly #feed: EmulatorFeed;
  readonly #scanner: EscapeScanner;
  readonly #backoff: Backoff;
  readonly #movesUp: boolean;
  readonly #events: FastPathDriverEvents;
  /** `lines`: while that is open the fast path's screen is blank, and waits. */
  #entered: { readonly fastPath: FastPath; readonly lines: LineRun } | undefined;
  /** Bytes that the fast path stopped before, at the end of what was written. */
  #carry: Uint8Array = NOTHING;
  /** Those and what is written next, one after the other; kept, since a new one for each would be most of the memory used. */
  #joined: Uint8Array = NOTHING;
  /** No run of whole lines is looked for in front of this offset. */
  #runsFrom = 0;
  #runWait = MIN_RUN_WAIT;

  constructor({ feed, scanner, backoff, movesUp }: FastPathContext, events: FastPathDriverEvents) {
    this.#movesUp = movesUp;
    this.#feed = feed;
    this.#scanner = scanner;
    this.#backoff = backoff;
    this.#events = events;
  }

  /** Gives what of `bytes` is left: all of it where the fast path cannot take this screen. */
  enter(bytes: Uint8Array, { cols, rows }: TerminalSize): Uint8Array {
    const feed = this.#feed;
    feed.flush();
    const { cursorX: x, cursorY: y } = feed.emulator.normal;
    const fastPath = new FastPath(
      { cols, rows, firstRow: feed.scrolled, redraws: feed.redraws, movesUp: this.#movesUp },
      {
        synchronized: (on, offset) => {
          this.#handOn(fastPath);
          this.#events.synchronized(on, offset);
        },
        overshot: (above) => {
          this.#handOn(fastPath);
          this.#events.overshot(above);
        },
      },
    );
    const isGap = (row: number, col: number): boolean => feed.isUnwritten(row, col);
    const screen = { rows: feed.rows(0, rows), x, y, provenance: feed.provenance.state, isGap };
    if (!fastPath.load(screen, feed)) {
      this.#backoff.rest(RETRY_BYTES);
      return bytes;
    }
    this.#entered = { fastPath, lines: new LineRun({ cols, rows }) };
    this.#backoff.tried();
    return this.drive(bytes);
  }

  /**
   * Reads as far as the fast path can, where it is on, and gives the rest. What it stops before near the end of `bytes` may
   * only be incomplete, and waits.
   */
  drive(bytes: Uint8Array): Uint8Array {
    if (this.#entered === undefined) return bytes;
    const { fastPath, lines } = this.#entered;
    let rest = this.#withCarry(bytes);
    this.#carry = NOTHING;
    for (;;) {
      if (lines.isOpen) {
        rest = this.#readLines(rest);
        if (rest.length === 0) return NOTHING;
        this.#closeLines();
      }
      const from = this.#runsFrom - this.#scanner.offset;
      const stop = this.#run(fastPath, rest, [from, rest.length - MIN_RUN_BYTES]);
      rest = rest.subarray(stop);
      if (!fastPath.isAtLines) break;
      this.#openLines(rest);
    }
    if (rest.length <= MAX_CARRY) {
      this.#carry = Uint8Array.from(rest);
      return NOTHING;
    }
    this.leave();
    return rest;
  }

  /** Puts the fast path's screen, where it is on, into the emulator, which goes on with what the fast path left. */
  leave(): void {
    if (this.#entered === undefined) return;
    const { fastPath, lines } = this.#entered;
    if (lines.isOpen) {
      const rest = this.#closeLines();
      this.#carry = rest.subarray(this.#run(fastPath, rest));
    }
    this.#entered = undefined;
    this.#backoff.rest();
    this.#feed.replaceScreen(fastPath.paint(), fastPath.provenance);
    this.#feed.overshoot = fastPath.overshoot;
    this.#feed.hasDrawn = fastPath.hasDrawn;
    const carry = this.#carry;
    this.#carry = NOTHING;
    this.#events.read(carry);
    this.#feed.flush();
  }

  /** Has the fast path read what comes next; gives how much of it that was. */
  #run(fastPath: FastPath, bytes: Uint8Array, lines?: readonly [from: number, to: number]): number {
    const stop = fastPath.run(bytes, this.#scanner.offset, lines);
    this.#skipTo(this.#scanner.offset + stop);
    if (stop >= WORTHWHILE_BYTES) this.#backoff.worked();
    this.#handOn(fastPath);
    return stop;
  }

  /** Lets the kernel read what comes next, if that is worth it, from a fresh row of the fast path's screen on. */
  #openLines(bytes: Uint8Array): void {
    if (this.#entered === undefined) return;
    const { fastPath, lines } = this.#entered;
    const { offset } = this.#scanner;
    if (lines.open(bytes, offset, fastPath.entered)) this.#runWait = MIN_RUN_WAIT;
    else {
      this.#runsFrom = offset + this.#runWait;
      this.#runWait = Math.min(this.#runWait * 2, MAX_RUN_WAIT);
    }
  }

  /** Reads more lines of the run; gives what comes next, where it is over. */
  #readLines(bytes: Uint8Array): Uint8Array {
    if (this.#entered === undefined) return bytes;
    const { fastPath, lines } = this.#entered;
    const rest = lines.read(bytes, (left) => {
      if (lines.rows === 0) {
        fastPath.leaveAbove();
        this.#handOn(fastPath);
      }
      this.#feed.scrolled += left.rows;
      this.#events.linesLeft(left);
    });
    this.#skipTo(lines.offset);
    this.#backoff.worked();
    return rest;
  }

  /** The run is over: what may stand on the screen is written to that of the fast path. Gives what is to be read again. */
  #closeLines(): Uint8Array {
    if (this.#entered === undefined) return NOTHING;
    const { fastPath, lines } = this.#entered;
    this.#runsFrom = lines.offset + 1;
    const { lines: held, rest } = lines.close();
    fastPath.writeLines(held, lines.rows);
    this.#handOn(fastPath);
    return rest;
  }

  #skipTo(offset: number): void {
    this.#scanner.skip(offset - this.#scanner.offset);
    this.#feed.end = offset;
  }

  /** What has left the screen. */
  #handOn(fastPath: FastPath): void {
    const left = fastPath.takeLeft();
    this.#feed.scrolled += left.length;
    if (left.length > 0) this.#events.scrolledOff(left);
  }

  /** What the fast path stopped before, and `bytes` after it. */
  #withCarry(bytes: Uint8Array): Uint8Array {
    const { length } = this.#carry;
    if (length === 0) return bytes;
    if (this.#joined.length < length + bytes.length) this.#joined = new Uint8Array(MAX_CARRY + bytes.length);
    this.#joined.set(this.#carry);
    this.#joined.set(bytes, length);
    return this.#joined.subarray(0, length + bytes.length);
  }
}

interface FastPathContext {
  readonly feed: EmulatorFeed;
  readonly scanner: EscapeScanner;
  readonly backoff: Backoff;
  /** See FastPathOptions. */
  readonly movesUp: boolean;
}

export interface FastPathDriverEvents {
  /** Rows that left the normal screen at the top, the oldest first. */
  scrolledOff(rows: readonly Row[]): void;
  /** Lines that left behind those. */
  linesLeft(lines: TextLines): void;
  synchronized(on: boolean, offset: number): void;
  overshot(rows: number): void;
  /** Bytes that the fast path has left for the emulator. */
  read(bytes: Uint8Array): void;
}

const NOTHING = new Uint8Array(0);

const WORTHWHILE_BYTES = 16_384;
/** Where a screen has what the fast path cannot keep, it will for a while. */
const RETRY_BYTES = 16_384;
/** Fewer bytes are no run of whole lines that is worth its screen, which is read twice. */
const MIN_RUN_BYTES = 4096;
/** How many bytes are read before the next look for a run, where there was none. */
const MIN_RUN_WAIT = 512;
const MAX_RUN_WAIT = 65_536;
/** The longest that can be incomplete, or a last character with colours after it. */
const MAX_CARRY = 128;
