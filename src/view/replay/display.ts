import { displayWidth, truncate } from '../../core/terminal/display-width.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Frame, Window } from '../../render/model/frame.js';
import { helpFrame } from './help.js';
import { Painter, type Picture } from './painter.js';
import { Pan } from './pan.js';
import { promptLine } from './status-line.js';

/** The terminal that is painted on. */
export interface PaintedTerminal {
  readonly size: TerminalSize;
  /** It has taken all that was written. */
  readonly isReady: boolean;
  write(text: string): void;
}

/** The recording's screen, of which a window may be shown. */
interface ShownScreen {
  readonly size: TerminalSize;
  frame(window: Window): Frame;
}

/** What is to be seen. */
export interface View {
  readonly screen: ShownScreen;
  readonly showsHelp: boolean;
  /** What is typed; undefined: the line below the picture is the status. */
  readonly prompt: string | undefined;
  /** `clipped`: what of the screen is seen, where that is not all. */
  readonly status: (clipped: string | undefined) => string;
}

/**
 * Between two pictures, in milliseconds: a piece of output may be seen ten late, and a terminal takes far longer to draw more
 * than a hundred pictures a second.
 */
const PAINT_MS = 8;
/** How far a pan goes, in cells. */
const PAN_COLS = 8;
const PAN_ROWS = 2;

/** Paints the view on the user's terminal: no more often than one can see, and not before the last picture was taken. */
export class Display {
  readonly #terminal: PaintedTerminal;
  readonly #fit: ((size: TerminalSize) => void) | undefined;
  readonly #painter: Painter;
  readonly #pan = new Pan();
  #window: Window;
  #picture: Picture | undefined;
  /** There may be something to paint. */
  #isDirty = true;
  #paintedAt = Number.NEGATIVE_INFINITY;

  /** `fit` asks the terminal to take on the recording's size. */
  constructor(terminal: PaintedTerminal, fit?: (size: TerminalSize) => void) {
    this.#terminal = terminal;
    this.#fit = fit;
    this.#painter = new Painter(terminal.size);
    this.#window = { top: 0, left: 0, ...terminal.size };
  }

  /** The time of the clock at which what there is to paint may be; Infinity where there is nothing. */
  get paintAt(): number {
    return this.#isDirty ? this.#paintedAt + PAINT_MS : Infinity;
  }

  /** Pans by a number of steps. */
  pan(rows: number, cols: number): void {
    this.#pan.move(rows * PAN_ROWS, cols * PAN_COLS, this.#window);
  }

  followCursor(): void {
    this.#pan.followCursor();
  }

  /** The terminal is of another size, and what it shows is not known. */
  forget(): void {
    this.#picture = undefined;
    this.#painter.forget(this.#terminal.size);
  }

  /** There is something to paint, but what is to be seen is not there yet. */
  postpone(): void {
    this.#isDirty = true;
  }

  /** `isLast`: nothing comes that could be painted with it. */
  paint(view: View, now: number, isLast: boolean): void {
    this.#isDirty = true;
    if (!this.#terminal.isReady || (now < this.#paintedAt + PAINT_MS && !isLast)) return;
    this.#isDirty = false;
    this.#fit?.(view.screen.size);
    this.#picture = this.#pictureOf(view);
    const text = this.#painter.paint(this.#picture);
    if (text === '') return;
    this.#paintedAt = now;
    this.#terminal.write(text);
  }

  /** A status below the picture that was painted last, where the terminal has time for it. */
  paintStatus(status: string): void {
    if (this.#picture === undefined || !this.#terminal.isReady) return;
    const fitting = truncate(status, this.#terminal.size.cols);
    this.#terminal.write(this.#painter.paint({ ...this.#picture, status: fitting }));
  }

  #pictureOf({ screen, showsHelp, prompt, status }: View): Picture {
    const { cols, rows } = this.#terminal.size;
    const above = { cols, rows: Math.max(0, rows - 1) };
    const cursor = screen.frame({ top: 0, left: 0, cols: 0, rows: 0 }).cursor.row;
    this.#window = this.#pan.window(screen.size, above, cursor);
    const frame = showsHelp ? helpFrame(above) : screen.frame(this.#window);
    if (prompt !== undefined) return { frame, status: promptLine(prompt, cols), prompt: displayWidth(prompt) + 1 };
    return { frame, status: status(this.#clipped(screen.size)) };
  }

  #clipped({ cols, rows }: TerminalSize): string | undefined {
    const { top, left } = this.#window;
    const isWhole = cols <= this.#window.cols && rows <= this.#window.rows;
    return isWhole ? undefined : `${cols}x${rows} from ${left + 1},${top + 1}`;
  }
}
