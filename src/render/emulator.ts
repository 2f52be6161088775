import type { TerminalSize } from '../core/size.js';
import type { CellBuffer } from './cell-buffer.js';
import type { CharacterWidths } from './cluster-widths.js';
import type { TerminalState } from './terminal-state.js';

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
  readonly widths: CharacterWidths;
  readonly write: (bytes: Uint8Array) => void;
  /** The same for what has nothing to do with the text: marks that come next go to the last character. */
  readonly writeAside: (bytes: Uint8Array) => void;
  /** See saveTerminal and restoreTerminal. */
  readonly save: (scrollback: boolean) => TerminalState;
  readonly restore: (state: TerminalState, styles: boolean) => void;
};

/** An emulator between two slices. */
export interface EmulatorState {
  readonly scrollback: number;
  readonly terminal: TerminalState;
}

/** The emulator as it comes, with its faults; synchronous, and quiet. */
export class Emulator {
  readonly scrollback: number;
  readonly widths: CharacterWidths;
  readonly write: (bytes: Uint8Array) => void;
  readonly writeAside: (bytes: Uint8Array) => void;
  /** How often anything scrolled, regions included. */
  scrolls = 0;
  /** Kept up by `switched`, since it is asked at every sequence. */
  onAlternate = false;
  /** Rows of its scrollback that were reported and not forgotten yet. */
  reported = 0;
  readonly #terminal: HeadlessTerminal;
  readonly #save: (scrollback: boolean) => TerminalState;
  #lineFeeds: number[] = [];

  /** `saved`: goes on from there, with colours where there are to be `styles`. */
  constructor(
    size: TerminalSize,
    open: OpenTerminal,
    saved?: { readonly state: EmulatorState; readonly styles: boolean },
  ) {
    this.scrollback =
      saved?.state.scrollback ??
      Math.max(MIN_SCROLLBACK, Math.min(MAX_SCROLLBACK, Math.floor(SCROLLBACK_CELLS / size.cols)));
    const { terminal, widths, write, writeAside, save, restore } = open(size, this.scrollback);
    this.#terminal = terminal;
    this.widths = widths;
    this.write = write;
    this.writeAside = writeAside;
    this.#save = save;
    if (saved !== undefined) {
      if (saved.state.terminal.alternate) write(ALTERNATE_SCREEN);
      restore(saved.state.terminal, saved.styles);
      this.switched();
      this.reported = this.normal.baseY;
    }
    terminal.onLineFeed(() => {
      const { normal } = this;
      if (!this.onAlternate) this.#lineFeeds.push(normal.baseY + normal.cursorY);
    });
    terminal.onScroll(() => {
      this.scrolls++;
    });
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
   * they are before anything looks for them; only a resize under the alternate screen may bring them back.
   */
  get state(): EmulatorState {
    return { scrollback: this.scrollback, terminal: this.#save(this.onAlternate) };
  }

  resize({ cols, rows }: TerminalSize): void {
    this.#terminal.resize(cols, rows);
  }

  /** The row of the cursor after each line feed since the last call. */
  takeLineFeeds(): readonly number[] {
    const taken = this.#lineFeeds;
    this.#lineFeeds = [];
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
    this.#terminal.dispose();
  }
}

const ALTERNATE_SCREEN = Buffer.from('\x1b[?47h');

/** 12 bytes a cell: 6 MB of scrollback at most, and room for what one sequence can push off. */
const SCROLLBACK_CELLS = 500_000;
const MAX_SCROLLBACK = 2000;
const MIN_SCROLLBACK = 1100;
