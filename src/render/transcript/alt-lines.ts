import { AlternateBlocks, type BlocksState } from './alternate-blocks.js';
import { AlternateFrames, type FramesState } from './alternate-frames.js';
import type { AlternateScreen, Line } from '../model/line.js';
import { type LineBatch, TextLines } from '../model/text-lines.js';
import { RepaintedWindow, type WindowState } from './repainted-window.js';

/** The lines of a transcript as one choice of `alt` has them: those of the normal screen, and what that adds to them. */
export class AltLines {
  readonly alt: AlternateScreen;
  readonly frames: AlternateFrames;
  readonly blocks = new AlternateBlocks();
  readonly window: RepaintedWindow;
  /** How many lines were emitted. */
  count = 0;
  #lines: LineBatch[] = [];

  constructor(alt: AlternateScreen) {
    this.alt = alt;
    this.frames = new AlternateFrames(alt);
    this.window = new RepaintedWindow(alt);
  }

  /** Lines of the normal screen; blocks whose turn comes go in front of them. */
  emit(lines: LineBatch): void {
    // They came while no block was held: one that is now stands behind them.
    this.#add(lines instanceof TextLines ? lines : this.blocks.weave(lines));
  }

  /** Lines of a full-screen program, which may have to wait. */
  emitBlock(lines: readonly Line[]): void {
    this.#add(this.blocks.add(lines));
  }

  end(): void {
    this.#add(this.blocks.end());
  }

  /** The lines emitted since the last call. */
  take(): readonly LineBatch[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  /** `held`: see AlternateBlocks. */
  save(held: readonly Line[]): AltLinesState {
    return {
      frames: this.frames.state,
      blocks: this.blocks.save(held),
      window: this.window.state,
      count: this.count,
    };
  }

  resume({ frames, blocks, window, count }: AltLinesState, held: readonly Line[], styles: boolean): void {
    this.frames.resume(frames, styles);
    this.blocks.resume(blocks, held, styles);
    this.window.resume(window, styles);
    this.count = count;
  }

  #add(lines: LineBatch): void {
    if (lines.length === 0) return;
    this.#lines.push(lines);
    this.count += lines.length;
  }
}

export interface AltLinesState {
  readonly frames: FramesState;
  readonly blocks: BlocksState;
  readonly window: WindowState;
  /** How many lines were emitted. */
  readonly count: number;
}
