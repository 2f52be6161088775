import { isAscii } from 'node:buffer';
import { EscapeScanner, type EscapeToken, type ScannerState } from '../../core/terminal/escape-sequences.js';
import type { CursorPosition } from '../../core/terminal/cursor-position.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { Backoff } from '../fast-path/backoff.js';
import { BlankedRows, type BlankedRowsState } from './blanked-rows.js';
import type { Emulator } from '../emulator/emulator.js';
import { DEL, EmulatorFeed, type FeedEvents, type FeedState } from '../emulator/emulator-feed.js';
import type { Frame, Window } from '../model/frame.js';
import { LaneDriver } from '../fast-path/lane-driver.js';
import type { RenderChunk } from '../model/line.js';
import { LineSkimmer } from '../fast-path/line-skimmer.js';
import { Provenance } from '../model/provenance.js';
import { readFrame } from '../emulator/read-frame.js';
import { readRows } from '../emulator/read-rows.js';
import type { Redraws } from '../model/redrawn-rows.js';
import type { Row } from '../model/row.js';
import type { ScreenObserver } from './screen-observer.js';
import { type Effect, type ScreenLimits, sequenceEffects } from './sequence-effects.js';
import { sourceEnd, type Utf8Piece, Utf8Text } from '../model/utf8-text.js';
import { openTerminal } from '../emulator/xterm.js';

/**
 * A terminal's screen, fed with raw output. It never answers a query, and no input hangs, kills or bloats it: only text
 * and the sequences of sequence-effects.ts reach the emulator behind it, in slices that cannot overrun its scrollback.
 */
export class Screen {
  #size: TerminalSize;
  #limits: ScreenLimits;
  readonly #observer: ScreenObserver;
  readonly #scanner = new EscapeScanner({ text: true });
  readonly #utf8 = new Utf8Text();
  /** SGR that the emulator gets with the next character: in front of a mark it would part it from its own. */
  #style = '';
  #marginTop = 0;
  #marginBottom: number | undefined;
  #wraps = true;
  /** A backspace at the left edge goes to the row above. */
  #backWraps = false;
  #showsCursor = true;
  /** No mode, tab stop or character set was changed that the fast lane does not know. */
  #ordinary = true;

  /** Until a link comes, where links alone are wanted: the lane keeps none. */
  #lanes: boolean;
  readonly #skims: boolean;
  /** Of the lane or of skimming: a screen has one of the two. */
  readonly #backoff = new Backoff();
  readonly #feed: EmulatorFeed;
  readonly #lane: LaneDriver;
  readonly #skimmer: LineSkimmer;
  readonly #blanked = new BlankedRows();
  /** Blanks that come next stand behind text and are a part of it: they blank nothing that it would have left. */
  #pads = false;

  /** The normal screen was left with its cursor past the last column, about to wrap. */
  #leftAboutToWrap = false;

  /**
   * A screen has at least 2 columns and 1 row, and at most 4096 by 1024: more is memory, not a terminal.
   * `styles`: keep colours for `frame()`; text alone is faster without. `fastLane: false` reads all with the emulator.
   */
  constructor(size: TerminalSize, options: ScreenOptions = {}, saved?: ScreenState) {
    this.#size = emulatedSize(size);
    const styles = options.styles ?? false;
    this.#limits = { ...this.#size, styles, links: styles || (options.links ?? false) };
    this.#observer = options.observer ?? {};
    const fast = (options.fastLane ?? true) && this.#size.rows > 1;
    this.#lanes = fast && !this.#limits.styles;
    this.#skims = fast && this.#limits.styles;
    const events: FeedEvents = {
      leaving: () => {
        if (this.#observer.scrolledOff === undefined) return 'unread';
        if (!this.#limits.styles) return this.#limits.links ? 'later' : 'none';
        if (this.#colouredLines > 0) return { readableLines: this.#colouredLines };
        return this.#feed.end > this.#coloursFrom ? 'later' : 'later-of-joined';
      },
      scrolledOff: (rows) => this.#observer.scrolledOff?.(rows),
      overshot: (rows) => this.#observer.overshot?.(rows),
      failing: () => {
        if (this.onAlternate) this.#observer.alternate?.('leave');
      },
      relaid: (moved) => this.#observer.relaid?.(moved),
      cut: (rows) => this.#observer.cut?.(rows),
      fault: (error, rows) => {
        this.#startAnew();
        this.#observer.fault?.(error, rows);
      },
    };
    this.#feed = new EmulatorFeed(this.#limits, openTerminal, events, saved?.feed);
    if (saved !== undefined) this.#goOnFrom(saved);
    this.#lane = new LaneDriver(this.#feed, this.#scanner, this.#backoff, {
      scrolledOff: (rows) => this.#observer.scrolledOff?.(rows),
      synchronized: (on, offset) => this.#observer.synchronized?.(on, offset),
      overshot: (rows) => this.#observer.overshot?.(rows),
      read: (bytes) => {
        this.#read(bytes);
      },
    });
    this.#skimmer = new LineSkimmer(this.#feed, this.#scanner, this.#backoff, {
      read: (bytes) => {
        this.#read(bytes);
      },
      colours: ({ applied, pending }) => {
        for (const bytes of applied) this.#addStyle(bytes);
        if (applied.length > 0) this.#applyStyle();
        for (const bytes of pending) this.#addStyle(bytes);
      },
      readLater: (lines) => this.#readLater(lines),
      maySkim: (bytes) => this.#maySkim(bytes) && this.#scanner.inGround,
    });
  }

  /**
   * A screen that goes on exactly from where another was. It may have fewer `styles` than that one had, not more.
   *
   * Throws where `state` is no state of this version's.
   */
  static resume(state: ScreenState, options: ScreenOptions = {}): Screen {
    return new Screen(state.size, options, state);
  }

  /** What it takes to go on from here: a plain value, which JSON keeps. Bytes may follow in the middle of anything. */
  save(): ScreenState {
    this.#lane.leave();
    return {
      size: this.#size,
      scanner: this.#scanner.saved,
      utf8: Buffer.from(this.#utf8.held).toString('base64'),
      style: this.#style,
      marginTop: this.#marginTop,
      marginBottom: this.#marginBottom ?? null,
      wraps: this.#wraps,
      backWraps: this.#backWraps,
      ordinary: this.#ordinary,
      leftAboutToWrap: this.#leftAboutToWrap,
      showsCursor: this.#showsCursor,
      blanked: this.#blanked.state,
      pads: this.#pads,
      feed: this.#feed.state,
    };
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
    this.#lane.leave();
    return this.#feed.redraws.take();
  }

  /** Where the cursor of the normal screen is, or was left, from 0. */
  get normalCursor(): { readonly row: number; readonly col: number } {
    this.#lane.leave();
    const { cursorX, cursorY } = this.#emulator.normal;
    return { row: cursorY, col: cursorX };
  }

  feed(chunk: RenderChunk): void {
    if (chunk instanceof Uint8Array) this.write(chunk);
    else if (chunk.type === 'resize') this.resize(chunk);
    else this.skip(chunk.bytes);
  }

  write(bytes: Uint8Array): void {
    let rest = this.#lane.drive(bytes);
    while (rest.length > 0) {
      if (this.#mayEnterLane(rest.length)) rest = this.#lane.enter(rest, this.#size);
      else if (this.#maySkim(this.#colourless(rest).length)) {
        const some = this.#colourless(rest);
        rest = rest.subarray(some.length - this.#skimmer.skim(some, this.#size, this.#colouredLines).length);
      } else {
        const slow = this.#backoff.takeSlow(rest.length);
        this.#read(rest.subarray(0, slow));
        rest = rest.subarray(slow);
      }
    }
    this.#feed.flush();
  }

  /** No more output comes: what was half a character becomes U+FFFD. */
  end(): void {
    this.#lane.leave();
    for (const token of this.#scanner.end()) this.#token(token);
    this.#endText(this.#scanner.offset);
    this.#feed.flush();
  }

  /**
   * So many bytes are missing here. What they were cut out of, a character or a sequence, ends as at the end; so does a
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
    this.#lane.leave();
    const next = emulatedSize(size);
    if (next.cols === this.#size.cols && next.rows === this.#size.rows) return;
    this.#feed.flush();
    this.#feed.provenance.moved(this.#scanner.offset);
    this.#size = next;
    this.#limits = { ...this.#limits, ...next };
    this.#marginTop = 0;
    this.#marginBottom = undefined;
    this.#feed.resize(next);
  }

  /** Where the cursor is after everything written so far. */
  cursor(): Promise<CursorPosition> {
    this.#lane.leave();
    const { cursorX, cursorY } = this.#emulator.active;
    return Promise.resolve({ row: cursorY + 1, col: Math.min(cursorX, this.#size.cols - 1) + 1 });
  }

  /** The rows on the screen, from the top; of the alternate screen while that is on. */
  rows(): readonly Row[] {
    this.#lane.leave();
    if (!this.onAlternate) return this.normalRows();
    return this.#alternateRows(0, this.#size.rows);
  }

  /** The rows of the alternate screen; where it is blank, as they were before a program that may be about to leave erased them. */
  lastFrame(): readonly Row[] {
    const rows = this.rows();
    return isBlank(rows) ? this.#blanked.restored(rows) : rows;
  }

  /** The rows of the normal screen, though the alternate one may be on. */
  normalRows(): readonly Row[] {
    this.#lane.leave();
    return this.#feed.rows(0, this.#emulator.normalSize.rows);
  }

  /**
   * The active screen as a picture, or what of it is seen through `window`; its colours, and whether its cursor is hidden, where
   * `styles` was asked for.
   */
  frame(window: Window = { top: 0, left: 0, ...this.#size }): Frame {
    this.#lane.leave();
    return readFrame(this.#emulator.active, this.#size, this.#showsCursor, window);
  }

  dispose(): void {
    this.#emulator.dispose();
  }

  /** For those who hold a part of where a row's text ends; see Provenance. */
  get provenance(): Pick<Provenance, 'saveEnding' | 'resumeEnding'> {
    return this.#feed.provenance;
  }

  #goOnFrom(saved: ScreenState): void {
    this.#scanner.restore(saved.scanner);
    this.#utf8.restore(Buffer.from(saved.utf8, 'base64'));
    this.#style = this.#limits.styles ? saved.style : '';
    this.#marginTop = saved.marginTop;
    this.#marginBottom = saved.marginBottom ?? undefined;
    this.#wraps = saved.wraps;
    this.#backWraps = saved.backWraps;
    this.#ordinary = saved.ordinary;
    this.#leftAboutToWrap = saved.leftAboutToWrap;
    this.#showsCursor = saved.showsCursor;
    this.#blanked.resume(saved.blanked, this.#limits.styles);
    this.#pads = saved.pads;
  }

  #alternateRows(from: number, to: number): readonly Row[] {
    // Where the emulator had more rows before, the alternate screen has a scrollback too.
    const { active } = this.#emulator;
    const { baseY } = active;
    const styles = this.#limits.links ? 'now' : 'none';
    return readRows(active, [baseY + from, baseY + to], new Provenance(), 0, styles, this.#size.cols);
  }

  /** Erases on the alternate screen may be all that comes before a program leaves it. `cells`: from the cursor on. */
  #aboutToBlank(what: 'screen' | 'row' | { readonly cells: number }): void {
    if (!this.#noticesBlanks) return;
    this.#feed.flush();
    const { cursorX, cursorY } = this.#emulator.active;
    const { rows, cols } = this.#size;
    const reached = typeof what === 'string' ? 0 : Math.floor((cursorX + what.cells - 1) / cols);
    const [from, to] = what === 'screen' ? [0, rows] : [cursorY, Math.min(rows, cursorY + reached + 1)];
    if (this.#blanked.has(from, to)) return;
    this.#blanked.erasing(this.#alternateRows(from, to), from);
  }

  get #noticesBlanks(): boolean {
    return this.onAlternate && this.#observer.alternate !== undefined;
  }

  /** What is blank behind the last character to be read may blank the alternate screen, as erases may. */
  #printed(piece: Utf8Piece, start: number): void {
    if (!this.#noticesBlanks) {
      this.#graphicText(piece, start);
      return;
    }
    const { text, source } = piece;
    let last = source.length - 1;
    while (last >= 0 && (source[last] ?? 0) <= SPACE) last--;
    if (last !== -1) this.#blanked.forget();
    this.#pads ||= last !== -1;
    let from = last + 1;
    if (this.#pads) while (from < source.length && source[from] === SPACE) from++;
    if (from < source.length) this.#pads = false;
    if (!source.includes(SPACE, from)) {
      this.#graphicText(piece, start);
      return;
    }
    const blanks = source.length - from;
    const at = text.length - blanks;
    if (from > 0) this.#graphicText({ text: text.subarray(0, at), source: source.subarray(0, from) }, start);
    const lineFeeds = source.subarray(from).filter((byte) => byte >= 0x0a && byte <= 0x0c).length;
    this.#aboutToBlank({ cells: blanks + lineFeeds * this.#size.cols });
    this.#graphicText({ text: text.subarray(at), source: source.subarray(from) }, start + from);
  }

  get #emulator(): Emulator {
    return this.#feed.emulator;
  }

  /** What whole lines that come next will be, on a screen of their own. */
  #readLater(lines: Uint8Array): () => readonly Row[] {
    this.#feed.flush();
    const { pen } = this.#emulator;
    const style = this.#style;
    const { cols } = this.#size;
    return () => {
      const rows: Row[] = [];
      const scrolledOff = (some: readonly Row[]): void => {
        for (const row of some) rows.push(row);
      };
      const screen = new Screen({ cols, rows: 2 }, { styles: true, fastLane: false, observer: { scrolledOff } });
      screen.#emulator.pen = pen;
      // The row that the lines begin on came when the screen scrolled, in the colours of that moment.
      screen.write(Buffer.from('\n\n'));
      screen.#style = style;
      screen.write(lines);
      rows.push(...screen.rows());
      screen.dispose();
      return rows.slice(2);
    };
  }

  #read(bytes: Uint8Array): void {
    for (const token of this.#scanner.push(bytes)) this.#token(token);
  }

  #mayEnterLane(bytes: number): boolean {
    return this.#lanes && this.#backoff.isDue(bytes) && this.#isOrdinary && !this.onAlternate && this.#scanner.inGround;
  }

  #maySkim(bytes: number): boolean {
    if (!this.#skims || !this.#backoff.isDue(bytes) || this.onAlternate || !this.#isOrdinary) return false;
    return this.#scanner.offset + bytes <= this.#coloursFrom;
  }

  /** What of `bytes`, which come next, may leave without its colours. */
  #colourless(bytes: Uint8Array): Uint8Array {
    return bytes.subarray(0, Math.max(0, this.#coloursFrom - this.#scanner.offset));
  }

  get #coloursFrom(): number {
    return this.#observer.scrolledOff === undefined ? Infinity : (this.#observer.coloursFrom?.() ?? 0);
  }

  get #colouredLines(): number {
    return this.#observer.colouredLines?.() ?? 0;
  }

  /** As after a reset, as far as text goes: no margins, modes, tab stops or character sets. */
  get #isOrdinary(): boolean {
    return (
      this.#ordinary &&
      this.#wraps &&
      this.#marginTop === 0 &&
      this.#marginBottom === undefined &&
      this.#utf8.waiting === 0
    );
  }

  #token(token: EscapeToken): void {
    if (token.type === 'text') {
      const piece = this.#utf8.push(token.bytes);
      this.#printed(piece, token.end - this.#utf8.waiting - piece.source.length);
      return;
    }
    this.#endText(token.start);
    if (token.type === 'control') {
      const bytes = Uint8Array.of(token.code);
      this.#feed.text(bytes, bytes, token.start);
      return;
    }
    for (const effect of sequenceEffects(token, this.#limits)) this.#effect(effect, token.end);
  }

  #endText(offset: number): void {
    const { text, source } = this.#utf8.flush();
    if (text.length === 0) return;
    this.#applyStyle();
    this.#feed.text(text, source, offset - source.length);
  }

  /**
   * Combining marks at the left edge have nothing to combine with: they are dropped, as tmux does. The emulator would
   * give them a cell.
   */
  #graphicText(piece: Utf8Piece, start: number): void {
    const { source } = piece;
    if (this.#style !== '') {
      const marks = leadingMarks(piece.text);
      if (marks > 0 && marks < piece.text.length) {
        this.#graphicText({ text: piece.text.subarray(0, marks), source: source.subarray(0, marks) }, start);
        this.#graphicText({ text: piece.text.subarray(marks), source: source.subarray(marks) }, start + marks);
        return;
      }
      if (marks === 0 && piece.text.length > 0) this.#applyStyle();
    }
    if ((this.#marginTop > 0 && !this.onAlternate) || this.#backWraps) {
      this.#singly(piece, start);
      return;
    }
    if (isAscii(piece.text)) {
      this.#feed.text(piece.text, source, start);
      return;
    }
    if (!this.#wraps) {
      this.#singly(piece, start);
      return;
    }
    const text = Buffer.from(piece.text.buffer, piece.text.byteOffset, piece.text.length).toString();
    let from = 0;
    let sourceFrom = 0;
    const part = (to: number): void => {
      const some = text.slice(from, to);
      const sourceTo = sourceEnd(source, sourceFrom, some);
      this.#feed.text(Buffer.from(some), source.subarray(sourceFrom, sourceTo), start + sourceFrom);
      sourceFrom = sourceTo;
    };
    for (const match of text.matchAll(POSSIBLE_ORPHANS)) {
      const [marks] = match;
      const at = match.index;
      part(at);
      from = at;
      if (this.#putUnderMark()) continue;
      sourceFrom = sourceEnd(source, sourceFrom, marks);
      from += marks.length;
    }
    if (from === 0) this.#feed.text(piece.text, source, start);
    else part(text.length);
  }

  /** Sees to it that a mark has something to stand on: a blank where nothing was written. False at the left edge. */
  #putUnderMark(): boolean {
    this.#feed.flush();
    const { cursorX, cursorY, baseY } = this.#emulator.active;
    const before = this.#emulator.active.getLine(baseY + cursorY)?.getCell(cursorX - 1);
    if (before?.getCode() === 0 && before.getWidth() === 1) this.#feed.sequence('\b ', undefined, 0, this.#feed.end);
    return cursorX > 0;
  }

  /**
   * Character by character. Where text does not wrap, what the emulator makes of a wide character in the last column
   * depends on what it is given at once; where a region scrolls, each of its rows is to be seen before it goes; where a
   * backspace goes up, the rows in between would not be known.
   */
  #singly({ text, source }: Utf8Piece, start: number): void {
    let from = 0;
    for (const character of Buffer.from(text).toString()) {
      const to = sourceEnd(source, from, character);
      const one = source.subarray(from, to);
      const at = start + from;
      from = to;
      if (MARK.test(character) && !this.#putUnderMark()) continue;
      this.#watched(() => {
        this.#feed.text(Buffer.from(character), one, at);
      });
    }
  }

  /**
   * Has the emulator do one thing, and tells the first row of the scrolling region if that pushed it out: below other
   * rows that stay it goes nowhere, not even into the scrollback.
   */
  #watched(feed: () => void): void {
    this.#feed.flush();
    const emulator = this.#emulator;
    const marginTop = this.#marginTop;
    const scrolls = emulator.scrolls;
    const inRegion = marginTop > 0 && !this.onAlternate;
    const atBottom = inRegion && emulator.normal.cursorY === (this.#marginBottom ?? this.#size.rows - 1);
    const first = atBottom ? this.#feed.rows(marginTop, marginTop + 1) : [];
    feed();
    this.#feed.flush();
    if (atBottom && emulator.scrolls !== scrolls) this.#observer.cut?.(first);
  }

  #addStyle(bytes: string): void {
    if (this.#style.length + bytes.length > MAX_STYLE_BYTES) this.#applyStyle();
    this.#style += bytes;
  }

  #applyStyle(): void {
    const style = this.#style;
    this.#style = '';
    if (style !== '') this.#feed.sequence(style, undefined, 0, this.#feed.end);
  }

  #effect(effect: Effect, end: number): void {
    if (effect.type === 'style') {
      if (!this.#limits.styles) this.#lanes = false;
      this.#addStyle(effect.bytes);
      return;
    }
    if (effect.type === 'show-cursor') {
      this.#showsCursor = effect.on;
      return;
    }
    this.#pads = false;
    if (effect.type !== 'repeat') this.#applyStyle();
    if (
      (effect.type === 'row' && !KEEPS_ORDINARY.test(effect.bytes)) ||
      (effect.type === 'move' && MODE.test(effect.bytes))
    ) {
      this.#ordinary = false;
    }
    if (effect.type === 'row') {
      const backWraps = BACK_WRAP.exec(effect.bytes);
      if (backWraps !== null) this.#backWraps = backWraps[1] === 'h';
      // On a screen of one row, erasing the row may undo the wrap that the row above it left by.
      const erases = ERASES_ROW.test(effect.bytes);
      if (this.#size.rows === 1 || (erases && this.#feed.hasText)) this.#feed.flush();
      if (erases) this.#feed.provenance.parted();
      if (BLANKS_CELLS.test(effect.bytes)) this.#aboutToBlank('row');
      this.#feed.sequence(effect.bytes, undefined, 0, end);
      return;
    }
    if (effect.type === 'move') {
      if (this.#observer.homing !== undefined && HOME.test(effect.bytes)) {
        this.#feed.flush();
        this.#observer.homing();
      }
      if (SHIFTS_ROWS.test(effect.bytes)) this.#aboutToBlank('screen');
      const up = this.onAlternate || this.#marginTop > 0 ? null : UPWARD.exec(effect.bytes);
      if (up !== null) {
        this.#feed.moveUp(effect.bytes, Math.max(1, Number(up[1])), end);
        return;
      }
      const move = (): void => {
        this.#feed.sequence(effect.bytes, 'moves', 1, end);
      };
      if (this.#marginTop > 0) this.#watched(move);
      else move();
      return;
    }
    if (effect.type === 'save-cursor' || effect.type === 'restore-cursor') {
      // The emulator saves the row counted from the first of its scrollback: both must find that empty.
      this.#feed.flush();
      if (effect.type === 'save-cursor') this.#feed.saveCursor(effect.bytes, end);
      else this.#feed.restoreCursor(effect.bytes, end);
      return;
    }
    if (effect.type === 'repeat') {
      this.#aboutToRepeat(effect.count);
      // Nothing may come between the character and its repetition.
      this.#feed.sequence(effect.bytes, 'moves', Math.ceil(effect.count / this.#size.cols) + 1, end, DEL);
      return;
    }
    this.#feed.flush();
    this.#feed.end = end;
    switch (effect.type) {
      case 'erase':
        this.#erase(effect);
        break;
      case 'erase-scrollback':
        if (!this.onAlternate) this.#observer.scrollbackErased?.();
        break;
      case 'delete-rows':
        this.#deleteRows(effect);
        break;
      case 'margins':
        this.#feed.run(effect.bytes);
        if (this.onAlternate) break;
        this.#marginTop = effect.top;
        this.#marginBottom = effect.bottom;
        break;
      case 'soft-reset':
        this.#feed.run(effect.bytes);
        this.#restoreDefaults();
        break;
      case 'reset':
        if (this.onAlternate) this.#observer.alternate?.('leave');
        this.#erasing();
        this.#feed.run(effect.bytes);
        this.#emulator.restarted();
        this.#startAnew();
        this.#observer.scrollbackErased?.();
        break;
      case 'wrap':
        this.#feed.run(effect.bytes);
        this.#wraps = effect.on;
        break;
      case 'set-columns':
        this.#aboutToErase();
        this.#feed.run('\x1b[r\x1b[2J');
        this.#marginTop = 0;
        this.#marginBottom = undefined;
        break;
      case 'print': {
        const bytes = Buffer.from(effect.text);
        this.#feed.text(bytes, bytes, end - bytes.length);
        break;
      }
      case 'alternate':
        this.#switchScreen(effect);
        break;
      case 'synchronized':
        if (!this.onAlternate) this.#feed.redraws.synchronized(effect.on, this.#feed.cursorRow);
        this.#observer.synchronized?.(effect.on, end);
        break;
    }
  }

  #aboutToRepeat(count: number): void {
    if (!this.#noticesBlanks) return;
    this.#feed.flush();
    const { cursorX, cursorY, baseY } = this.#emulator.active;
    const repeated = this.#emulator.active.getLine(baseY + cursorY)?.getCell(cursorX - 1);
    if (repeated?.getWidth() === 1 && repeated.getChars().trim() === '') this.#aboutToBlank({ cells: count });
    else this.#blanked.forget();
  }

  #erase({ bytes, what }: Effect & { readonly type: 'erase' }): void {
    const { cursorX, cursorY } = this.#emulator.active;
    const atHome = cursorX === 0 && cursorY === 0;
    const atEnd = cursorY === this.#size.rows - 1 && cursorX >= this.#size.cols - 1;
    const whole = what === 'all' || (what === 'below' && atHome) || (what === 'above' && atEnd);
    if (whole) this.#aboutToErase();
    else this.#aboutToBlank('screen');
    // @xterm/headless 6.0.0 fails where the whole screen is erased as what is above; all of it is the same.
    this.#feed.run(what === 'above' && atEnd ? bytes.replace('1J', '2J') : bytes);
    if (whole && !this.onAlternate) this.#feed.provenance.clear();
  }

  #restoreDefaults(): void {
    this.#showsCursor = true;
    this.#marginTop = 0;
    this.#marginBottom = undefined;
    this.#wraps = true;
    this.#backWraps = false;
  }

  /** After RIS, or in a new emulator. */
  #startAnew(): void {
    this.#restoreDefaults();
    this.#ordinary = true;
  }

  #aboutToErase(): void {
    if (this.onAlternate) {
      if (!this.#blanked.isEmpty) this.#aboutToBlank('screen');
      this.#observer.alternate?.('erase');
    } else this.#erasing(this.#feed.overshoot);
  }

  /** The whole normal screen is about to be erased, after the cursor was moved up beyond it by `overshoot` rows. */
  #erasing(overshoot = 0): void {
    const { redraws, provenance, scrolled } = this.#feed;
    if (!provenance.isBlank) redraws.erased(scrolled);
    this.#observer.erasing?.(this.normalRows(), overshoot);
  }

  #switchScreen({ bytes, on, cursor }: Effect & { readonly type: 'alternate' }): void {
    const emulator = this.#emulator;
    const changes = on !== emulator.onAlternate;
    if (changes) this.#observer.alternate?.(on ? 'enter' : 'leave');
    if (changes) this.#blanked.forget();
    if (changes && on) this.#leftAboutToWrap = cursor && emulator.normal.cursorX >= this.#size.cols;
    if (changes && !on && this.#feed.settle())
      this.#leftAboutToWrap = cursor && emulator.normal.cursorX >= this.#size.cols;
    this.#feed.run(bytes);
    emulator.switched();
    // The emulator saves the column, but not that the next character wraps; writing the last one again brings that back.
    if (changes && !on && cursor && this.#leftAboutToWrap) {
      const { cursorX, cursorY, baseY } = emulator.normal;
      const last =
        emulator.normal
          .getLine(baseY + cursorY)
          ?.getCell(cursorX)
          ?.getChars() ?? '';
      const again = Buffer.from(last);
      if (cursorX === this.#size.cols - 1) this.#feed.text(again, again, this.#feed.end - again.length);
    }
    this.#feed.drain();
  }

  #deleteRows({ bytes, at, count }: Effect & { readonly type: 'delete-rows' }): void {
    const { cursorY } = this.#emulator.active;
    this.#aboutToBlank('screen');
    const wholeRegion = this.#marginTop === 0 && this.#marginBottom === undefined;
    if (!this.onAlternate && wholeRegion && (at === 'region' || cursorY === 0)) {
      const rows = this.#feed.rows(0, count);
      this.#feed.dropped(count);
      this.#observer.scrolledOff?.(rows);
    }
    this.#feed.run(bytes);
  }
}

export interface ScreenOptions {
  readonly styles?: boolean;
  /** Keep where text leads, though no colours; as fast as without until the first link. Never of a saved screen. */
  readonly links?: boolean;
  readonly observer?: ScreenObserver;
  readonly fastLane?: boolean;
}

/** A screen as a plain value; what is in it is for this version alone. */
export interface ScreenState {
  readonly size: TerminalSize;
  readonly scanner: ScannerState;
  readonly utf8: string;
  readonly style: string;
  readonly marginTop: number;
  readonly marginBottom: number | null;
  readonly wraps: boolean;
  readonly backWraps: boolean;
  readonly ordinary: boolean;
  readonly leftAboutToWrap: boolean;
  readonly showsCursor: boolean;
  readonly blanked: BlankedRowsState;
  readonly pads: boolean;
  readonly feed: FeedState;
}

/** Row effects after which text is read as before: movements in the row, insertions and erasures; colours. */
const KEEPS_ORDINARY = /^(?:\x1b\[[\d;:]*[@CDGIKPXZ`am]|\b )$/;

const ERASES_ROW = /K$/;
/** EL, DECSEL, ECH, DCH, ICH. */
const BLANKS_CELLS = /[KXP@]$/;
/** IL, SD. */
const SHIFTS_ROWS = /[LT]$/;
const BACK_WRAP = /\?45([hl])$/;

const MODE = /[hl]$/;
const SPACE = 0x20;

/** Colours in a row without text between them are put together up to here. */
const MAX_STYLE_BYTES = 1024;

const MARK = /^\p{Mn}$/u;
/** Marks that follow nothing, or a control that may have brought the cursor to the left edge. */
const POSSIBLE_ORPHANS = /(?:^|(?<=\p{Cc}))\p{Mn}+/gu;
/** CUU and CPL, with what they count. */
const UPWARD = /^\x1b\[(\d*)[AF]$/;
/** CUP or HVP without parameters, or to 1;1. */
const HOME = /^\x1b\[[01]?(?:;[01]?)?[Hf]$/;

function isBlank(rows: readonly Row[]): boolean {
  return rows.every((row) => row.text.trimEnd() === '');
}

/** How many bytes of combining marks stand at the beginning. */
function leadingMarks(bytes: Uint8Array): number {
  if ((bytes[0] ?? 0) < 0x80) return 0;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  return Buffer.byteLength(/^\p{Mn}+/u.exec(text)?.[0] ?? '');
}

/** xterm's own minimum of columns; the maxima keep both screens within 100 MB. */
function emulatedSize({ cols, rows }: TerminalSize): TerminalSize {
  return { cols: Math.max(2, Math.min(cols, 4096)), rows: Math.max(1, Math.min(rows, 1024)) };
}
