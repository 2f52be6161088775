import { reason } from '../../core/errors.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { HeldBlock } from './alternate-blocks.js';
import type { AlternateScreen, Line, RenderChunk } from '../model/line.js';
import { type AssemblerState, type Endings, LineAssembler } from './line-assembler.js';
import { RedrawFilter, type RedrawState } from '../redraw/redraw-filter.js';
import type { Redraws } from '../model/redrawn-rows.js';
import type { Row } from '../model/row.js';
import { Screen, type ScreenState } from '../screen/screen.js';
import type { ScreenObserver } from '../screen/screen-observer.js';
import { AltLines, type AltLinesState } from './alt-lines.js';

/**
 * Turns raw output into the lines a person would have read: what left the screen, each line once and in order, never to
 * change again. The lines depend on the bytes and the resizes between them alone, however they are cut, so live and
 * recorded output take this one path.
 */
export class Transcript {
  readonly #screen: Screen;
  readonly #assembler = new LineAssembler();
  readonly #redraws: RedrawFilter;
  /** The lines as `alt` has them; of a savable one as every choice does. */
  readonly #chosen: AltLines;
  readonly #every: Readonly<Record<AlternateScreen, AltLines>> | undefined;
  readonly #all: readonly AltLines[];
  /** Nobody asks for the colours of lines that end in front of this offset. */
  readonly #coloursFrom: number;
  #inSynchronized = false;
  #erasures = 0;

  constructor(size: TerminalSize, options: TranscriptOptions = {}, saved?: TranscriptState) {
    const { alt = 'final', savable = false } = options;
    const styles = savable || (options.styles ?? false);
    this.#coloursFrom = options.styles === true ? (options.stylesFrom ?? 0) : Infinity;
    this.#every = savable
      ? { final: new AltLines('final'), diff: new AltLines('diff'), none: new AltLines('none') }
      : undefined;
    this.#chosen = this.#every?.[alt] ?? new AltLines(alt);
    this.#all = this.#every === undefined ? [this.#chosen] : Object.values(this.#every);
    this.#redraws = new RedrawFilter(size, savable);
    const observer = this.#observe(savable, savable || alt === 'diff');
    this.#screen =
      saved === undefined
        ? new Screen(size, { styles, links: options.links ?? false, observer })
        : Screen.resume(saved.screen, { styles, observer });
    if (saved !== undefined) this.#goOnFrom(saved, { alt, styles });
  }

  /**
   * A transcript that goes on exactly from where a savable one was, whatever the `options`: what it is fed with gives the
   * lines that the other one would have given.
   *
   * Throws where `state` is no state of this version's.
   */
  static resume(state: TranscriptState, options: TranscriptOptions = {}): Transcript {
    return new Transcript(state.screen.size, options, state);
  }

  /**
   * What it takes to go on from here: a plain value, which JSON keeps. Bytes may follow in the middle of anything. Only a
   * transcript that is `savable` knows enough.
   */
  save(): TranscriptState {
    const every = this.#every;
    if (every === undefined) throw new RangeError('only a transcript with the option `savable` can be saved');
    const screen = this.#screen.save();
    this.#collect();
    const { held } = this.#redraws;
    return {
      screen,
      assembler: this.#assembler.save(this.#endings),
      redraws: this.#redraws.save(),
      byAlt: { final: every.final.save(held), diff: every.diff.save(held), none: every.none.save(held) },
      inSynchronized: this.#inSynchronized,
    };
  }

  /** The lines that `chunk` made final. */
  feed(chunk: RenderChunk): readonly Line[] {
    if (chunk instanceof Uint8Array) return this.push(chunk);
    if (chunk.type === 'resize') return this.resize(chunk);
    this.#screen.skip(chunk.bytes);
    return this.#take();
  }

  /** The lines that `bytes` made final. */
  push(bytes: Uint8Array): readonly Line[] {
    this.#screen.write(bytes);
    return this.#take();
  }

  resize(size: TerminalSize): readonly Line[] {
    this.#screen.resize(size);
    this.#redraws.resized(size);
    return this.#take();
  }

  /** The recording ends: the lines still held, and those on the screen. Nothing may be pushed afterwards. */
  end(): readonly Line[] {
    this.#screen.end();
    if (this.#screen.onAlternate) this.#leaveAlternate();
    this.#collect();
    this.#closeWindow();
    this.#redraws.end(this.#linesOfScreen(this.#screen.normalRows()));
    this.#screen.dispose();
    this.#collect();
    for (const lines of this.#all) lines.end();
    return this.#take();
  }

  /** The rows of the alternate screen; undefined while that is not on. */
  get alternateRows(): readonly Row[] | undefined {
    return this.#screen.onAlternate ? this.#screen.rows() : undefined;
  }

  /** What stands on the normal screen and is not final, for views that show it early. */
  live(): LiveScreen {
    const screen = this.#screen;
    const { row } = screen.normalCursor;
    return {
      rows: screen.normalRows(),
      firstRow: screen.scrolledRows,
      waiting: this.#redraws.recent,
      openRows: this.#assembler.openRows,
      cursorRow: row,
      blocks: this.#chosen.blocks.held,
      synchronized: this.#inSynchronized,
      endOffset: this.#assembler.end,
    };
  }

  /** What was drawn over on the normal screen since the last call. */
  takeRedraws(): Redraws {
    return this.#screen.takeRedraws();
  }

  /** How often the whole normal screen was erased. */
  get erasures(): number {
    return this.#erasures;
  }

  /** The number, counted over the whole recording, of the row that the cursor of the normal screen is on. */
  get cursorRow(): number {
    const { row } = this.#screen.normalCursor;
    return this.#screen.scrolledRows + row;
  }

  /** `homing`: whether frames that end when the cursor goes home matter. */
  #observe(savable: boolean, homing: boolean): ScreenObserver {
    return {
      coloursFrom: () => (this.#redraws.holds ? 0 : this.#coloursFrom),
      colouredLines: () => (savable ? this.#redraws.recentLimit : 0),
      scrolledOff: (rows) => {
        this.#handOn(this.#linesOf(rows, this.#screen.scrolledRows - rows.length));
      },
      erasing: (rows, overshoot) => {
        this.#erasures++;
        this.#collect();
        this.#closeWindow();
        this.#redraws.cleared(this.#linesOfScreen(rows), overshoot);
      },
      scrollbackErased: () => {
        this.#redraws.scrollbackErased();
      },
      relaid: (moved) => {
        for (const { blocks } of this.#all) blocks.relaid(moved);
      },
      cut: (rows) => {
        this.#assembler.addCut(rows);
        this.#collect();
      },
      alternate: (event) => {
        if (event === 'enter') this.#enterAlternate();
        else if (event === 'erase') {
          this.#frame();
          const rows = this.#screen.rows();
          for (const { frames } of this.#all) frames.erasing(rows);
        } else this.#leaveAlternate();
      },
      overshot: (rows) => {
        this.#collect();
        this.#redraws.overshot(rows);
      },
      synchronized: (on, offset) => {
        this.#inSynchronized = on;
        this.#collect();
        this.#redraws.synchronized(on ? offset : undefined);
        if (!this.#screen.onAlternate) return;
        if (!on) this.#frame();
        const rows = this.#rowsOnce();
        for (const { frames } of this.#all) frames.synchronizing(on, rows);
      },
      fault: (error, rows) => {
        this.#fault(error, rows);
      },
      ...(homing && {
        homing: () => {
          if (this.#screen.onAlternate) this.#frame();
          else this.#windowFrame();
        },
      }),
    };
  }

  /** What is on the cursor's row, if anything, was read before the program that takes the screen now. */
  #enterAlternate(): void {
    const { row, col } = this.#screen.normalCursor;
    for (const { frames, blocks } of this.#all) {
      frames.enter(this.#screen.offset);
      blocks.enter(this.#screen.scrolledRows + row + (col > 0 ? 1 : 0));
    }
  }

  #frame(): void {
    this.#collect();
    const rows = this.#rowsOnce();
    for (const lines of this.#all) lines.emitBlock(lines.frames.frame(rows, this.#screen.offset));
  }

  /** A window of the normal screen may be complete. */
  #windowFrame(): void {
    this.#collect();
    let rows: readonly Row[] | undefined;
    const readOnce = (): readonly Row[] => (rows ??= this.#screen.normalRows());
    for (const lines of this.#all) lines.emit(lines.window.frame(readOnce, this.#screen.scrolledRows));
  }

  /** The screen is about to go: what stands on it is emitted otherwise. */
  #closeWindow(): void {
    if (this.#all.every(({ window }) => !window.isOpen)) return;
    this.#windowFrame();
    for (const { window } of this.#all) window.close();
  }

  /** The rows as they are now, read when they are asked for, and once. */
  #rowsOnce(): () => readonly Row[] {
    let rows: readonly Row[] | undefined;
    return () => (rows ??= this.#screen.rows());
  }

  #leaveAlternate(): void {
    this.#frame();
    this.#collect();
    const rows = this.#screen.lastFrame();
    for (const lines of this.#all) {
      lines.emitBlock(lines.frames.leave(rows, this.#screen.offset));
      lines.blocks.leave();
    }
  }

  #fault(error: unknown, rows: readonly Row[]): void {
    this.#handOn(this.#linesOfScreen(rows));
    const { offset } = this.#screen;
    const text = `[the screen model failed here and continues with an empty screen: ${reason(error)}]`;
    const said: Line = { text, offset, endOffset: offset, final: true };
    this.#later([said]);
    this.#handOn([said]);
  }

  /** Rows that leave, the first of which is number `first`, as lines; blocks that are anchored to them come loose. */
  #linesOf(rows: readonly Row[], first: number): readonly Line[] {
    if (this.#all.every(({ blocks }) => blocks.isEmpty)) {
      this.#assembler.add(rows);
      return this.#assembler.take();
    }
    const lines: Line[] = [];
    const take = (): void => {
      const taken = this.#assembler.take();
      this.#later(taken);
      lines.push(...taken);
    };
    const nextAbove = (): number => Math.min(...this.#all.map(({ blocks }) => blocks.rowsAbove(first)));
    let done = 0;
    for (let above = nextAbove(); above < rows.length; above = nextAbove()) {
      this.#assembler.add(rows.slice(done, above));
      take();
      for (const { blocks } of this.#all) {
        if (blocks.rowsAbove(first) === above) blocks.leaveRow(this.#assembler.isOpen);
      }
      done = Math.max(done, above);
    }
    this.#assembler.add(done === 0 ? rows : rows.slice(done));
    take();
    return lines;
  }

  /** All of the normal screen, which is about to go. */
  #linesOfScreen(rows: readonly Row[]): readonly Line[] {
    const last = rows.findLastIndex((row) => row.text.trimEnd() !== '');
    const lines = this.#linesOf(rows.slice(0, last + 1), this.#screen.scrolledRows);
    this.#assembler.finish();
    const rest = this.#assembler.take();
    this.#later(rest);
    for (const { blocks } of this.#all) while (blocks.rowsAbove(0) !== Infinity) blocks.leaveRow(false);
    return lines.concat(rest);
  }

  #later(lines: readonly Line[]): void {
    for (const { blocks } of this.#all) blocks.later(lines);
  }

  #handOn(lines: readonly Line[]): void {
    this.#redraws.add(lines);
    const emitted = this.#redraws.take();
    for (const some of this.#all) some.emit(emitted);
  }

  #collect(): void {
    const lines = this.#assembler.take();
    this.#later(lines);
    this.#handOn(lines);
  }

  #take(): readonly Line[] {
    this.#collect();
    // What nobody asked for is only counted.
    for (const lines of this.#all) if (lines !== this.#chosen) lines.take();
    return this.#chosen.take();
  }

  #goOnFrom(
    saved: TranscriptState,
    { alt, styles }: { readonly alt: AlternateScreen; readonly styles: boolean },
  ): void {
    this.#assembler.resume(saved.assembler, { provenance: this.#endings, styles });
    this.#redraws.resume(saved.redraws, styles);
    this.#inSynchronized = saved.inSynchronized;
    const { held } = this.#redraws;
    if (this.#every === undefined) this.#chosen.resume(saved.byAlt[alt], held, styles);
    else for (const each of ALTS) this.#every[each].resume(saved.byAlt[each], held, styles);
  }

  get #endings(): Endings {
    const { provenance } = this.#screen;
    return {
      save: (ending) => provenance.saveEnding(ending),
      resume: (ending) => provenance.resumeEnding(ending),
    };
  }
}

const ALTS = ['final', 'diff', 'none'] as const;

/** Of what a state is made of and what it means; to be raised whenever either changes, or lines come out otherwise. */
export const TRANSCRIPT_STATE_VERSION = 6;

/** A transcript as a plain value; what is in it is for this version alone. */
export interface TranscriptState {
  readonly screen: ScreenState;
  readonly assembler: AssemblerState;
  readonly redraws: RedrawState;
  /** For each choice of `alt`; `count` lines were emitted with it. */
  readonly byAlt: Readonly<Record<AlternateScreen, AltLinesState>>;
  readonly inSynchronized: boolean;
}

export interface TranscriptOptions {
  /** What becomes of full-screen programs; default `final`. */
  readonly alt?: AlternateScreen;
  /** Lines keep their colours (`runs`), and take several times as long; default false. */
  readonly styles?: boolean;
  /** Keep where text leads in `runs`, and nothing else there; as fast as without until the first link comes. */
  readonly links?: boolean;
  /** Those that end in front of this offset need not; default 0. */
  readonly stylesFrom?: number;
  /** It can be saved, for a transcript with any options to go on from; that takes as much time again. Default false. */
  readonly savable?: boolean;
}

/** The normal screen as it stands, though another may be shown, between what is final and what is to come. */
export interface LiveScreen {
  readonly rows: readonly Row[];
  /** The number, counted over the whole recording, of the first of `rows`. */
  readonly firstRow: number;
  /** The lines above them that only wait to be final, in their order. */
  readonly waiting: readonly Line[];
  /** So many rows between those and `rows` are the beginning of a line that goes on in `rows`. */
  readonly openRows: number;
  /** Of the cursor, from 0, on the screen; where it was left while the alternate screen is on. */
  readonly cursorRow: number;
  /** The lines of full-screen programs, in the order of their rows. */
  readonly blocks: readonly HeldBlock[];
  /** In the middle of a frame (DEC mode 2026). */
  readonly synchronized: boolean;
  /** Where the last line above `rows` ended. */
  readonly endOffset: number;
}
