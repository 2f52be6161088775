import { reason } from '../core/errors.js';
import type { TerminalSize } from '../core/size.js';
import { AlternateBlocks, type HeldBlock } from './alternate-blocks.js';
import { AlternateFrames } from './alternate-frames.js';
import type { AlternateScreen, Line, RenderChunk } from './line.js';
import { LineAssembler } from './line-assembler.js';
import { inOne, RedrawFilter } from './redraw-filter.js';
import type { Row } from './row.js';
import { Screen } from './screen.js';
import type { ScreenObserver } from './screen-observer.js';

/**
 * Turns raw output into the lines a person would have read: what left the screen, each line once and in order, never to
 * change again. The lines depend on the bytes and the resizes between them alone, however they are cut, so live and
 * recorded output take this one path.
 */
export class Transcript {
  readonly #screen: Screen;
  readonly #alternate: AlternateFrames;
  readonly #blocks = new AlternateBlocks();
  readonly #assembler = new LineAssembler();
  readonly #redraws: RedrawFilter;
  #lines: (readonly Line[])[] = [];
  #inSynchronized = false;

  constructor(size: TerminalSize, options: TranscriptOptions = {}) {
    const alt = options.alt ?? 'final';
    this.#alternate = new AlternateFrames(alt);
    this.#redraws = new RedrawFilter(size.rows);
    this.#screen = new Screen(size, { styles: options.styles ?? false, observer: this.#observe(alt) });
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
    this.#redraws.resized(size.rows);
    return this.#take();
  }

  /** The recording ends: the lines still held, and those on the screen. Nothing may be pushed afterwards. */
  end(): readonly Line[] {
    this.#screen.end();
    if (this.#screen.onAlternate) this.#leaveAlternate();
    this.#collect();
    this.#redraws.end(this.#linesOfScreen(this.#screen.normalRows()));
    this.#screen.dispose();
    return this.#take().concat(this.#blocks.end());
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
      cursorRow: row,
      blocks: this.#blocks.held,
      upwardMoves: screen.upwardMoves,
      synchronized: this.#inSynchronized,
      endOffset: this.#assembler.end,
    };
  }

  #observe(alt: AlternateScreen): ScreenObserver {
    return {
      scrolledOff: (rows) => {
        this.#handOn(this.#linesOf(rows, this.#screen.scrolledRows - rows.length));
      },
      erasing: (rows) => {
        this.#collect();
        this.#redraws.cleared(this.#linesOfScreen(rows));
      },
      scrollbackErased: () => {
        this.#redraws.scrollbackErased();
      },
      cut: (rows) => {
        this.#assembler.addCut(rows);
        this.#collect();
      },
      alternate: (event) => {
        if (event === 'enter') this.#enterAlternate();
        else if (event === 'erase') {
          this.#frame();
          this.#alternate.erasing(this.#screen.rows());
        } else this.#leaveAlternate();
      },
      synchronized: (on) => {
        this.#inSynchronized = on;
        if (!this.#screen.onAlternate) return;
        if (!on) this.#frame();
        this.#alternate.synchronizing(on, () => this.#screen.rows());
      },
      fault: (error, rows) => {
        this.#fault(error, rows);
      },
      ...(alt === 'diff' && {
        homing: () => {
          this.#frame();
        },
      }),
    };
  }

  /** What is on the cursor's row, if anything, was read before the program that takes the screen now. */
  #enterAlternate(): void {
    const { row, col } = this.#screen.normalCursor;
    this.#alternate.enter(this.#screen.offset);
    this.#blocks.enter(this.#screen.scrolledRows + row + (col > 0 ? 1 : 0));
  }

  #frame(): void {
    this.#tellBlock(this.#alternate.frame(() => this.#screen.rows(), this.#screen.offset));
  }

  #leaveAlternate(): void {
    this.#frame();
    this.#tellBlock(this.#alternate.leave(this.#screen.rows(), this.#screen.offset));
    this.#blocks.leave();
  }

  #tellBlock(lines: readonly Line[]): void {
    this.#collect();
    this.#told(this.#blocks.add(lines));
  }

  #fault(error: unknown, rows: readonly Row[]): void {
    this.#handOn(this.#linesOfScreen(rows));
    const { offset } = this.#screen;
    const text = `[the screen model failed here and goes on from an empty screen: ${reason(error)}]`;
    const said: Line = { text, offset, endOffset: offset, final: true };
    this.#blocks.later([said]);
    this.#handOn([said]);
  }

  /** Rows that leave, the first of which is number `first`, as lines; blocks that are anchored to them come loose. */
  #linesOf(rows: readonly Row[], first: number): readonly Line[] {
    if (this.#blocks.isEmpty) {
      this.#assembler.add(rows);
      return this.#assembler.take();
    }
    const lines: Line[] = [];
    const take = (): void => {
      const taken = this.#assembler.take();
      this.#blocks.later(taken);
      lines.push(...taken);
    };
    let done = 0;
    for (let above = this.#blocks.rowsAbove(first); above < rows.length; above = this.#blocks.rowsAbove(first)) {
      this.#assembler.add(rows.slice(done, above));
      take();
      this.#blocks.leaveRow(this.#assembler.isOpen);
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
    this.#blocks.later(rest);
    while (this.#blocks.rowsAbove(0) !== Infinity) this.#blocks.leaveRow(false);
    return lines.concat(rest);
  }

  #handOn(lines: readonly Line[]): void {
    this.#redraws.add(lines);
    this.#told(this.#blocks.weave(this.#redraws.take()));
  }

  #told(lines: readonly Line[]): void {
    if (lines.length > 0) this.#lines.push(lines);
  }

  #collect(): void {
    const lines = this.#assembler.take();
    this.#blocks.later(lines);
    this.#handOn(lines);
  }

  #take(): readonly Line[] {
    this.#collect();
    const lines = this.#lines;
    this.#lines = [];
    return inOne(lines);
  }
}

export interface TranscriptOptions {
  /** What becomes of full-screen programs; default `final`. */
  readonly alt?: AlternateScreen;
  /** Lines keep their colours (`runs`), and take several times as long; default false. */
  readonly styles?: boolean;
}

/** The normal screen as it stands, though another may be shown, between what is final and what is to come. */
export interface LiveScreen {
  readonly rows: readonly Row[];
  /** The number, counted over the whole recording, of the first of `rows`. */
  readonly firstRow: number;
  /** Of the cursor, from 0, on the screen; where it was left while the alternate screen is on. */
  readonly cursorRow: number;
  /** What is told of full-screen programs, in the order of their rows. */
  readonly blocks: readonly HeldBlock[];
  readonly upwardMoves: number;
  /** In the middle of a frame (DEC mode 2026). */
  readonly synchronized: boolean;
  /** Where the last line above `rows` ended. */
  readonly endOffset: number;
}
