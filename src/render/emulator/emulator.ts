import type { TerminalSize } from '../../core/terminal/size.js';
import type { CellBuffer } from './cell-buffer.js';
import { Reflow } from './reflow.js';
import { resizeTerminal, screenLines, showRows } from './resize-terminal.js';
import {
  type InternalBuffer,
  type PenState,
  restorePen,
  restoreTerminal,
  savePen,
  saveTerminal,
  type TerminalInternals,
  type TerminalState,
} from './terminal-state.js';

/** A terminal without a window: what Emulator asks of @xterm/headless. */
export interface HeadlessTerminal {
  readonly buffer: { readonly active: CellBuffer; readonly normal: CellBuffer };
  onLineFeed(listener: () => void): unknown;
  onScroll(listener: () => void): unknown;
  resize(cols: number, rows: number): void;
  dispose(): void;
}

/** Opens a terminal with `scrollback` rows above its screen. `write` has done its work when it returns. */
export type OpenTerminal = (
  size: TerminalSize,
  scrollback: number,
) => {
  readonly terminal: HeadlessTerminal;
  readonly internals: TerminalInternals;
  readonly write: (bytes: Uint8Array) => void;
  /** The same for what has nothing to do with the text: marks that come next go to the last character. */
  readonly writeAside: (bytes: Uint8Array) => void;
};

/** An emulator between two slices. */
export interface EmulatorState {
  readonly scrollback: number;
  readonly normalSize: TerminalSize;
  readonly terminal: TerminalState;
}

/** The emulator as it comes, with its faults; synchronous, and quiet. */
export class Emulator {
  readonly scrollback: number;
  readonly write: (bytes: Uint8Array) => void;
  readonly writeAside: (bytes: Uint8Array) => void;
  /** How often anything scrolled, regions included. */
  scrolls = 0;
  /** Set by `switched`, since it is asked for at every sequence. */
  onAlternate = false;
  /** Rows of its scrollback that were reported and not forgotten yet. */
  reported = 0;
  readonly #terminal: HeadlessTerminal;
  readonly #internals: TerminalInternals;
  /** The size that the rows of the normal screen are laid out for. While the alternate one is on, it is the size from before. */
  #normalSize: TerminalSize;
  #size: TerminalSize;
  #lineFeeds: number[] = [];

  constructor(size: TerminalSize, open: OpenTerminal, scrollback = scrollbackOf(size)) {
    this.scrollback = scrollback;
    const { terminal, internals, write, writeAside } = open(size, this.scrollback);
    this.#terminal = terminal;
    this.#internals = internals;
    this.write = write;
    this.writeAside = writeAside;
    this.#size = size;
    this.#normalSize = size;
    terminal.onLineFeed(() => {
      const { normal } = this;
      if (!this.onAlternate) this.#lineFeeds.push(normal.baseY + normal.cursorY);
    });
    terminal.onScroll(() => {
      this.scrolls++;
    });
  }

  /** One that goes on from there, with colours where there are to be `styles`. */
  static resume(
    { scrollback, normalSize, terminal }: EmulatorState,
    size: TerminalSize,
    { open, styles }: { readonly open: OpenTerminal; readonly styles: boolean },
  ): Emulator {
    const emulator = new Emulator(size, open, scrollback);
    if (terminal.alternate) emulator.write(ALTERNATE_SCREEN);
    restoreTerminal(emulator.#internals, terminal, styles);
    emulator.#normalSize = normalSize;
    emulator.switched();
    emulator.reported = emulator.normal.baseY;
    return emulator;
  }

  get active(): CellBuffer {
    return this.#terminal.buffer.active;
  }

  get normal(): CellBuffer {
    return this.#terminal.buffer.normal;
  }

  get hasScrollback(): boolean {
    return this.normal.baseY > 0;
  }

  /** How many rows may scroll off before the first is lost. */
  get room(): number {
    return this.scrollback - this.reported;
  }

  /**
   * What it takes to go on from here, in another emulator. Rows of the normal screen that were reported are left out, as
   * they are before anything looks for them.
   */
  save(): EmulatorState {
    const { scrollback, normalSize } = this;
    return { scrollback, normalSize, terminal: saveTerminal(this.#internals) };
  }

  /** What the next character looks like. */
  get pen(): PenState {
    return savePen(this.#internals);
  }

  set pen(pen: PenState) {
    restorePen(this.#internals, pen, true);
  }

  get normalSize(): TerminalSize {
    return this.#normalSize;
  }

  /** The normal screen keeps its rows as they are, for `layOut`. */
  resize(size: TerminalSize): void {
    this.#size = size;
    resizeTerminal(this.#internals, size, (cols, rows) => {
      this.#terminal.resize(cols, rows);
    });
  }

  /** The first `count` rows of the normal screen as they are with the columns that the terminal has now; it still shows the old ones. */
  layOut(count: number): Reflow {
    return new Reflow(screenLines(this.#normalBuffer).slice(0, count), this.#size.cols);
  }

  /** Has the normal buffer be `count` rows of `layout` from `from` on, without a scrollback. */
  show(layout: Reflow, from: number, count: number): void {
    showRows(this.#normalBuffer, layout, from, count);
    this.reported = 0;
  }

  /** Has the normal screen, which has cut off the first rows of `layout` and gone to another size, show what is left. */
  settle(layout: Reflow, from: number): void {
    const buffer = this.#normalBuffer;
    const { rows } = this.#size;
    const placed = (y: number, x: number): { readonly row: number; readonly col: number } => {
      const { row, col } = layout.place(y, x);
      return { row: Math.max(0, Math.min(row - from, rows - 1)), col };
    };
    const cursor = placed(buffer.y, buffer.x);
    const saved = placed(buffer.savedY, buffer.savedX);
    this.show(layout, from, rows);
    buffer.x = cursor.col;
    buffer.y = cursor.row;
    buffer.savedX = saved.col;
    buffer.savedY = saved.row;
    this.#normalSize = this.#size;
  }

  /** The row of the cursor after each line feed since the last call. */
  takeLineFeeds(): readonly number[] {
    const taken = this.#lineFeeds;
    this.#lineFeeds = [];
    return taken;
  }

  /** To be called when the bytes written may have changed to the other screen. */
  switched(): void {
    this.onAlternate = this.active.type === 'alternate';
  }

  /** What was written reset the terminal. */
  restarted(): void {
    this.#normalSize = this.#size;
    this.switched();
  }

  /** What is written next erases the scrollback. */
  forgetting(): void {
    this.reported = 0;
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  get #normalBuffer(): InternalBuffer {
    return this.#internals._bufferService.buffers.normal;
  }
}

function scrollbackOf({ cols }: TerminalSize): number {
  return Math.max(MIN_SCROLLBACK, Math.min(MAX_SCROLLBACK, Math.floor(SCROLLBACK_CELLS / cols)));
}

const ALTERNATE_SCREEN = Buffer.from('\x1b[?47h');

/** 12 bytes a cell: 6 MB of scrollback at most, and room for what one sequence can push off. */
const SCROLLBACK_CELLS = 500_000;
const MAX_SCROLLBACK = 2000;
const MIN_SCROLLBACK = 1100;
