import { reason } from '../../core/errors.js';
import { type Resumables, resumeAll, saveAll } from '../../core/resumable.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { AlternateScreen, Line } from '../model/line.js';
import type { Row } from '../model/row.js';
import type { LineBatch } from '../model/text-lines.js';
import { RedrawFilter, type RedrawState } from '../redraw/redraw-filter.js';
import { Screen, type ScreenState } from '../screen/screen.js';
import type { ScreenObserver } from '../screen/screen-observer.js';
import { AltChoices, type AltChoicesState } from './alt-choices.js';
import { LeavingRows } from './leaving-rows.js';
import type { AssemblerState } from './line-assembler.js';

/** A screen, and the lines that are emitted when something happens on it: rows leave, it is erased, a frame is complete. */
export class ScreenLines {
  readonly screen: Screen;
  readonly alts: AltChoices;
  readonly rows: LeavingRows;
  readonly redraws: RedrawFilter;
  /** In the middle of a frame (DEC mode 2026). */
  inSynchronized = false;
  /** How often the whole normal screen was erased. */
  erasures = 0;
  readonly #options: LineOptions;

  /** Throws where `saved` is no state of this version's. */
  constructor(size: TerminalSize, options: LineOptions, saved?: ScreenLinesState) {
    const { alt, savable, styles, links } = options;
    this.#options = options;
    const observer = this.#observe(savable || alt === 'diff');
    this.screen =
      saved === undefined
        ? new Screen(size, { styles, links, observer })
        : Screen.resume(saved.screen, { styles, observer });
    this.redraws = new RedrawFilter(size, { styles });
    this.alts = new AltChoices(alt, savable, { heldAbove: () => this.redraws.held, styles });
    this.rows = new LeavingRows(this.alts, { endings: this.screen.provenance, styles });
    if (saved === undefined) return;
    resumeAll(this.#saved, saved);
    this.inSynchronized = saved.inSynchronized;
  }

  /** What it takes to go on from here, for one that is `savable`. */
  save(): ScreenLinesState {
    const screen = this.screen.save();
    this.#collect();
    return { screen, ...saveAll(this.#saved), inSynchronized: this.inSynchronized };
  }

  /** In this order: blocks of full-screen programs are resumed behind the lines that hold them back. */
  get #saved(): Resumables<NestedStates> {
    return { assembler: this.rows, redraws: this.redraws, byAlt: this.alts };
  }

  resize(size: TerminalSize): void {
    this.screen.resize(size);
    this.redraws.resized(size);
  }

  /** The lines emitted since the last call. */
  take(): readonly LineBatch[] {
    this.#collect();
    return this.alts.take();
  }

  /** Nothing comes any more: emits the lines still held, and those on the screen. */
  end(): void {
    this.screen.end();
    if (this.screen.onAlternate) this.#leaveAlternate();
    this.#collect();
    this.#closeWindow();
    this.redraws.end(this.#linesOfScreen(this.screen.normalRows()));
    this.screen.dispose();
    this.#collect();
    for (const lines of this.alts.all) lines.end();
  }

  /** `homing`: whether frames that end when the cursor goes home or up matter. */
  #observe(homing: boolean): ScreenObserver {
    const { savable, coloursFrom } = this.#options;
    return {
      coloursFrom: () => (this.redraws.holds ? 0 : coloursFrom),
      colouredLines: () => (savable ? this.redraws.recentLimit : 0),
      scrolledOff: (rows) => {
        this.#handOn(this.rows.linesOf(rows, this.screen.scrolledRows - rows.length));
      },
      linesLeft: (lines) => {
        const { screen } = this;
        if (this.alts.all.every(({ blocks }) => blocks.isEmpty)) {
          this.#collect();
          this.rows.passed(lines.endOffset);
          this.#handOn(lines);
        } else this.#handOn(this.rows.linesOf(lines.asRows(screen.cols), screen.scrolledRows - lines.rows));
      },
      erasing: (rows, overshoot) => {
        this.erasures++;
        this.#collect();
        this.#closeWindow();
        this.redraws.cleared(this.#linesOfScreen(rows), overshoot);
      },
      scrollbackErased: () => {
        this.redraws.scrollbackErased();
      },
      relaid: (moved) => {
        for (const { blocks } of this.alts.all) blocks.relaid(moved);
      },
      cut: (rows) => {
        this.rows.addCut(rows);
        this.#collect();
      },
      alternate: (event) => {
        if (event === 'enter') this.#enterAlternate();
        else if (event === 'erase') {
          this.#frame();
          const rows = this.screen.rows();
          for (const { frames } of this.alts.all) frames.erasing(rows);
        } else this.#leaveAlternate();
      },
      overshot: (rows) => {
        this.#collect();
        this.redraws.overshot(rows);
      },
      synchronized: (on, offset) => {
        this.inSynchronized = on;
        this.#collect();
        this.redraws.synchronized(on ? offset : undefined);
        if (!this.screen.onAlternate) return;
        if (!on) this.#frame();
        const rows = this.#rowsOnce();
        for (const { frames } of this.alts.all) frames.synchronizing(on, rows);
      },
      fault: (error, rows) => {
        this.#fault(error, rows);
      },
      ...(homing && {
        homing: () => {
          if (this.screen.onAlternate) this.#frame();
          else this.#windowFrame();
        },
      }),
    };
  }

  /** What is on the cursor's row, if anything, was read before the program that takes the screen now. */
  #enterAlternate(): void {
    const { row, col } = this.screen.normalCursor;
    for (const { frames, blocks } of this.alts.all) {
      frames.enter(this.screen.offset);
      blocks.enter(this.screen.scrolledRows + row + (col > 0 ? 1 : 0));
    }
  }

  #frame(): void {
    this.#collect();
    const rows = this.#rowsOnce();
    for (const lines of this.alts.all) lines.emitBlock(lines.frames.frame(rows, this.screen.offset));
  }

  /** A window of the normal screen may be complete. */
  #windowFrame(): void {
    this.#collect();
    let rows: readonly Row[] | undefined;
    const readOnce = (): readonly Row[] => (rows ??= this.screen.normalRows());
    for (const lines of this.alts.all) lines.emitWindow(lines.window.frame(readOnce, this.screen.scrolledRows));
  }

  /** The screen is about to go: what stands on it is emitted otherwise. */
  #closeWindow(): void {
    if (this.alts.all.every(({ window }) => !window.isOpen)) return;
    this.#windowFrame();
    for (const { window } of this.alts.all) window.close();
  }

  /** The rows as they are now, read when they are asked for, and once. */
  #rowsOnce(): () => readonly Row[] {
    let rows: readonly Row[] | undefined;
    return () => (rows ??= this.screen.rows());
  }

  #leaveAlternate(): void {
    this.#frame();
    this.#collect();
    const rows = this.screen.lastFrame();
    for (const lines of this.alts.all) {
      lines.emitBlock(lines.frames.leave(rows, this.screen.offset));
      lines.blocks.leave();
    }
  }

  #fault(error: unknown, rows: readonly Row[]): void {
    this.#handOn(this.#linesOfScreen(rows));
    const { offset } = this.screen;
    const text = `[the screen model failed here and continues with an empty screen: ${reason(error)}]`;
    const said: Line = { text, offset, endOffset: offset, final: true };
    this.rows.later([said]);
    this.#handOn([said]);
  }

  /** All of the normal screen, which is about to go. */
  #linesOfScreen(rows: readonly Row[]): readonly Line[] {
    return this.rows.linesOfScreen(rows, this.screen.scrolledRows);
  }

  #collect(): void {
    this.#handOn(this.rows.take());
  }

  #handOn(lines: LineBatch): void {
    this.redraws.add(lines);
    this.alts.emit(this.redraws.take());
  }
}

/** TranscriptOptions, with their defaults. */
export interface LineOptions {
  readonly alt: AlternateScreen;
  readonly savable: boolean;
  readonly styles: boolean;
  readonly links: boolean;
  /** Of lines that end in front of this offset nothing asks for the colours. */
  readonly coloursFrom: number;
}

interface NestedStates {
  readonly assembler: AssemblerState;
  readonly redraws: RedrawState;
  readonly byAlt: AltChoicesState;
}

export interface ScreenLinesState extends NestedStates {
  readonly screen: ScreenState;
  readonly inSynchronized: boolean;
}
