import { reason } from '../core/errors.js';
import type { TerminalSize } from '../core/size.js';
import { AlternateFrames } from './alternate-frames.js';
import type { AlternateScreen, Line } from './line.js';
import { LineAssembler } from './line-assembler.js';
import { RedrawFilter } from './redraw-filter.js';
import type { Row } from './row.js';
import { Screen, type ScreenObserver } from './screen.js';

/**
 * Turns raw output into the lines a person would have read: what left the screen, each line once and in order, never to
 * change again. The lines depend on the bytes and the resizes between them alone, however they are cut, so live and
 * recorded output take this one path.
 */
export class Transcript {
  private readonly screen: Screen;
  private readonly alternate: AlternateFrames;
  private readonly assembler = new LineAssembler();
  private readonly redraws: RedrawFilter;
  private lines: readonly Line[] = [];
  private inSynchronized = false;

  /** `alt`: what becomes of full-screen programs; `final` unless told. */
  constructor(size: TerminalSize, options: { readonly alt?: AlternateScreen } = {}) {
    const alt = options.alt ?? 'final';
    this.alternate = new AlternateFrames(alt);
    this.redraws = new RedrawFilter(size.rows);
    this.screen = new Screen(size, { observer: this.observe(alt) });
  }

  /** The lines that `bytes` made final. */
  push(bytes: Uint8Array): readonly Line[] {
    this.screen.write(bytes);
    return this.take();
  }

  resize(size: TerminalSize): readonly Line[] {
    this.screen.resize(size);
    this.redraws.resized(size.rows);
    return this.take();
  }

  /** The recording ends: the lines still held, and those on the screen. Nothing may be pushed afterwards. */
  end(): readonly Line[] {
    this.screen.end();
    if (this.screen.onAlternate) this.leaveAlternate();
    this.collect();
    this.assembler.addScreen(this.screen.normalRows());
    this.redraws.end(this.assembler.take());
    this.screen.dispose();
    return this.take();
  }

  /** What stands on the normal screen and is not final, for views that show it early. */
  live(): LiveScreen {
    const { screen } = this;
    return {
      rows: screen.onAlternate ? [] : screen.rows(),
      firstRow: screen.scrolledRows,
      cursorRow: screen.cursorRow,
      upwardMoves: screen.upwardMoves,
      synchronized: this.inSynchronized,
      endOffset: this.assembler.end,
    };
  }

  private observe(alt: AlternateScreen): ScreenObserver {
    return {
      scrolledOff: (rows) => {
        this.assembler.add(rows);
        this.collect();
      },
      erasing: (rows) => {
        this.collect();
        this.assembler.addScreen(rows);
        this.redraws.cleared(this.assembler.take());
      },
      scrollbackErased: () => {
        this.redraws.scrollbackErased();
      },
      cut: (rows) => {
        this.assembler.addCut(rows);
        this.collect();
      },
      alternate: (event) => {
        if (event === 'enter') this.alternate.enter(this.screen.offset);
        else if (event === 'erase') {
          this.frame();
          this.alternate.erasing(this.screen.rows());
        } else this.leaveAlternate();
      },
      synchronized: (on) => {
        this.inSynchronized = on;
        if (!this.screen.onAlternate) return;
        if (!on) this.frame();
        this.alternate.synchronizing(on, () => this.screen.rows());
      },
      fault: (error, rows) => {
        this.fault(error, rows);
      },
      ...(alt === 'diff' && {
        homing: () => {
          this.frame();
        },
      }),
    };
  }

  private frame(): void {
    this.collect();
    this.lines = this.lines.concat(this.alternate.frame(() => this.screen.rows(), this.screen.offset));
  }

  private leaveAlternate(): void {
    this.frame();
    this.lines = this.lines.concat(this.alternate.leave(this.screen.rows(), this.screen.offset));
  }

  private fault(error: unknown, rows: readonly Row[]): void {
    this.assembler.addScreen(rows);
    this.collect();
    const { offset } = this.screen;
    const text = `[the screen model failed here and goes on from an empty screen: ${reason(error)}]`;
    this.redraws.add([{ text, offset, endOffset: offset, final: true }]);
  }

  private collect(): void {
    this.redraws.add(this.assembler.take());
    const told = this.redraws.take();
    this.lines = this.lines.length === 0 ? told : this.lines.concat(told);
  }

  private take(): readonly Line[] {
    this.collect();
    const { lines } = this;
    this.lines = [];
    return lines;
  }
}

/** The normal screen as it stands, between what is final and what is to come. */
export interface LiveScreen {
  /** Empty while the alternate screen is on. */
  readonly rows: readonly Row[];
  /** The number, counted over the whole recording, of the first of `rows`. */
  readonly firstRow: number;
  /** Of the cursor, from 0, on the screen. */
  readonly cursorRow: number;
  readonly upwardMoves: number;
  /** In the middle of a frame (DEC mode 2026). */
  readonly synchronized: boolean;
  /** Where the last line above `rows` ended. */
  readonly endOffset: number;
}
