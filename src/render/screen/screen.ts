import type { CursorPosition } from '../../core/terminal/cursor-position.js';
import { type Resumables, resumeAll, saveAll } from '../../core/resumable.js';
import { EscapeScanner, type EscapeToken, type ScannerState } from '../../core/terminal/escape-sequences.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { EmulatorFeed, type FeedEvents, type FeedState } from '../emulator/emulator-feed.js';
import type { Emulator } from '../emulator/emulator.js';
import { readFrame } from '../emulator/read-frame.js';
import type { RowStyles } from '../emulator/read-rows.js';
import { openTerminal } from '../emulator/xterm.js';
import type { Frame, Window } from '../model/frame.js';
import type { RenderChunk } from '../model/line.js';
import type { Provenance } from '../model/provenance.js';
import type { Redraws } from '../model/redrawn-rows.js';
import type { Row } from '../model/row.js';
import { Utf8Text } from '../model/utf8-text.js';
import { alternateRows } from './alternate-rows.js';
import { Blanking, type BlankingState } from './blanking.js';
import { EffectRunner, type EffectsState } from './effect-runner.js';
import { FastReader } from './fast-reader.js';
import { PendingStyle } from './pending-style.js';
import { type ModesState, ScreenModes } from './screen-modes.js';
import { colouredLines, coloursFrom, type ScreenObserver, tellLinesLeft } from './screen-observer.js';
import type { ScreenContext } from './screen-context.js';
import { sequenceEffects } from './sequence-effects.js';
import { TextWriter } from './text-writer.js';

/**
 * A terminal's screen, fed with raw output. It never answers a query, and no input hangs, kills or bloats it: only text
 * and the sequences of sequence-effects.ts reach the emulator behind it, in slices that cannot overrun its scrollback.
 */
export class Screen {
  #size: TerminalSize;
  readonly #context: ScreenContext;
  readonly #feed: EmulatorFeed;
  readonly #scanner = new EscapeScanner({ text: true });
  readonly #utf8 = new Utf8Text();
  readonly #blanking: Blanking;
  readonly #effects: EffectRunner;
  readonly #reader: FastReader;

  /**
   * A screen has at least 2 columns and 1 row, and at most 4096 by 1024: more is memory, not a terminal.
   * `styles`: keep colours for `frame()`; text alone is faster without. `fastPath: false` reads all with the emulator.
   */
  constructor(size: TerminalSize, options: ScreenOptions = {}) {
    this.#size = emulatedSize(size);
    const { observer = {}, styles = false } = options;
    const limits = { ...this.#size, styles, links: styles || (options.links ?? false) };
    const feed = new EmulatorFeed(limits, openTerminal, this.#feedEvents(observer));
    this.#feed = feed;
    this.#context = { limits, feed, modes: new ScreenModes(), style: new PendingStyle(feed, styles), observer };
    const writer = new TextWriter(this.#context);
    this.#blanking = new Blanking(this.#context, writer);
    this.#effects = new EffectRunner(this.#context, writer, this.#blanking);
    const slow = {
      read: (bytes: Uint8Array): void => {
        for (const token of this.#scanner.push(bytes)) this.#token(token);
      },
      readLater: (lines: Uint8Array) => this.#readLater(lines),
      isWithinCharacter: () => this.#utf8.waiting > 0,
    };
    this.#reader = new FastReader(
      this.#context,
      this.#scanner,
      slow,
      (options.fastPath ?? true) && this.#size.rows > 1,
    );
  }

  /**
   * A screen that goes on exactly from where another was. It may have fewer `styles` than that one had, not more.
   *
   * Throws where `state` is no state of this version's.
   */
  static resume(state: ScreenState, options: ScreenOptions = {}): Screen {
    const screen = new Screen(state.size, options);
    resumeAll(screen.#saved, state);
    return screen;
  }

  /** What it takes to go on from here: a plain value, which JSON keeps. Bytes may follow in the middle of anything. */
  save(): ScreenState {
    this.#reader.leaveFastPath();
    return { size: this.#size, ...saveAll(this.#saved) };
  }

  get cols(): number {
    return this.#size.cols;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  get onAlternate(): boolean {
    return this.#emulator.onAlternate;
  }

  /** The offset after the last byte that was read. */
  get offset(): number {
    return this.#feed.end;
  }

  /** Rows that have left the normal screen at the top so far; with a row's number on the screen it names the row for good. */
  get scrolledRows(): number {
    return this.#feed.scrolled;
  }

  /** What was drawn over since the last call. */
  takeRedraws(): Redraws {
    this.#reader.leaveFastPath();
    return this.#feed.redraws.take();
  }

  /** See RedrawnRows. */
  get redrawsAreLikely(): boolean {
    return this.#feed.redraws.areLikely;
  }

  /** Where the cursor of the normal screen is, or was left, from 0. */
  get normalCursor(): { readonly row: number; readonly col: number } {
    this.#reader.leaveFastPath();
    const { cursorX, cursorY } = this.#emulator.normal;
    return { row: cursorY, col: cursorX };
  }

  feed(chunk: RenderChunk): void {
    if (chunk instanceof Uint8Array) this.write(chunk);
    else if (chunk.type === 'resize') this.resize(chunk);
    else this.skip(chunk.bytes);
  }

  write(bytes: Uint8Array): void {
    this.#reader.write(bytes);
    this.#feed.flush();
  }

  /** No more output comes: what was half a character becomes U+FFFD. */
  end(): void {
    this.#reader.leaveFastPath();
    for (const token of this.#scanner.end()) this.#token(token);
    this.#endText(this.#scanner.offset);
    this.#feed.flush();
  }

  /**
   * `bytes` bytes are missing here. A character or a sequence that was begun ends as at the end of a recording. So does a
   * line, for what comes next was not printed behind it.
   */
  skip(bytes: number): void {
    this.end();
    if (!this.onAlternate && this.#emulator.normal.cursorX > 0) this.#feed.sequence('\r\n', 'moves', 1, this.#feed.end);
    this.#feed.flush();
    this.#scanner.skip(bytes);
    this.#feed.end = this.#scanner.offset;
    if (!this.onAlternate) this.#feed.provenance.moved(this.#feed.end);
  }

  resize(size: TerminalSize): void {
    this.#reader.leaveFastPath();
    const next = emulatedSize(size);
    if (next.cols === this.#size.cols && next.rows === this.#size.rows) return;
    this.#feed.flush();
    this.#feed.provenance.moved(this.#scanner.offset);
    this.#size = next;
    this.#context.limits = { ...this.#context.limits, ...next };
    this.#context.modes.dropMargins();
    this.#feed.resize(next);
  }

  /** Where the cursor is after everything written so far. */
  cursor(): Promise<CursorPosition> {
    this.#reader.leaveFastPath();
    const { cursorX, cursorY } = this.#emulator.active;
    return Promise.resolve({ row: cursorY + 1, col: Math.min(cursorX, this.#size.cols - 1) + 1 });
  }

  /** The cursor stands behind a full row: the next character goes to the next one. A frame has it on the row's last cell. */
  get aboutToWrap(): boolean {
    this.#reader.leaveFastPath();
    return this.#emulator.active.cursorX >= this.#size.cols;
  }

  /** The rows on the screen, from the top; of the alternate screen while that is on. */
  rows(): readonly Row[] {
    this.#reader.leaveFastPath();
    return this.onAlternate ? alternateRows(this.#context, 0, this.#size.rows) : this.normalRows();
  }

  /** The rows of the alternate screen. Where it is blank, they are as they were before the program erased them, since it may be about to leave. */
  lastFrame(): readonly Row[] {
    return this.#blanking.lastFrame(this.rows());
  }

  /** The rows of the normal screen, though the alternate one may be on. */
  normalRows(): readonly Row[] {
    this.#reader.leaveFastPath();
    return this.#feed.rows(0, this.#emulator.normalSize.rows);
  }

  /**
   * The active screen as a picture, or what of it is seen through `window`; its colours, and whether its cursor is hidden, where
   * `styles` was asked for.
   */
  frame(window: Window = { top: 0, left: 0, ...this.#size }): Frame {
    this.#reader.leaveFastPath();
    return readFrame(this.#emulator.active, this.#size, this.#context.modes.showsCursor, window);
  }

  dispose(): void {
    this.#emulator.dispose();
  }

  /** For a caller that saves where a row's text ends; see Provenance. */
  get provenance(): Pick<Provenance, 'saveEnding' | 'resumeEnding'> {
    return this.#feed.provenance;
  }

  get #emulator(): Emulator {
    return this.#feed.emulator;
  }

  #feedEvents(observer: ScreenObserver): FeedEvents {
    return {
      leaving: () => this.#stylesOfLeaving(),
      scrolledOff: (rows) => observer.scrolledOff?.(rows),
      linesLeft: (lines) => {
        tellLinesLeft(observer, lines, this.#size.cols);
      },
      overshot: (rows) => observer.overshot?.(rows),
      failing: () => {
        if (this.onAlternate) observer.alternate?.('leave');
      },
      relaid: (moved) => observer.relaid?.(moved),
      cut: (rows) => observer.cut?.(rows),
      fault: (error, rows) => {
        this.#context.modes.reset();
        observer.fault?.(error, rows);
      },
    };
  }

  #stylesOfLeaving(): RowStyles | 'unread' {
    const { limits, observer } = this.#context;
    if (observer.scrolledOff === undefined) return 'unread';
    if (!limits.styles) return limits.links ? 'later' : 'none';
    if (this.#feed.end > coloursFrom(observer)) return 'later';
    const readableLines = colouredLines(observer);
    return readableLines > 0 ? { readableLines } : 'later-of-joined';
  }

  get #saved(): Resumables<NestedStates> {
    const { modes, style, feed } = this.#context;
    return {
      scanner: this.#scanner,
      utf8: this.#utf8,
      style,
      modes,
      effects: this.#effects,
      blanking: this.#blanking,
      feed,
    };
  }

  /** The rows of whole lines that come next, read on a screen of their own. */
  #readLater(lines: Uint8Array): () => readonly Row[] {
    this.#feed.flush();
    const { pen } = this.#emulator;
    const { bytes: style } = this.#context.style;
    const { cols } = this.#size;
    return () => {
      const rows: Row[] = [];
      const scrolledOff = (some: readonly Row[]): void => {
        for (const row of some) rows.push(row);
      };
      const screen = new Screen({ cols, rows: 2 }, { styles: true, fastPath: false, observer: { scrolledOff } });
      screen.#emulator.pen = pen;
      // The row that the lines begin on came when the screen scrolled, in the colours of that moment.
      screen.write(Buffer.from('\n\n'));
      screen.#context.style.bytes = style;
      screen.write(lines);
      rows.push(...screen.rows());
      screen.dispose();
      return rows.slice(2);
    };
  }

  #token(token: EscapeToken): void {
    if (token.type === 'text') {
      const piece = this.#utf8.push(token.bytes);
      this.#blanking.write(piece, token.end - this.#utf8.waiting - piece.source.length);
      return;
    }
    this.#endText(token.start);
    if (token.type === 'control') {
      const bytes = Uint8Array.of(token.code);
      this.#feed.text(bytes, bytes, token.start);
      return;
    }
    const { limits } = this.#context;
    for (const effect of sequenceEffects(token, limits)) {
      if (effect.type === 'style' && !limits.styles) this.#reader.forgoFastPath();
      this.#effects.run(effect, token.end);
    }
  }

  #endText(offset: number): void {
    const { text, source } = this.#utf8.flush();
    if (text.length === 0) return;
    this.#context.style.apply();
    this.#feed.text(text, source, offset - source.length);
  }
}

export interface ScreenOptions {
  readonly styles?: boolean;
  /** Keep where text leads, though no colours; as fast as without until the first link. Never of a saved screen. */
  readonly links?: boolean;
  readonly observer?: ScreenObserver;
  readonly fastPath?: boolean;
}

/** A screen as a plain value; what is in it is for this version alone. */
export interface ScreenState extends NestedStates {
  readonly size: TerminalSize;
}

interface NestedStates {
  readonly scanner: ScannerState;
  readonly utf8: string;
  readonly style: string;
  readonly modes: ModesState;
  readonly effects: EffectsState;
  readonly blanking: BlankingState;
  readonly feed: FeedState;
}

/** xterm's own minimum of columns; the maxima keep both screens within 100 MB. */
function emulatedSize({ cols, rows }: TerminalSize): TerminalSize {
  return { cols: Math.max(2, Math.min(cols, 4096)), rows: Math.max(1, Math.min(rows, 1024)) };
}
