import { isAscii } from 'node:buffer';
import unicode11 from '@xterm/addon-unicode11';
import type { IBuffer, IBufferCell, IBufferLine, Terminal } from '@xterm/headless';
import xterm from '@xterm/headless';
import { EscapeScanner, type EscapeToken } from '../core/escape-sequences.js';
import type { TerminalSize } from '../core/size.js';
import { type CharacterWidths, ClusterWidths } from './cluster-widths.js';
import { type Color, type Frame, PLAIN, type Run, type Style, sameStyle } from './frame.js';
import { FastLane } from './fast-lane.js';
import { Provenance } from './provenance.js';
import type { Row } from './row.js';
import { type Effect, type ScreenLimits, sequenceEffects } from './sequence-effects.js';
import { sourceEnd, type Utf8Piece, Utf8Text } from './utf8-text.js';

/** What happens on a screen, told while the bytes are read. A screen asked from within shows the moment before. */
export interface ScreenObserver {
  /** Rows that left the normal screen at the top, the oldest first. */
  scrolledOff?(rows: readonly Row[]): void;
  /** The whole normal screen is about to be erased. */
  erasing?(rows: readonly Row[]): void;
  scrollbackErased?(): void;
  /** Rows that go from below others that stay: dropped by a resize, or out of a scrolling region. */
  cut?(rows: readonly Row[]): void;
  resized?(size: TerminalSize, before: TerminalSize): void;
  /** The alternate screen is about to come, to be erased as a whole, or to go. */
  alternate?(event: 'enter' | 'erase' | 'leave'): void;
  /** The cursor of the alternate screen is about to go home, so the next frame may begin. Costs a pause each time. */
  homing?(): void;
  /** Synchronized output (DEC mode 2026) is about to begin, or has ended. */
  synchronized?(on: boolean): void;
  /** The emulator failed and was replaced by an empty one; `rows` is what stood on the normal screen. */
  fault?(error: unknown, rows: readonly Row[]): void;
}

/** One-based, as the cursor position report has it (ECMA-48 CPR). */
export interface CursorPosition {
  readonly row: number;
  readonly col: number;
}

/**
 * A terminal's screen, fed with raw output. It never answers a query, and no input hangs, kills or bloats it: only text
 * and the sequences of sequence-effects.ts reach the emulator behind it, in slices that cannot overrun its scrollback.
 */
export class Screen {
  private size: TerminalSize;
  private limits: ScreenLimits;
  private readonly observer: ScreenObserver;
  private readonly scanner = new EscapeScanner({ text: true });
  private readonly utf8 = new Utf8Text();
  private emulator: Emulator;

  /** Bytes on their way to the emulator, and the offset after the last byte that went into them. */
  private readonly slice = new Uint8Array(SLICE_BYTES + ERASE_SCROLLBACK.length);
  private sliceBytes = 0;
  private sliceEnd = 0;
  /** Rows that the slice may push off the screen at most. */
  private sliceScrolls = 0;
  /** A slice has text or moves between rows, not both, so that the rows a text went to are known. */
  private sliceKind: 'text' | 'moves' | undefined;
  private lineFeedEnds: number[] = [];
  private textEnd = 0;
  private moveEnd = 0;

  private marginTop = 0;
  private marginBottom: number | undefined;
  private wraps = true;
  /** A backspace at the left edge goes to the row above. */
  private backWraps = false;
  /** No mode, tab stop or character set was changed that the fast lane does not know. */
  private ordinary = true;

  private readonly lanes: boolean;
  private lane: FastLane | undefined;
  private laneRows: Row[] = [];
  /** Bytes that the lane stopped before, at the end of what was written. */
  private laneCarry: Uint8Array = NOTHING;
  /** Bytes to be read slowly before the lane is tried again, and how many the next time it stops soon. */
  private slowBytes = 0;
  private laneWait = MIN_LANE_WAIT;

  /** The normal screen was left with its cursor past the last column, about to wrap. */
  private leftAboutToWrap = false;
  private scrolled = 0;
  private upward = 0;
  private readonly provenance = new Provenance();

  /**
   * A screen has at least 2 columns and 1 row, and at most 4096 by 1024: more is memory, not a terminal.
   * `styles`: keep colours for `frame()`; text alone is faster without. `fastLane: false` reads all with the emulator.
   */
  constructor(
    size: TerminalSize,
    options: { readonly styles?: boolean; readonly observer?: ScreenObserver; readonly fastLane?: boolean } = {},
  ) {
    this.size = emulatedSize(size);
    this.limits = { ...this.size, styles: options.styles ?? false };
    this.observer = options.observer ?? {};
    this.lanes = (options.fastLane ?? true) && !this.limits.styles && this.size.rows > 1;
    this.emulator = new Emulator(this.size);
  }

  get cols(): number {
    return this.size.cols;
  }

  get onAlternate(): boolean {
    return this.emulator.onAlternate;
  }

  /** The offset after the last byte that was read. */
  get offset(): number {
    return this.sliceEnd;
  }

  /** Rows that have left the normal screen at the top so far; with a row's number on the screen it names the row for good. */
  get scrolledRows(): number {
    return this.scrolled;
  }

  /** How often the cursor of the normal screen was moved up: a program that does may still change what it printed. */
  get upwardMoves(): number {
    return this.upward;
  }

  /** Where the cursor of the normal screen is, or was left, from 0. */
  get normalCursor(): { readonly row: number; readonly col: number } {
    this.leaveLane();
    const { cursorX, cursorY } = this.emulator.normal;
    return { row: cursorY, col: cursorX };
  }

  write(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.lane !== undefined) rest = this.drive(this.lane, bytes);
    while (rest.length > 0) {
      if (this.mayEnterLane(rest.length)) rest = this.enterLane(rest);
      else {
        const slow = Math.min(rest.length, this.slowBytes > 0 ? this.slowBytes : SLOW_STEP_BYTES);
        this.read(rest.subarray(0, slow));
        this.slowBytes -= slow;
        rest = rest.subarray(slow);
      }
    }
    this.flush();
  }

  /** No more output comes: what was half a character becomes U+FFFD. */
  end(): void {
    this.leaveLane();
    for (const token of this.scanner.end()) this.token(token);
    this.endText(this.scanner.offset);
    this.flush();
  }

  resize(size: TerminalSize): void {
    this.leaveLane();
    const before = this.size;
    const next = emulatedSize(size);
    if (next.cols === before.cols && next.rows === before.rows) return;
    this.flush();
    const { normal } = this.emulator;
    const lost = Math.min(before.rows - next.rows, before.rows - 1 - normal.cursorY);
    if (lost > 0) this.observer.cut?.(this.readRows(before.rows - lost, before.rows));
    if (!this.onAlternate) this.run('');
    this.provenance.moved(this.scanner.offset);
    this.emulator.resize(next);
    this.size = next;
    this.limits = { ...this.limits, ...next };
    this.marginTop = 0;
    this.marginBottom = undefined;
    this.drain();
    this.observer.resized?.(next, before);
  }

  /** Where the cursor is after everything written so far. */
  cursor(): Promise<CursorPosition> {
    this.leaveLane();
    const { cursorX, cursorY } = this.emulator.active;
    return Promise.resolve({ row: cursorY + 1, col: Math.min(cursorX, this.size.cols - 1) + 1 });
  }

  /** The rows on the screen, from the top; of the alternate screen while that is on. */
  rows(): readonly Row[] {
    this.leaveLane();
    if (!this.onAlternate) return this.normalRows();
    // Where the emulator had more rows before, the alternate screen has a scrollback too.
    const { active } = this.emulator;
    return readLines(active, active.baseY, active.baseY + this.size.rows, new Provenance(), 0);
  }

  /** The rows of the normal screen, though the alternate one may be on. */
  normalRows(): readonly Row[] {
    this.leaveLane();
    return this.readRows(0, this.size.rows);
  }

  /** The active screen as a picture; its colours where `styles` was asked for. */
  frame(): Frame {
    this.leaveLane();
    const { active } = this.emulator;
    const { cols, rows } = this.size;
    const lines = Array.from({ length: rows }, (_, row) => runsOf(active.getLine(active.baseY + row)));
    return { cols, rows, cursor: { row: active.cursorY, col: Math.min(active.cursorX, cols - 1) }, lines };
  }

  dispose(): void {
    this.emulator.dispose();
  }

  private read(bytes: Uint8Array): void {
    for (const token of this.scanner.push(bytes)) this.token(token);
  }

  private mayEnterLane(bytes: number): boolean {
    return (
      this.slowBytes <= 0 &&
      bytes >= MIN_LANE_BYTES &&
      this.lanes &&
      this.isOrdinary &&
      !this.onAlternate &&
      this.scanner.inGround
    );
  }

  /** As after a reset, as far as text goes: no margins, modes, tab stops or character sets. */
  private get isOrdinary(): boolean {
    return (
      this.ordinary && this.wraps && this.marginTop === 0 && this.marginBottom === undefined && this.utf8.waiting === 0
    );
  }

  /** Gives what of `bytes` is left: all of it where the lane cannot take this screen. */
  private enterLane(bytes: Uint8Array): Uint8Array {
    this.flush();
    const { cursorX, cursorY } = this.emulator.normal;
    const lane = new FastLane(this.size.cols, this.size.rows, this.emulator.widths, {
      left: (row) => this.laneRows.push(row),
      synchronized: (on) => this.observer.synchronized?.(on),
    });
    const loads = lane.load({ rows: this.normalRows(), x: cursorX, y: cursorY, provenance: this.provenance.state });
    if (!loads) {
      this.slowBytes = LANE_RETRY_BYTES;
      return bytes;
    }
    this.lane = lane;
    this.laneWait = Math.min(this.laneWait * 2, MAX_LANE_WAIT);
    return this.drive(lane, bytes);
  }

  /** Reads as far as the lane can. What it stops before near the end of `bytes` may only be incomplete, and waits. */
  private drive(lane: FastLane, bytes: Uint8Array): Uint8Array {
    const all = this.laneCarry.length === 0 ? bytes : Buffer.concat([this.laneCarry, bytes]);
    this.laneCarry = NOTHING;
    const stop = lane.run(all, this.scanner.offset);
    this.scanner.skip(stop);
    this.sliceEnd = this.scanner.offset;
    if (stop >= WORTHWHILE_BYTES) this.laneWait = MIN_LANE_WAIT;
    this.reportLaneRows();
    lane.detach();
    const rest = all.subarray(stop);
    if (rest.length <= MAX_LANE_CARRY) {
      this.laneCarry = Uint8Array.from(rest);
      return NOTHING;
    }
    this.leaveLane();
    return rest;
  }

  private reportLaneRows(): void {
    const rows = this.laneRows;
    if (rows.length === 0) return;
    this.laneRows = [];
    this.scrolled += rows.length;
    this.observer.scrolledOff?.(rows);
  }

  /** Puts the lane's screen into the emulator, which goes on with what the lane left. */
  private leaveLane(): void {
    const { lane } = this;
    if (lane === undefined) return;
    this.lane = undefined;
    this.slowBytes = this.laneWait;
    const { provenance, upward } = lane.unload();
    this.upward += upward;
    this.emulator.forgetting();
    this.emulator.write(Buffer.from(`\x1b[3J${lane.paint()}`));
    this.emulator.takeLineFeeds();
    this.emulator.reported = this.emulator.normal.baseY;
    this.provenance.restore(provenance);
    const carry = this.laneCarry;
    this.laneCarry = NOTHING;
    this.read(carry);
    this.flush();
  }

  private token(token: EscapeToken): void {
    if (token.type === 'text') {
      const piece = this.utf8.push(token.bytes);
      this.graphicText(piece, token.end - this.utf8.waiting - piece.source.length);
      return;
    }
    this.endText(token.start);
    if (token.type === 'control') {
      const bytes = Uint8Array.of(token.code);
      this.text(bytes, bytes, token.start);
      return;
    }
    for (const effect of sequenceEffects(token, this.limits)) this.effect(effect, token.end);
  }

  private endText(offset: number): void {
    const { text, source } = this.utf8.flush();
    this.text(text, source, offset - source.length);
  }

  /**
   * Combining marks at the left edge have nothing to combine with: they are dropped, as tmux does. The emulator would
   * give them a cell.
   */
  private graphicText(piece: Utf8Piece, start: number): void {
    if ((this.marginTop > 0 && !this.onAlternate) || this.backWraps) {
      this.singly(piece, start);
      return;
    }
    if (isAscii(piece.text)) {
      this.text(piece.text, piece.source, start);
      return;
    }
    if (!this.wraps) {
      this.singly(piece, start);
      return;
    }
    const { source } = piece;
    const text = Buffer.from(piece.text.buffer, piece.text.byteOffset, piece.text.length).toString();
    let from = 0;
    let sourceFrom = 0;
    const part = (to: number): void => {
      const some = text.slice(from, to);
      const sourceTo = sourceEnd(source, sourceFrom, some);
      this.text(Buffer.from(some), source.subarray(sourceFrom, sourceTo), start + sourceFrom);
      sourceFrom = sourceTo;
    };
    for (const match of text.matchAll(POSSIBLE_ORPHANS)) {
      const [marks] = match;
      const at = match.index;
      part(at);
      from = at;
      if (this.putUnderMark()) continue;
      sourceFrom = sourceEnd(source, sourceFrom, marks);
      from += marks.length;
    }
    if (from === 0) this.text(piece.text, source, start);
    else part(text.length);
  }

  /** Sees to it that a mark has something to stand on: a blank where nothing was written. False at the left edge. */
  private putUnderMark(): boolean {
    this.flush();
    const { cursorX, cursorY, baseY } = this.emulator.active;
    const before = this.emulator.active.getLine(baseY + cursorY)?.getCell(cursorX - 1);
    if (before?.getCode() === 0 && before.getWidth() === 1) this.sequence('\b ', undefined, 0, this.sliceEnd);
    return cursorX > 0;
  }

  /**
   * Character by character. Where text does not wrap, what the emulator makes of a wide character in the last column
   * depends on what it is given at once; where a region scrolls, each of its rows is to be seen before it goes; where a
   * backspace goes up, the rows in between would not be known.
   */
  private singly({ text, source }: Utf8Piece, start: number): void {
    let from = 0;
    for (const character of Buffer.from(text).toString()) {
      const to = sourceEnd(source, from, character);
      const one = source.subarray(from, to);
      const at = start + from;
      from = to;
      if (MARK.test(character) && !this.putUnderMark()) continue;
      this.watched(() => {
        this.text(Buffer.from(character), one, at);
      });
    }
  }

  /**
   * Has the emulator do one thing, and tells the first row of the scrolling region if that pushed it out: below other
   * rows that stay it goes nowhere, not even into the scrollback.
   */
  private watched(feed: () => void): void {
    this.flush();
    const { emulator, marginTop } = this;
    const scrolls = emulator.scrolls;
    const inRegion = marginTop > 0 && !this.onAlternate;
    const atBottom = inRegion && emulator.normal.cursorY === (this.marginBottom ?? this.size.rows - 1);
    const first = atBottom ? this.readRows(marginTop, marginTop + 1) : [];
    feed();
    this.flush();
    if (atBottom && emulator.scrolls !== scrolls) this.observer.cut?.(first);
  }

  /** `bytes` are what `source` became; line feeds are in both, in the same order. */
  private text(bytes: Uint8Array, source: Uint8Array, start: number): void {
    const longest = Math.min(SLICE_BYTES, (this.emulator.scrollback / 2 - 2) * this.size.cols);
    let sourceAt = 0;
    for (let at = 0; at < bytes.length; ) {
      const feed = indexOfLineFeed(bytes, at);
      const to = Math.min(feed === -1 ? bytes.length : feed + 1, at + longest);
      this.reserve('text', to - at, Math.ceil((to - at) / this.size.cols) + 1, bytes[at] ?? 0);
      this.slice.set(bytes.subarray(at, to), this.sliceBytes);
      this.sliceBytes += to - at;
      if (to === feed + 1) {
        sourceAt = indexOfLineFeed(source, sourceAt) + 1;
        this.lineFeedEnds.push(start + sourceAt);
        this.textEnd = start + sourceAt;
      } else this.textEnd = start + source.length;
      this.sliceEnd = this.textEnd;
      at = to;
    }
  }

  /** Makes room in the slice for bytes that push off `scrolls` rows at most and begin with `first`. */
  private reserve(kind: 'text' | 'moves' | undefined, bytes: number, scrolls: number, first: number): void {
    const mixes = kind !== undefined && this.sliceKind !== undefined && kind !== this.sliceKind && !this.onAlternate;
    const full = this.sliceBytes + bytes > SLICE_BYTES || this.sliceScrolls + scrolls > this.emulator.room;
    if (mixes || full) this.flush();
    if (this.sliceBytes === 0) this.forgetScrollback(first);
    this.sliceKind = kind ?? this.sliceKind;
    this.sliceScrolls += scrolls;
  }

  /**
   * Has the emulator forget the rows that were reported, at the beginning of a slice. The sequence for it makes a mark
   * that follows forget its character, so it waits for ASCII (DEL is nothing), or for the scrollback to be half full.
   */
  private forgetScrollback(first: number): void {
    const { emulator } = this;
    if (this.onAlternate || !emulator.hasScrollback || (first >= DEL && emulator.room * 2 > emulator.scrollback))
      return;
    this.slice.set(ERASE_SCROLLBACK);
    this.sliceBytes = ERASE_SCROLLBACK.length;
    emulator.forgetting();
  }

  private sequence(bytes: string, kind: 'moves' | undefined, scrolls: number, end: number, first = ESC): void {
    this.reserve(kind, bytes.length, scrolls, first);
    if (kind === 'moves') this.moveEnd = end;
    for (let at = 0; at < bytes.length; at++) this.slice[this.sliceBytes++] = bytes.charCodeAt(at);
    this.sliceEnd = end;
  }

  /** Hands one sequence to the emulator, by itself. */
  private run(bytes: string): void {
    this.sequence(bytes, 'moves', 0, this.sliceEnd);
    this.flush();
  }

  private effect(effect: Effect, end: number): void {
    if (
      (effect.type === 'row' && !KEEPS_ORDINARY.test(effect.bytes)) ||
      (effect.type === 'move' && MODE.test(effect.bytes))
    ) {
      this.ordinary = false;
    }
    if (effect.type === 'row') {
      const backWraps = BACK_WRAP.exec(effect.bytes);
      if (backWraps !== null) this.backWraps = backWraps[1] === 'h';
      // On a screen of one row, erasing the row may undo the wrap that the row above it left by.
      const erases = ERASES_ROW.test(effect.bytes);
      if (this.size.rows === 1 || (erases && this.sliceKind === 'text')) this.flush();
      if (erases) this.provenance.parted();
      this.sequence(effect.bytes, undefined, 0, end);
      return;
    }
    if (effect.type === 'move') {
      if (this.onAlternate && this.observer.homing !== undefined && HOME.test(effect.bytes)) {
        this.flush();
        this.observer.homing();
      }
      const move = (): void => {
        this.sequence(effect.bytes, 'moves', 1, end);
      };
      if (this.marginTop > 0) this.watched(move);
      else move();
      return;
    }
    if (effect.type === 'save-cursor' || effect.type === 'restore-cursor') {
      // The emulator saves the row counted from the first of its scrollback: both must find that empty.
      this.flush();
      this.sequence(effect.bytes, effect.type === 'restore-cursor' ? 'moves' : undefined, 0, end);
      return;
    }
    if (effect.type === 'repeat') {
      // Nothing may come between the character and its repetition.
      this.sequence(effect.bytes, 'moves', Math.ceil(effect.count / this.size.cols) + 1, end, DEL);
      return;
    }
    this.flush();
    this.sliceEnd = end;
    switch (effect.type) {
      case 'erase':
        this.erase(effect);
        break;
      case 'erase-scrollback':
        if (!this.onAlternate) this.observer.scrollbackErased?.();
        break;
      case 'delete-rows':
        this.deleteRows(effect);
        break;
      case 'margins':
        this.run(effect.bytes);
        if (this.onAlternate) break;
        this.marginTop = effect.top;
        this.marginBottom = effect.bottom;
        break;
      case 'soft-reset':
        this.run(effect.bytes);
        this.restoreDefaults();
        break;
      case 'reset':
        if (this.onAlternate) this.observer.alternate?.('leave');
        this.observer.erasing?.(this.normalRows());
        this.run(effect.bytes);
        this.emulator.switched();
        this.startAnew();
        this.observer.scrollbackErased?.();
        break;
      case 'wrap':
        this.run(effect.bytes);
        this.wraps = effect.on;
        break;
      case 'set-columns':
        this.aboutToErase();
        this.run('\x1b[r\x1b[2J');
        this.marginTop = 0;
        this.marginBottom = undefined;
        break;
      case 'print': {
        const bytes = Buffer.from(effect.text);
        this.text(bytes, bytes, end - bytes.length);
        break;
      }
      case 'alternate':
        this.switchScreen(effect);
        break;
      case 'synchronized':
        this.observer.synchronized?.(effect.on);
        break;
    }
  }

  private erase({ bytes, what }: Effect & { readonly type: 'erase' }): void {
    const { cursorX, cursorY } = this.emulator.active;
    const atHome = cursorX === 0 && cursorY === 0;
    const atEnd = cursorY === this.size.rows - 1 && cursorX >= this.size.cols - 1;
    const whole = what === 'all' || (what === 'below' && atHome) || (what === 'above' && atEnd);
    if (whole) this.aboutToErase();
    // ED 1 in the last cell reads a row that does not exist (@xterm/headless 6.0.0); ED 2 erases the same.
    this.run(what === 'above' && atEnd ? bytes.replace('1J', '2J') : bytes);
    if (whole && !this.onAlternate) this.provenance.clear();
  }

  private restoreDefaults(): void {
    this.marginTop = 0;
    this.marginBottom = undefined;
    this.wraps = true;
    this.backWraps = false;
  }

  /** After RIS, or in a new emulator. */
  private startAnew(): void {
    this.restoreDefaults();
    this.ordinary = true;
  }

  private aboutToErase(): void {
    if (this.onAlternate) this.observer.alternate?.('erase');
    else this.observer.erasing?.(this.normalRows());
  }

  private switchScreen({ bytes, on, cursor }: Effect & { readonly type: 'alternate' }): void {
    const { emulator } = this;
    const changes = on !== emulator.onAlternate;
    if (changes) this.observer.alternate?.(on ? 'enter' : 'leave');
    if (changes && on) this.leftAboutToWrap = cursor && emulator.normal.cursorX >= this.size.cols;
    this.run(bytes);
    emulator.switched();
    // The emulator saves the column, but not that the next character wraps; writing the last one again brings that back.
    if (changes && !on && cursor && this.leftAboutToWrap) {
      const { cursorX, cursorY, baseY } = emulator.normal;
      const last =
        emulator.normal
          .getLine(baseY + cursorY)
          ?.getCell(cursorX)
          ?.getChars() ?? '';
      const again = Buffer.from(last);
      if (cursorX === this.size.cols - 1) this.text(again, again, this.sliceEnd - again.length);
    }
    this.drain();
  }

  private deleteRows({ bytes, at, count }: Effect & { readonly type: 'delete-rows' }): void {
    const { cursorY } = this.emulator.active;
    const wholeRegion = this.marginTop === 0 && this.marginBottom === undefined;
    if (!this.onAlternate && wholeRegion && (at === 'region' || cursorY === 0)) {
      const rows = this.readRows(0, count);
      this.provenance.drop(count);
      this.scrolled += count;
      this.observer.scrolledOff?.(rows);
    }
    this.run(bytes);
  }

  /** Hands the slice to the emulator, and what left the screen to the observer. */
  private flush(): void {
    if (this.sliceBytes === 0) return;
    const { emulator } = this;
    const from = emulator.normal.cursorY;
    const slice = this.slice.subarray(0, this.sliceBytes);
    const ends = this.lineFeedEnds;
    const kind = this.sliceKind;
    this.sliceBytes = 0;
    this.sliceScrolls = 0;
    this.sliceKind = undefined;
    this.lineFeedEnds = [];
    try {
      emulator.write(slice);
    } catch (error) {
      this.recover(error);
      return;
    }
    if (emulator.normal.cursorY < from && !emulator.onAlternate) this.upward++;
    const { reported } = emulator;
    const to = emulator.normal.baseY + emulator.normal.cursorY - reported;
    const fed = emulator.takeLineFeeds().map((row) => row - reported);
    if (kind === 'text' && !emulator.onAlternate) this.provenance.wrote(from, fed, ends, to, this.textEnd);
    else if (kind === 'moves') this.provenance.moved(this.moveEnd);
    this.drain();
  }

  /** Reports what has scrolled off, then lets the emulator forget it. */
  private drain(): void {
    const { emulator } = this;
    const { reported } = emulator;
    const { baseY } = emulator.normal;
    if (baseY === reported) return;
    const rows = readLines(emulator.normal, reported, baseY, this.provenance, reported);
    this.provenance.drop(baseY - reported);
    this.scrolled += baseY - reported;
    emulator.reported = baseY;
    this.observer.scrolledOff?.(rows);
  }

  private readRows(from: number, to: number): readonly Row[] {
    const { baseY } = this.emulator.normal;
    return readLines(this.emulator.normal, baseY + from, baseY + to, this.provenance, baseY);
  }

  /** After a throw the emulator takes no more input, so a new one goes on from an empty screen. */
  private recover(error: unknown): void {
    this.drain();
    if (this.onAlternate) this.observer.alternate?.('leave');
    const rows = this.normalRows();
    this.emulator.dispose();
    this.emulator = new Emulator(this.size);
    this.provenance.clear();
    this.startAnew();
    this.observer.fault?.(error, rows);
  }
}

const NOTHING = new Uint8Array(0);

/** Row effects after which text is read as before: movements in the row, insertions and erasures; colours. */
const KEEPS_ORDINARY = /^(?:\x1b\[[\d;:]*[@CDGIKPXZ`am]|\b )$/;

const ERASES_ROW = /K$/;
const BACK_WRAP = /\?45([hl])$/;

const MODE = /[hl]$/;

/** A lane costs a screen to enter and another to leave, as much as the emulator takes for some 8 KB. */
const MIN_LANE_BYTES = 8192;
const WORTHWHILE_BYTES = 16_384;
const MIN_LANE_WAIT = 256;
const MAX_LANE_WAIT = 262_144;
/** Where a screen has what the lane cannot keep, it will for a while. */
const LANE_RETRY_BYTES = 16_384;
/** How often the emulator's path looks whether the lane may be entered. */
const SLOW_STEP_BYTES = 8192;
/** The longest that can be incomplete, or a last character with colours after it. */
const MAX_LANE_CARRY = 128;

/** The emulator as it comes, with its faults; synchronous, and quiet. */
class Emulator {
  readonly scrollback: number;
  readonly widths: CharacterWidths;
  private readonly terminal: Terminal;
  private readonly writeSync: (bytes: Uint8Array) => void;
  private lineFeeds: number[] = [];
  /** How often anything scrolled, regions included. */
  scrolls = 0;
  /** Kept up by `switched`, since it is asked at every sequence. */
  onAlternate = false;
  /** Rows of its scrollback that were reported and not forgotten yet. */
  reported = 0;

  constructor({ cols, rows }: TerminalSize) {
    this.scrollback = Math.max(MIN_SCROLLBACK, Math.min(MAX_SCROLLBACK, Math.floor(SCROLLBACK_CELLS / cols)));
    this.terminal = new xterm.Terminal({
      cols,
      rows,
      scrollback: this.scrollback,
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.widths = new ClusterWidths(unicode11Widths());
    this.terminal.unicode.register(this.widths);
    this.terminal.unicode.activeVersion = this.widths.version;
    this.terminal.onLineFeed(() => {
      const { normal } = this;
      if (!this.onAlternate) this.lineFeeds.push(normal.baseY + normal.cursorY);
    });
    this.terminal.onScroll(() => {
      this.scrolls++;
    });
    this.writeSync = syncWriter(this.terminal);
  }

  get active(): IBuffer {
    return this.terminal.buffer.active;
  }

  get normal(): IBuffer {
    return this.terminal.buffer.normal;
  }

  get hasScrollback(): boolean {
    return this.normal.baseY > 0;
  }

  /** How many rows may scroll off before the first is lost. */
  get room(): number {
    return this.scrollback - this.reported;
  }

  write(bytes: Uint8Array): void {
    this.writeSync(bytes);
  }

  resize({ cols, rows }: TerminalSize): void {
    this.terminal.resize(cols, rows);
  }

  /** The row of the cursor after each line feed since the last call. */
  takeLineFeeds(): readonly number[] {
    const taken = this.lineFeeds;
    this.lineFeeds = [];
    return taken;
  }

  /** What was written may have changed to the other screen. */
  switched(): void {
    this.onAlternate = this.active.type === 'alternate';
  }

  /** What is written next erases the scrollback. */
  forgetting(): void {
    this.reported = 0;
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

const SLICE_BYTES = 32_768;
/** 12 bytes a cell: 6 MB of scrollback at most, and room for what one sequence can push off. */
const SCROLLBACK_CELLS = 500_000;
const MAX_SCROLLBACK = 2000;
const MIN_SCROLLBACK = 1100;
const ESC = 0x1b;
const DEL = 0x7f;
/** Marks that follow nothing, or a control that may have brought the cursor to the left edge. */
const MARK = /^\p{Mn}$/u;
const POSSIBLE_ORPHANS = /(?:^|(?<=\p{Cc}))\p{Mn}+/gu;
/** CUP or HVP without parameters, or to 1;1. */
const HOME = /^\x1b\[[01]?(?:;[01]?)?[Hf]$/;
const ERASE_SCROLLBACK = Buffer.from('\x1b[3J');

/** xterm's own minimum of columns; the maxima keep both screens within 100 MB. */
function emulatedSize({ cols, rows }: TerminalSize): TerminalSize {
  return { cols: Math.max(2, Math.min(cols, 4096)), rows: Math.max(1, Math.min(rows, 1024)) };
}

/** The widths that the addon would register with a terminal. */
function unicode11Widths(): CharacterWidths {
  let widths: CharacterWidths | undefined;
  const terminal = new xterm.Terminal({ cols: 2, rows: 1, allowProposedApi: true });
  Object.defineProperty(terminal, 'unicode', {
    value: {
      register: (provider: CharacterWidths) => {
        widths = provider;
      },
    },
  });
  new unicode11.Unicode11Addon().activate(terminal);
  terminal.dispose();
  if (widths === undefined)
    throw new Error('@xterm/addon-unicode11 registered no widths: it is not the version this was built for');
  return widths;
}

/**
 * `Terminal.write` parses in a timer, so that a screen cannot be asked between two bytes, and after a throw in there it
 * is dead without a word. The core's writeSync is what its own tests use; the dependency is pinned, and this checked.
 */
function syncWriter(terminal: Terminal): (bytes: Uint8Array) => void {
  const core: unknown = Reflect.get(terminal, '_core');
  if (!isSyncCore(core)) throw new Error('@xterm/headless has no writeSync: it is not the version this was built for');
  return (bytes) => {
    core.writeSync(bytes);
  };
}

function isSyncCore(core: unknown): core is { writeSync(bytes: Uint8Array): void } {
  return typeof core === 'object' && core !== null && 'writeSync' in core && typeof core.writeSync === 'function';
}

/** The rows `from` up to `to` of `buffer`; `origin` is the row that `provenance` counts from. */
function readLines(buffer: IBuffer, from: number, to: number, provenance: Provenance, origin: number): readonly Row[] {
  const rows: Row[] = [];
  for (let at = from; at < to; at++) {
    const line = buffer.getLine(at);
    if (line === undefined) break;
    const continues = at + 1 < buffer.length && buffer.getLine(at + 1)?.isWrapped === true;
    const text = continues ? continuedText(line) : line.translateToString(true);
    if (text.length > MAX_LIGHT_CELL * line.length) compact(line);
    rows.push({ text, wrapped: line.isWrapped, continues, ...provenance.of(at - origin) });
  }
  return rows;
}

/**
 * The emulator adds marks to a cell one by one, so that V8 keeps a tree of strings for it, a hundred bytes a mark, and the
 * emulator keeps rows that it forgot until it needs their place. Looking into such a string makes V8 lay it out flat.
 */
function compact(line: IBufferLine): void {
  for (let col = 0; col < line.length; col++) line.getCell(col)?.getChars().charCodeAt(0);
}

/** Code units a cell; text has hardly more than two. */
const MAX_LIGHT_CELL = 4;

/** A wide character that did not fit leaves one cell, which is no text; what was erased before a wrap is a gap. */
function continuedText(line: IBufferLine): string {
  const written = [line.length - 2, line.length - 1].some((col) => {
    const cell = line.getCell(col);
    return cell?.getCode() !== 0 || cell.getWidth() === 0;
  });
  return line.translateToString(written);
}

function runsOf(line: IBufferLine | undefined): readonly Run[] {
  const runs: Run[] = [];
  let width = 1;
  for (let col = 0; line !== undefined && col < line.length; col += Math.max(width, 1)) {
    const cell = line.getCell(col);
    if (cell === undefined) break;
    width = cell.getWidth();
    const text = cell.getChars() === '' ? ' ' : cell.getChars();
    const style = styleOf(cell);
    const last = runs.at(-1);
    if (last !== undefined && sameStyle(last.style, style)) {
      runs[runs.length - 1] = { text: last.text + text, width: last.width + width, style };
    } else runs.push({ text, width, style });
  }
  const last = runs.at(-1);
  if (last === undefined || !sameStyle(last.style, PLAIN)) return runs;
  const text = last.text.trimEnd();
  if (text === '') return runs.slice(0, -1);
  return [...runs.slice(0, -1), { ...last, text, width: last.width - (last.text.length - text.length) }];
}

function styleOf(cell: IBufferCell): Style {
  return {
    foreground: colorOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colorOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    invisible: cell.isInvisible() !== 0,
    strikethrough: cell.isStrikethrough() !== 0,
  };
}

function colorOf(isDefault: boolean, isRgb: boolean, value: number): Color {
  if (isDefault) return { type: 'default' };
  return isRgb ? { type: 'rgb', value } : { type: 'palette', index: value };
}

function indexOfLineFeed(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x0a || byte === 0x0b || byte === 0x0c) return at;
  }
  return -1;
}
