import { type Resumable, type Resumables, resumeAll, saveAll } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import { type LineBatch, linesOf, TextLines } from '../model/text-lines.js';
import { LineEmitter, type EmitterState } from './line-emitter.js';
import { PictureEmitter } from './picture-emitter.js';
import { hasOutgrown, liveLinesOf } from './picture-limits.js';
import { PictureLine } from './picture-line.js';
import { RecentLines, type RecentLinesState } from './recent-lines.js';
import { RedrawCycle, type RedrawCycleState, type RedrawCycleType } from './redraw-cycle.js';

/**
 * Keeps what a program draws again from being emitted again.
 *
 * What stood on the screen before a clear, and what had scrolled off since the one before, is held as the *old picture* until
 * the *new picture* is complete: at the next clear, at the end, or when it has grown too long to be one. What stands in both is
 * emitted once, with the new one; what stood in the old one alone was read, and is emitted first. Only an earlier state of a
 * line that stands in the new one (a counter, a spinner: see line-state.ts) is left out.
 *
 * Three things change what a picture is. ED 3 says that the scrollback is to be printed again too: then what has been emitted
 * already is matched, and skipped. A cursor that is moved up by more rows than there are above it says how many of the rows
 * that have scrolled off are a frame's own; so what scrolled off last waits for that. And what scrolls off in the synchronized update that wrote it may be the
 * first frame of a program that goes on so.
 */
export class RedrawFilter implements Resumable<RedrawState> {
  #size: Size;
  readonly #lines = new LineEmitter();
  readonly #pictures: PictureEmitter;
  /** Lines that scrolled off while no picture was open, and were not emitted yet. */
  readonly #recent: RecentLines;
  #scrollbackGone = false;
  /** Undefined while no picture is open: lines are emitted as they come. */
  #cycle: RedrawCycle | undefined;
  /** Rows above the screen that the cursor would have been moved to, and that are drawn again from here on. */
  #raised = 0;
  /** Where the synchronized update began that is not over. */
  #updateFrom: number | undefined;
  /** The width has changed since the picture was begun. */
  #widthChanged = false;

  readonly #styles: boolean;

  /** `styles`: lines that are resumed have their colours. */
  constructor({ cols, rows }: Size, { styles = false } = {}) {
    this.#size = { cols, rows };
    this.#styles = styles;
    this.#recent = new RecentLines(styles);
    this.#pictures = new PictureEmitter(this.#lines);
  }

  resized({ cols, rows }: Size): void {
    if (cols !== this.#size.cols) {
      this.#widthChanged = true;
      if (this.#cycle !== undefined) this.#cycle.rewrapped = true;
    }
    this.#size = { cols, rows };
  }

  /** Lines that come now may be held. */
  get holds(): boolean {
    return this.#cycle !== undefined || this.#raised > 0 || this.#updateFrom !== undefined;
  }

  /** The lines that are held, in the order that they have after `resume` too. */
  get held(): readonly Line[] {
    const picture = this.#cycle === undefined ? [] : [...this.#cycle.old, ...this.#cycle.fresh];
    return [...this.#recent.all, ...picture.map(({ line }) => line)];
  }

  /** How many lines wait at most because they might be the head of a frame. */
  get recentLimit(): number {
    return this.#liveLines;
  }

  /** Those of them that scrolled off last, and are only held because they might be the head of a frame. */
  get recent(): readonly Line[] {
    return this.#recent.all;
  }

  /** The readable lines of the old picture that were emitted, without their white space: of equal lines of the new one as many are not. */
  get emittedBefore(): readonly string[] {
    const old = this.#cycle?.old ?? [];
    return old.flatMap(({ emitted, hasLetters, condensed }) => (emitted && hasLetters ? [condensed] : []));
  }

  /** When all lines emitted were taken. */
  save(): RedrawState {
    return {
      size: this.#size,
      ...saveAll(this.#saved),
      scrollbackGone: this.#scrollbackGone,
      cycle: this.#cycle?.save() ?? null,
      raised: this.#raised,
      updateFrom: this.#updateFrom ?? null,
      widthChanged: this.#widthChanged,
    };
  }

  resume(state: RedrawState): void {
    this.#size = state.size;
    resumeAll(this.#saved, state);
    const { document } = this.#lines;
    this.#scrollbackGone = state.scrollbackGone;
    this.#cycle = state.cycle === null ? undefined : RedrawCycle.resume(document, state.cycle, this.#styles);
    this.#raised = state.raised;
    this.#updateFrom = state.updateFrom ?? undefined;
    this.#widthChanged = state.widthChanged;
  }

  get #saved(): Resumables<NestedStates> {
    return { emitter: this.#lines, recent: this.#recent };
  }

  /** Lines that left the screen at the top. */
  add(batch: LineBatch): void {
    if (batch.length === 0) return;
    this.#scrollbackGone = false;
    this.#raise();
    if (this.#cycle === undefined && this.#updateFrom === undefined) {
      this.#emitLater(batch);
      return;
    }
    for (let from = 0; from < batch.length; from += PIECE_LINES) {
      const some = batch.slice(from, from + PIECE_LINES);
      const held = this.#hold(some instanceof TextLines ? some.lines() : some);
      if (held === some.length) continue;
      this.#emitLater(batch.slice(from + held));
      return;
    }
  }

  /** Takes `lines` as long as some may be held; gives how many it took. */
  #hold(lines: readonly Line[]): number {
    // Line by line, so that what is released does not depend on how many come at once.
    for (const [index, line] of lines.entries()) {
      this.#holdUpdate(line);
      if (this.#cycle !== undefined) this.#see(this.#cycle, line);
      else if (this.#updateFrom === undefined) return index;
      else this.#emitLater([line]);
    }
    return lines.length;
  }

  /**
   * The lines of the screen, which is about to be erased. `overshoot`: the cursor was moved up beyond it by that many rows, which
   * makes the screen the rest of a frame that begins above it.
   */
  cleared(screen: readonly Line[], overshoot = 0): void {
    // A move by far more rows than a frame has is one to the top of the screen, whatever stands there.
    if (overshoot > this.#liveLines) this.#raised = 0;
    else if (overshoot > 0 && !this.#scrollbackGone) {
      this.#raised = overshoot;
      this.#raise(screen);
      return;
    }
    this.#raise();
    const before = this.#cycle;
    const type = this.#scrollbackGone ? 'all' : 'screen';
    if (before === undefined) {
      const above = type === 'all' ? linesOf(this.#recent.take()) : [];
      this.#begin(type, { old: [...above.map(scrolledLine), ...screen.map((line) => new PictureLine(line, false))] });
    } else if (!before.sawNothing || screen.length > 0) this.#begin(type, this.#settle(before, screen));
    else if (before.type === 'raised') this.#begin(type, before);
  }

  /** ED 3: the scrollback is gone, so all that was emitted may come again; at once, or when the screen goes too. */
  scrollbackErased(): void {
    this.#scrollbackGone = true;
    const cycle = this.#cycle;
    if (cycle?.sawNothing !== true) return;
    const { old, recurs, rewrapped } = cycle;
    this.#begin('all', { old: [...linesOf(this.#recent.take()).map(scrolledLine), ...old], recurs, rewrapped });
  }

  /** The cursor was moved up to the top of the screen, and then by `rows` rows more, in one go. */
  overshot(rows: number): void {
    this.#raised = rows;
  }

  /** A synchronized update begins at the offset `from`; or has ended. */
  synchronized(from: number | undefined): void {
    this.#updateFrom = from;
    if (from === undefined && this.#cycle !== undefined) this.#releaseGrown(this.#cycle);
  }

  /** The recording ends with these lines on the screen. */
  end(screen: readonly Line[]): void {
    this.#raise();
    this.#emitRecent();
    if (this.#cycle === undefined) this.#lines.emit(screen);
    else this.#lines.emitPicture(this.#settle(this.#cycle, screen).old);
    this.#cycle = undefined;
  }

  /** The lines emitted since the last call. */
  take(): readonly LineBatch[] {
    return this.#lines.take();
  }

  #begin(type: RedrawCycleType, { old, recurs = false, rewrapped = false }: Beginning): void {
    this.#cycle = new RedrawCycle(type, old, this.#lines.document, { recurs });
    this.#cycle.rewrapped = rewrapped || this.#widthChanged;
    this.#widthChanged = false;
  }

  get #liveLines(): number {
    return liveLinesOf(this.#size.rows);
  }

  #see(cycle: RedrawCycle, line: Line): void {
    this.#emitRecent();
    cycle.see(new PictureLine(line, true), this.#liveLines);
    this.#releaseGrown(cycle);
  }

  /** A line that was written in the update it leaves in is held, since a frame that goes beyond the screen looks so. */
  #holdUpdate(line: Line): void {
    if (this.#cycle?.type === 'update' && !this.#isOfUpdate(this.#cycle)) this.#release(this.#cycle);
    if (this.#cycle === undefined && this.#updateFrom !== undefined && line.endOffset > this.#updateFrom) {
      this.#emitRecent();
      this.#begin('update', { old: [] });
    }
  }

  /** Whether what it holds was written in an update that is not over. */
  #isOfUpdate(cycle: RedrawCycle): boolean {
    const [first] = cycle.fresh;
    return this.#updateFrom !== undefined && (first === undefined || first.line.endOffset > this.#updateFrom);
  }

  /**
   * What the cursor was moved up beyond is a frame's own, and is drawn again: it is the old picture now, with the lines of the
   * screen where that is erased as well.
   */
  #raise(screen: readonly Line[] = []): void {
    const rows = this.#raised;
    if (rows === 0) return;
    this.#raised = 0;
    const rest = screen.map((line) => new PictureLine(line, false));
    const own = this.#cycle === undefined ? this.#raisedLines(rows) : [];
    this.#emitRecent();
    const old =
      this.#cycle === undefined ? [...own, ...rest] : this.#pictures.raise(this.#cycle, rows, rest, this.#liveLines);
    this.#begin('raised', { old });
  }

  /** The lines that took the last `rows` rows above the screen, while no picture is open. */
  #raisedLines(rows: number): readonly PictureLine[] {
    const own = this.#recent.takeLast(rows).map(scrolledLine);
    return own.length === 0 ? this.#lines.document.last(rows).map(emittedLine) : own;
  }

  #releaseGrown(cycle: RedrawCycle): void {
    const inUpdate = this.#updateFrom !== undefined;
    if (hasOutgrown(cycle, { rows: this.#size.rows, inUpdate })) this.#release(cycle);
  }

  #release(cycle: RedrawCycle): void {
    if (this.#pictures.release(cycle, this.#liveLines) === 'ended') this.#cycle = undefined;
  }

  /** Ends `cycle` with `screen` as the last lines of its picture; see PictureEmitter. */
  #settle(cycle: RedrawCycle, screen: readonly Line[]): Beginning {
    this.#emitRecent();
    return this.#pictures.settle(cycle, screen, this.#liveLines);
  }

  /** What waited may be printed again only where ED 3 comes with the clear: else it is above the new picture, and stays. */
  #emitRecent(): void {
    this.#emitAll(this.#recent.take());
  }

  #emitLater(lines: LineBatch): void {
    this.#emitAll(this.#recent.add(lines, this.#liveLines));
  }

  #emitAll(batches: readonly LineBatch[]): void {
    for (const lines of batches) this.#lines.emit(lines);
  }
}

/** How many lines of a batch become objects at once while a picture is held, most of which end soon. */
const PIECE_LINES = 64;

type Size = { readonly cols: number; readonly rows: number };

interface NestedStates {
  readonly emitter: EmitterState;
  readonly recent: RecentLinesState;
}

export interface RedrawState extends NestedStates {
  readonly size: Size;
  readonly scrollbackGone: boolean;
  readonly cycle: RedrawCycleState | null;
  readonly raised: number;
  readonly updateFrom: number | null;
  readonly widthChanged: boolean;
}

/** What is known when a picture is begun. */
interface Beginning {
  readonly old: readonly PictureLine[];
  /** The old picture has most of the one before it: so the new one will, of the old one. */
  readonly recurs?: boolean;
  readonly rewrapped?: boolean;
}

function scrolledLine(line: Line): PictureLine {
  return new PictureLine(line, true);
}

function emittedLine(text: string): PictureLine {
  const line = new PictureLine({ text, offset: 0, endOffset: 0, final: true }, true);
  line.emitted = true;
  return line;
}
