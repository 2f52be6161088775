import type { EscapeScanner } from '../core/escape-sequences.js';
import type { TerminalSize } from '../core/size.js';
import type { EmulatorFeed } from './emulator-feed.js';
import { type LineColours, lineColours } from './line-colours.js';
import { WholeLines } from './whole-lines.js';

/**
 * For screens with colours, where nobody asks for those of rows that have left: of many whole lines (see WholeLines) the
 * emulator gets the last ones alone, which are all that is seen in the end, and the colours that came before. The others
 * leave as they are read, many times as fast. `npm run fuzz` compares the two.
 */
export class LineSkimmer {
  readonly #feed: EmulatorFeed;
  readonly #scanner: EscapeScanner;
  readonly #events: SkimmerEvents;
  #lines: { readonly cols: number; readonly lines: WholeLines } | undefined;
  /** Bytes to be read slowly before it is tried again, and how many the next time there is nothing to skim. */
  #slowBytes = 0;
  #wait = MIN_WAIT;

  constructor(feed: EmulatorFeed, scanner: EscapeScanner, events: SkimmerEvents) {
    this.#feed = feed;
    this.#scanner = scanner;
    this.#events = events;
  }

  /** Whether it is time to try with so many bytes. */
  isDue(bytes: number): boolean {
    return this.#slowBytes <= 0 && bytes >= MIN_BYTES;
  }

  /** How many of `bytes` bytes are to be read slowly now. */
  takeSlow(bytes: number): number {
    const slow = this.#slowBytes > 0 ? Math.min(bytes, this.#slowBytes) : bytes;
    this.#slowBytes -= slow;
    return slow;
  }

  /** Reads some of `bytes`, up to where no whole line begins, and gives the rest. The cursor may be anywhere. */
  skim(bytes: Uint8Array, { cols, rows }: TerminalSize): Uint8Array {
    const feed = this.#feed;
    feed.flush();
    const from = this.#isOnFreshRow ? 0 : bytes.indexOf(LF) + 1;
    this.#events.read(bytes.subarray(0, from));
    feed.flush();
    const lines = this.#wholeLines(cols);
    lines.open(bytes);
    const to = this.#isOnFreshRow && this.#events.maySkim(bytes.length - from) ? lines.read(from) : from;
    const count = to === from ? 0 : lines.count - (rows - 1);
    if (count < rows) {
      lines.close();
      this.#slowBytes = this.#wait;
      this.#wait = Math.min(this.#wait * 2, MAX_WAIT);
      return bytes.subarray(from);
    }
    const tail = lines.inputEnd(count - 1);
    const end = this.#scanner.offset - from + tail;
    this.#scanner.skip(tail - from);
    feed.leave(lines, { count, from: end - tail + from, base: end - tail });
    lines.close();
    this.#events.colours(lineColours(bytes.subarray(from, tail)));
    this.#events.read(bytes.subarray(tail, to));
    feed.flush();
    this.#wait = MIN_WAIT;
    return bytes.subarray(to);
  }

  get #isOnFreshRow(): boolean {
    return this.#feed.isOnFreshRow(this.#scanner.offset);
  }

  #wholeLines(cols: number): WholeLines {
    if (this.#lines?.cols !== cols) this.#lines = { cols, lines: new WholeLines(cols, { wraps: true }) };
    return this.#lines.lines;
  }
}

export interface SkimmerEvents {
  /** Bytes for the emulator. */
  read(bytes: Uint8Array): void;
  /** The colours of lines that the emulator does not get. */
  colours(colours: LineColours): void;
  /** The next `bytes` bytes of text do what they do after a reset, and nobody will ask for the colours of what leaves. */
  maySkim(bytes: number): boolean;
}

const LF = 0x0a;
/** Fewer are read in no time. */
const MIN_BYTES = 8192;
const MIN_WAIT = 256;
const MAX_WAIT = 262_144;
