import type { Resumable } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import { resumeLine, type SavedLine, saveLine } from '../model/saved-line.js';

/**
 * Holds the lines of full-screen programs, and of windows (see RedrawnWindow), until their turn comes: behind what stood above the cursor when the
 * program took the screen. Those rows come back when it ends, and may still change, so they are emitted later than it ends.
 *
 * A block is anchored to the row that the cursor was on. When that row leaves the screen, the lines that were made of
 * the rows above have been handed on; the block follows them, in front of the first line that came later.
 */
export class AlternateBlocks implements Resumable<BlocksState> {
  #blocks: Block[] = [];
  /** The block of the program that has the screen. */
  #open: Block | undefined;
  #opened = 0;
  #heldLines = 0;

  readonly #heldAbove: () => readonly Line[];
  readonly #styles: boolean;

  /**
   * `heldAbove`: the lines that were made of rows and not emitted yet; resumed, they are those in the same order. `styles`: lines that are
   * resumed have their colours.
   */
  constructor({ heldAbove, styles }: BlocksOptions) {
    this.#heldAbove = heldAbove;
    this.#styles = styles;
  }

  save(): BlocksState {
    const held = this.#heldAbove();
    const saveState = (state: Block['state']): SavedBlockState => {
      if (state.type !== 'waiting') return { type: state.type };
      const later = held.flatMap((line, at) => (state.later.has(line) ? [at] : []));
      return { type: state.type, above: state.above, later };
    };
    const save = ({ id, row, lines, state }: Block): SavedBlock => ({
      id,
      row,
      lines: lines.map(saveLine),
      state: saveState(state),
    });
    const open = this.#open;
    return {
      blocks: this.#blocks.map(save),
      // One whose lines are emitted at once is not among them any more.
      open: open === undefined ? null : { ...save(open), lines: [] },
      opened: this.#opened,
    };
  }

  resume({ blocks, open, opened }: BlocksState): void {
    const held = this.#heldAbove();
    const resumeState = (state: SavedBlockState): Block['state'] => {
      if (state.type !== 'waiting') return state;
      return { ...state, later: new WeakSet(state.later.flatMap((at) => held[at] ?? [])) };
    };
    const resume = ({ id, row, lines, state }: SavedBlock): Block => ({
      id,
      row,
      lines: lines.map((line) => resumeLine(line, this.#styles)),
      state: resumeState(state),
    });
    this.#blocks = blocks.map(resume);
    this.#open = open === null ? undefined : (this.#blocks.find(({ id }) => id === open.id) ?? resume(open));
    this.#opened = opened;
    this.#heldLines = this.#blocks.reduce((count, { lines }) => count + lines.length, 0);
  }

  /** Rows have other numbers now, since they are laid out for another width. */
  relaid(moved: (row: number) => number): void {
    for (const block of this.#blocks) block.row = moved(block.row);
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  /** A program takes the screen, in front of row `row`, counted over the whole recording. */
  enter(row: number): void {
    this.#open = { id: this.#opened++, row, lines: [], state: { type: 'anchored' } };
    this.#blocks.push(this.#open);
  }

  /** More lines of the open block; gives those that are not to wait. */
  add(lines: readonly Line[]): readonly Line[] {
    const open = this.#open;
    return open === undefined || open.state.type === 'released' ? lines : this.#hold(open, lines);
  }

  /** Lines that went by in front of row `row`, counted over the whole recording; gives those that are not to wait. */
  insert(lines: readonly Line[], row: number): readonly Line[] {
    if (lines.length === 0) return lines;
    const before = this.#blocks.find(
      (block) => block.row === row && block.state.type === 'anchored' && block !== this.#open,
    );
    return this.#hold(before ?? this.#anchor(row), lines);
  }

  #anchor(row: number): Block {
    const block: Block = { id: this.#opened++, row, lines: [], state: { type: 'anchored' } };
    const below = this.#blocks.findIndex((other) => other.row > row);
    this.#blocks.splice(below === -1 ? this.#blocks.length : below, 0, block);
    return block;
  }

  #hold(block: Block, lines: readonly Line[]): readonly Line[] {
    block.lines.push(...lines);
    this.#heldLines += lines.length;
    return this.#heldLines > MAX_HELD_LINES ? this.#release(this.#blocks.length) : [];
  }

  /** The program gave the screen back. */
  leave(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open?.lines.length === 0) this.#blocks = this.#blocks.filter((block) => block !== open);
  }

  /** How many of the rows that leave, the first of which is number `first`, are above a block that has not moved yet. */
  rowsAbove(first: number): number {
    const next = this.#blocks.find((block) => block.state.type === 'anchored');
    return next === undefined ? Infinity : Math.max(0, next.row - first);
  }

  /** The rows above the next block have left. `pending`: one more line than was given to `later` is above it. */
  leaveRow(pending: boolean): void {
    const next = this.#blocks.find((block) => block.state.type === 'anchored');
    if (next !== undefined) next.state = { type: 'waiting', above: pending ? 1 : 0, later: new WeakSet() };
  }

  /** Lines that were made of rows that left; all before them were given before. */
  later(lines: readonly Line[]): void {
    for (const { state } of this.#blocks) {
      if (state.type !== 'waiting') continue;
      for (const line of lines.slice(state.above)) state.later.add(line);
      state.above = Math.max(0, state.above - lines.length);
    }
  }

  /** `lines`, which are emitted now, with the blocks whose turn comes. */
  weave(lines: readonly Line[]): readonly Line[] {
    if (this.#blocks.length === 0) return lines;
    return lines.flatMap((line) => {
      const due = this.#blocks.findLastIndex(({ state }) => state.type === 'waiting' && state.later.has(line)) + 1;
      return due === 0 ? [line] : [...this.#release(due), line];
    });
  }

  /** Nothing comes any more. */
  end(): readonly Line[] {
    return this.#release(this.#blocks.length);
  }

  /** What is held, for views that show it early. */
  get held(): readonly HeldBlock[] {
    return this.#blocks;
  }

  #release(count: number): readonly Line[] {
    const released = this.#blocks.splice(0, count);
    for (const block of released) {
      block.state = { type: 'released' };
      this.#heldLines -= block.lines.length;
    }
    return released.flatMap((block) => block.lines);
  }
}

export interface BlocksOptions {
  readonly heldAbove: () => readonly Line[];
  readonly styles: boolean;
}

/** The held lines of a full-screen program. */
export interface HeldBlock {
  /** Its number among all of the recording. */
  readonly id: number;
  /** The row it stands in front of, counted over the whole recording. */
  readonly row: number;
  /** Lines may be added to it. */
  readonly lines: readonly Line[];
}

interface Block extends HeldBlock {
  row: number;
  readonly lines: Line[];
  state:
    | { readonly type: 'anchored' | 'released' }
    /** The rows above have left: what is made of rows after the first `above` lines is `later`. */
    | { readonly type: 'waiting'; above: number; readonly later: WeakSet<Line> };
}

export interface BlocksState {
  readonly blocks: readonly SavedBlock[];
  readonly open: SavedBlock | null;
  readonly opened: number;
}

interface SavedBlock {
  readonly id: number;
  readonly row: number;
  readonly lines: readonly SavedLine[];
  readonly state: SavedBlockState;
}

type SavedBlockState =
  | { readonly type: 'anchored' | 'released' }
  | { readonly type: 'waiting'; readonly above: number; readonly later: readonly number[] };

/** A program whose rows are emitted one by one (`diff`) may run for days: what is more than this is not held, but emitted at once. */
const MAX_HELD_LINES = 1000;
