import { LF } from '../../core/terminal/codes.js';
import type { EscapeScanner } from '../../core/terminal/escape-sequences.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Backoff } from './backoff.js';
import type { EmulatorFeed } from '../emulator/emulator-feed.js';
import { lineColours } from './line-colours.js';
import type { Row } from '../model/row.js';
import { SkimmedColours } from './skimmed-colours.js';
import { LineRun } from '../kernel/line-run.js';
import { WholeLines } from '../emulator/whole-lines.js';

/**
 * Reads output for screens with colours, where no one asks for the colours of rows that have left. Of many whole lines (see
 * WholeLines) the emulator gets only the last ones, which are all that is seen in the end, and the colours that came before.
 * The others leave as they are read, many times as fast. `npm run fuzz` compares the two.
 */
export class LineSkimmer {
  readonly #feed: EmulatorFeed;
  readonly #scanner: EscapeScanner;
  readonly #backoff: Backoff;
  readonly #events: SkimmerEvents;
  #lines: { readonly cols: number; readonly lines: WholeLines } | undefined;

  constructor(feed: EmulatorFeed, scanner: EscapeScanner, backoff: Backoff, events: SkimmerEvents) {
    this.#feed = feed;
    this.#scanner = scanner;
    this.#backoff = backoff;
    this.#events = events;
  }

  /**
   * Reads some of `bytes`, up to where no whole line begins, and gives the rest. The cursor may be anywhere. Of the rows that
   * leave the last `coloured` can be asked for their colours.
   */
  skim(bytes: Uint8Array, { cols, rows }: TerminalSize, coloured: number): Uint8Array {
    const feed = this.#feed;
    feed.flush();
    const from = this.#isOnFreshRow ? 0 : bytes.indexOf(LF) + 1;
    this.#events.read(bytes.subarray(0, from));
    feed.flush();
    if (!this.#isOnFreshRow || !this.#events.maySkim(bytes.length - from)) {
      this.#rest();
      return bytes.subarray(from);
    }
    const text = this.#leaveText(bytes.subarray(from), { cols, rows }, coloured);
    const begin = from + text.left;
    const lines = this.#wholeLines(cols);
    lines.open(bytes);
    const to = lines.read(begin);
    const count = to === begin ? 0 : lines.count - (rows - 1);
    if (count < rows) {
      lines.close();
      if (text.left === 0) this.#rest();
      const end = from + text.read;
      this.#readTail(bytes.subarray(begin, end));
      return bytes.subarray(end);
    }
    const tail = lines.inputEnd(count - 1);
    const first = Math.max(0, count - coloured);
    const head = first === 0 ? begin : lines.inputEnd(first - 1);
    const end = this.#scanner.offset - begin + tail;
    this.#scanner.skip(tail - begin);
    this.#colour(bytes.subarray(begin, head));
    const leaving = { count, from: end - tail + begin, base: end - tail };
    const behind = text.left > 0;
    if (first === count) feed.leave(lines, leaving, behind);
    else {
      const colours = new SkimmedColours(lines, [first, count], this.#events.readLater(bytes.slice(head, tail)));
      feed.leave(lines, { ...leaving, coloured: { first, runs: (line, row) => colours.runs(line, row) } }, behind);
    }
    lines.close();
    this.#colour(bytes.subarray(head, tail));
    this.#readTail(bytes.subarray(tail, to));
    return bytes.subarray(to);
  }

  /**
   * Has the kernel read `bytes`, which begin on a fresh row, where they are many: the lines leave in front of the last `coloured` and of what
   * is seen in the end. `left`: the bytes of those; `read`: with those of the lines behind them.
   */
  #leaveText(
    bytes: Uint8Array,
    size: TerminalSize,
    coloured: number,
  ): { readonly left: number; readonly read: number } {
    if (bytes.length < MIN_TEXT_BYTES) return { left: 0, read: 0 };
    const { offset } = this.#scanner;
    const run = new LineRun(size, size.rows + coloured);
    if (!run.open(bytes, offset, offset)) return { left: 0, read: 0 };
    let left = 0;
    run.read(bytes, (lines) => {
      this.#feed.leaveText(lines, left > 0);
      left = lines.endOffset - offset;
    });
    const read = run.offset - offset;
    run.close();
    if (left === 0) return { left, read: 0 };
    this.#scanner.skip(left);
    this.#colour(bytes.subarray(0, left));
    return { left, read };
  }

  /** What is seen in the end of lines that leave; it pushes out of the emulator what was seen before. */
  #readTail(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // The row that the next line begins on came in the colours of the line above it.
    this.#feed.sequence('\x1b[2K', undefined, 0, this.#feed.end);
    this.#events.read(bytes);
    this.#feed.flush();
    this.#backoff.worked();
  }

  /** Nothing is skimmed for a while. */
  #rest(): void {
    this.#backoff.rest();
    this.#backoff.tried();
  }

  #colour(lines: Uint8Array): void {
    if (lines.length > 0) this.#events.colours(lineColours(lines));
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
  /** The colours (SGR) of lines that the emulator does not get, at the end of which they are in use. */
  colours(sequences: readonly string[]): void;
  /** The rows of whole lines that come next, with their colours, for when they are asked for. */
  readLater(lines: Uint8Array): () => readonly Row[];
  /** The next `bytes` bytes of text do what they do after a reset, and no one will ask for the colours of what leaves. */
  maySkim(bytes: number): boolean;
}

/** Fewer are read as whole lines at once, most of which are seen in the end. */
const MIN_TEXT_BYTES = 32_768;
