import { type Resumable, type Resumables, resumeAll, saveAll } from '../../core/resumable.js';
import { AlternateBlocks, type BlocksOptions, type BlocksState } from './alternate-blocks.js';
import { AlternateFrames, type FramesState } from './alternate-frames.js';
import type { AlternateScreen, Line } from '../model/line.js';
import { type LineBatch, TextLines } from '../model/text-lines.js';
import { RedrawnWindow, type WindowState } from './redrawn-window.js';

/** The lines of a transcript as one choice of `alt` has them: those of the normal screen, and what that adds to them. */
export class AltLines implements Resumable<AltLinesState> {
  readonly alt: AlternateScreen;
  readonly frames: AlternateFrames;
  readonly blocks: AlternateBlocks;
  readonly window: RedrawnWindow;
  /** How many lines were emitted. */
  count = 0;
  #lines: LineBatch[] = [];

  constructor(alt: AlternateScreen, options: BlocksOptions) {
    this.alt = alt;
    this.frames = new AlternateFrames(alt, options.styles);
    this.blocks = new AlternateBlocks(options);
    this.window = new RedrawnWindow(alt, options.styles);
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

  /** Lines that went by in a window, in front of row `row`. */
  emitWindow({ lines, row }: { readonly lines: readonly Line[]; readonly row: number }): void {
    this.#add(this.blocks.insert(lines, row));
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

  /** When all lines emitted were taken. */
  save(): AltLinesState {
    return { ...saveAll(this.#saved), count: this.count };
  }

  resume(state: AltLinesState): void {
    resumeAll(this.#saved, state);
    this.count = state.count;
  }

  get #saved(): Resumables<NestedStates> {
    const { frames, blocks, window } = this;
    return { frames, blocks, window };
  }

  #add(lines: LineBatch): void {
    if (lines.length === 0) return;
    this.#lines.push(lines);
    this.count += lines.length;
  }
}

interface NestedStates {
  readonly frames: FramesState;
  readonly blocks: BlocksState;
  readonly window: WindowState;
}

export interface AltLinesState extends NestedStates {
  /** How many lines were emitted. */
  readonly count: number;
}
