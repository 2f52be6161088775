import type { EscapeScanner } from '../../core/terminal/escape-sequences.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Backoff } from './backoff.js';
import type { EmulatorFeed } from '../emulator/emulator-feed.js';
import { FastPath } from './fast-path.js';
import type { Row } from '../model/row.js';

/** Carries the screen from the emulator to the fast path and back. */
export class FastPathDriver {
  readonly #feed: EmulatorFeed;
  readonly #scanner: EscapeScanner;
  readonly #backoff: Backoff;
  readonly #events: FastPathDriverEvents;
  #fastPath: FastPath | undefined;
  /** Bytes that the fast path stopped before, at the end of what was written. */
  #carry: Uint8Array = NOTHING;
  /** Those and what is written next, one after the other; kept, since a new one for each would be most of the memory used. */
  #joined: Uint8Array = NOTHING;

  constructor(feed: EmulatorFeed, scanner: EscapeScanner, backoff: Backoff, events: FastPathDriverEvents) {
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
      { cols, rows, firstRow: feed.scrolled, redraws: feed.redraws },
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
    if (!fastPath.load({ rows: feed.rows(0, rows), x, y, provenance: feed.provenance.state }, feed.overshoot)) {
      this.#backoff.rest(RETRY_BYTES);
      return bytes;
    }
    this.#fastPath = fastPath;
    this.#backoff.tried();
    return this.drive(bytes);
  }

  /**
   * Reads as far as the fast path can, where it is on, and gives the rest. What it stops before near the end of `bytes` may
   * only be incomplete, and waits.
   */
  drive(bytes: Uint8Array): Uint8Array {
    const fastPath = this.#fastPath;
    if (fastPath === undefined) return bytes;
    const all = this.#withCarry(bytes);
    this.#carry = NOTHING;
    const stop = fastPath.run(all, this.#scanner.offset);
    this.#scanner.skip(stop);
    this.#feed.end = this.#scanner.offset;
    if (stop >= WORTHWHILE_BYTES) this.#backoff.worked();
    this.#handOn(fastPath);
    const rest = all.subarray(stop);
    if (rest.length <= MAX_CARRY) {
      this.#carry = Uint8Array.from(rest);
      return NOTHING;
    }
    this.leave();
    return rest;
  }

  /** Puts the fast path's screen, where it is on, into the emulator, which goes on with what the fast path left. */
  leave(): void {
    const fastPath = this.#fastPath;
    if (fastPath === undefined) return;
    this.#fastPath = undefined;
    this.#backoff.rest();
    this.#feed.replaceScreen(fastPath.paint(), fastPath.provenance);
    this.#feed.overshoot = fastPath.overshoot;
    const carry = this.#carry;
    this.#carry = NOTHING;
    this.#events.read(carry);
    this.#feed.flush();
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

export interface FastPathDriverEvents {
  /** Rows that left the normal screen at the top, the oldest first. */
  scrolledOff(rows: readonly Row[]): void;
  synchronized(on: boolean, offset: number): void;
  overshot(rows: number): void;
  /** Bytes that the fast path has left for the emulator. */
  read(bytes: Uint8Array): void;
}

const NOTHING = new Uint8Array(0);

const WORTHWHILE_BYTES = 16_384;
/** Where a screen has what the fast path cannot keep, it will for a while. */
const RETRY_BYTES = 16_384;
/** The longest that can be incomplete, or a last character with colours after it. */
const MAX_CARRY = 128;
