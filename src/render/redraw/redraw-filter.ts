import { EmittedLines, type EmittedLinesState } from './emitted-lines.js';
import { Epoch, type EpochState, type EpochType } from './epoch.js';
import type { Line } from '../model/line.js';
import { firstOfLastRows } from '../model/line-rows.js';
import { PictureLine } from './picture-line.js';
import { RecentLines, type RecentLinesState } from './recent-lines.js';
import type { Replacement } from './replacement.js';

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
export class RedrawFilter {
  #size: { readonly cols: number; readonly rows: number };
  readonly #savable: boolean;
  #out: (readonly Line[])[] = [];
  /** What has been emitted since the last picture that was new altogether, as the program would print it again. */
  #document = new EmittedLines();
  #documentChars = 0;
  /** Lines that scrolled off while no picture was open, and were not emitted yet. */
  readonly #recent = new RecentLines();
  #scrollbackGone = false;
  /** Undefined while no picture is open: lines are emitted as they come. */
  #epoch: Epoch | undefined;
  /** Rows above the screen that the cursor would have been moved to, and that are drawn again from here on. */
  #raised = 0;
  /** Where the synchronized update began that is not over. */
  #updateFrom: number | undefined;
  /** The width has changed since the picture was begun. */
  #widthChanged = false;

  /** `savable`: what is emitted is not kept as it was, since lines with their colours hold on to much more. */
  constructor(size: { readonly cols: number; readonly rows: number }, savable = false) {
    this.#size = { cols: size.cols, rows: size.rows };
    this.#savable = savable;
  }

  resized(size: { readonly cols: number; readonly rows: number }): void {
    if (size.cols !== this.#size.cols) {
      this.#widthChanged = true;
      if (this.#epoch !== undefined) this.#epoch.rewrapped = true;
    }
    this.#size = { cols: size.cols, rows: size.rows };
  }

  /** Lines that come now may be held. */
  get holds(): boolean {
    return this.#epoch !== undefined || this.#raised > 0 || this.#updateFrom !== undefined;
  }

  /** The lines that are held, in the order in which `resume` gives theirs. */
  get held(): readonly Line[] {
    const picture = this.#epoch === undefined ? [] : [...this.#epoch.old, ...this.#epoch.fresh];
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

  /** What it takes to go on from here, when all lines emitted were taken. */
  save(): RedrawState {
    return {
      size: this.#size,
      document: this.#document.state,
      documentChars: this.#documentChars,
      recent: this.#recent.state,
      scrollbackGone: this.#scrollbackGone,
      epoch: this.#epoch?.save() ?? null,
      raised: this.#raised,
      updateFrom: this.#updateFrom ?? null,
      widthChanged: this.#widthChanged,
    };
  }

  /** Goes on from there, with colours where there are to be `styles`. */
  resume(state: RedrawState, styles: boolean): void {
    this.#size = state.size;
    this.#document = new EmittedLines(state.document);
    this.#documentChars = state.documentChars;
    this.#recent.resume(state.recent, styles);
    this.#scrollbackGone = state.scrollbackGone;
    this.#epoch = state.epoch === null ? undefined : Epoch.resume(this.#document, state.epoch, styles);
    this.#raised = state.raised;
    this.#updateFrom = state.updateFrom ?? undefined;
    this.#widthChanged = state.widthChanged;
  }

  /** Lines that left the screen at the top. */
  add(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#scrollbackGone = false;
    this.#raise();
    // Line by line, so that what is released does not depend on how many come at once.
    for (const [index, line] of lines.entries()) {
      this.#holdUpdate(line);
      if (this.#epoch !== undefined) this.#see(this.#epoch, line);
      else if (this.#updateFrom === undefined) {
        this.#emitLater(index === 0 ? lines : lines.slice(index));
        return;
      } else this.#emitLater([line]);
    }
  }

  /**
   * The lines of the screen, which is about to be erased. `overshoot`: the cursor was moved up beyond it by so many rows, which
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
    const before = this.#epoch;
    const type = this.#scrollbackGone ? 'all' : 'screen';
    if (before === undefined) {
      const above = type === 'all' ? this.#recent.take() : [];
      this.#begin(type, { old: [...above.map(scrolledLine), ...screen.map((line) => new PictureLine(line, false))] });
    } else if (!before.sawNothing || screen.length > 0) this.#begin(type, this.#settle(before, screen));
    else if (before.type === 'raised') this.#begin(type, before);
  }

  /** ED 3: the scrollback is gone, so all that was emitted may come again; at once, or when the screen goes too. */
  scrollbackErased(): void {
    this.#scrollbackGone = true;
    const epoch = this.#epoch;
    if (epoch?.sawNothing !== true) return;
    const { old, recurs, rewrapped } = epoch;
    this.#begin('all', { old: [...this.#recent.take().map(scrolledLine), ...old], recurs, rewrapped });
  }

  /** The cursor was moved up to the top of the screen, and then by `rows` rows more, in one go. */
  overshot(rows: number): void {
    this.#raised = rows;
  }

  /** A synchronized update begins at the offset `from`; or has ended. */
  synchronized(from: number | undefined): void {
    this.#updateFrom = from;
    if (from === undefined && this.#epoch !== undefined) this.#releaseGrown(this.#epoch);
  }

  /** The recording ends with these lines on the screen. */
  end(screen: readonly Line[]): void {
    this.#raise();
    this.#emitRecent();
    if (this.#epoch === undefined) this.#emit(screen);
    else this.#emitPicture(this.#settle(this.#epoch, screen).old);
    this.#epoch = undefined;
  }

  /** The lines emitted since the last call. */
  take(): readonly Line[] {
    const taken = this.#out;
    this.#out = [];
    return inOne(taken);
  }

  #begin(type: EpochType, { old, recurs = false, rewrapped = false }: Beginning): void {
    this.#epoch = new Epoch(type, old, this.#document, { recurs });
    this.#epoch.rewrapped = rewrapped || this.#widthChanged;
    this.#widthChanged = false;
  }

  /** How many lines, counted from the last, a program that prints all again may still change: its frame. */
  get #liveLines(): number {
    return LIVE_SCREENS * this.#size.rows;
  }

  #see(epoch: Epoch, line: Line): void {
    this.#emitRecent();
    epoch.see(new PictureLine(line, true), this.#liveLines);
    this.#releaseGrown(epoch);
  }

  /** A line that was written in the update it leaves in is held, since a frame that goes beyond the screen looks so. */
  #holdUpdate(line: Line): void {
    if (this.#epoch?.type === 'update' && (this.#updateFrom === undefined || !this.#isOfUpdate(this.#epoch))) {
      this.#release(this.#epoch);
    }
    if (this.#epoch === undefined && this.#updateFrom !== undefined && line.endOffset > this.#updateFrom) {
      this.#emitRecent();
      this.#begin('update', { old: [] });
    }
  }

  /** Whether what it holds was written in the update that is not over. */
  #isOfUpdate(epoch: Epoch): boolean {
    const [first] = epoch.fresh;
    return first === undefined || (this.#updateFrom !== undefined && first.line.endOffset > this.#updateFrom);
  }

  /**
   * What the cursor was moved up beyond is a frame's own, and is drawn again: it is the old picture now, with the lines of the
   * screen where that is erased as well.
   */
  #raise(screen: readonly Line[] = []): void {
    const rows = this.#raised;
    if (rows === 0) return;
    this.#raised = 0;
    const epoch = this.#epoch;
    const rest = screen.map((line) => new PictureLine(line, false));
    if (epoch === undefined) {
      const own = this.#recent.takeLast(rows).map(scrolledLine);
      this.#emitRecent();
      const emitted = own.length === 0 ? this.#document.last(rows).map(emittedLine) : [];
      this.#begin('raised', { old: [...emitted, ...own, ...rest] });
      return;
    }
    this.#emitRecent();
    for (const line of rest) epoch.see(line, this.#liveLines);
    const replacement = epoch.compare();
    // What a frame no longer shows above the screen may stand on it: its lines are emitted when it is over.
    const waiting = epoch.type === 'raised' ? replacement.unmatched.slice(-this.#liveLines) : [];
    if (epoch.type !== 'raised') this.#emitLost(epoch, replacement);
    const frameRows = rows + rowsOf(rest);
    const from = firstOfLastRows(epoch.fresh, frameRows, (line) => line.rows);
    this.#emitPicture(epoch.fresh.slice(0, from));
    // A frame that accounts for all those rows has only erased what it drew.
    const isFrame = rowsOf(epoch.fresh) >= frameRows;
    const own = epoch.fresh.slice(from).filter((line) => line.scrolled || !isFrame);
    this.#begin('raised', { old: [...waiting, ...own] });
  }

  #releaseGrown(epoch: Epoch): void {
    const mayGrow = this.#updateFrom !== undefined && (epoch.recurs || epoch.type === 'raised');
    const own = epoch.type === 'raised' ? this.#size.rows : this.#liveLines;
    const growth = mayGrow ? MAX_HELD_LINES : Math.min(own + epoch.old.length, MAX_HELD_LINES);
    if (epoch.type === 'update' && this.#updateFrom === undefined && epoch.fresh.length <= MAX_HELD_LINES) return;
    if (epoch.fresh.length > growth || epoch.freshChars > MAX_HELD_CHARS) this.#release(epoch);
  }

  /** The new picture has grown beyond the old one by more than may still change: it is emitted from its top. */
  #release(epoch: Epoch): void {
    if (epoch.wasTaken) {
      this.#takeAllButLive(epoch);
      return;
    }
    const replacement = epoch.compare();
    const isRedraw = epoch.printsAllAgain(this.#liveLines) || replacement.isMostlyTheSame;
    this.#emitLost(epoch, replacement);
    epoch.old = [];
    if (isRedraw && epoch.type !== 'raised') {
      epoch.wasTaken = true;
      this.#takeAllButLive(epoch);
      return;
    }
    this.#epoch = undefined;
    this.#emitPicture(epoch.fresh);
  }

  #takeAllButLive(epoch: Epoch): void {
    const kept = epoch.freshChars > MAX_HELD_CHARS ? 0 : this.#liveLines;
    this.#emitPicture(epoch.takeFirst(Math.max(0, epoch.fresh.length - kept)));
  }

  /** Ends an epoch with `screen` as the last lines of its picture; gives what of the picture is still to be emitted. */
  #settle(epoch: Epoch, screen: readonly Line[]): Beginning {
    this.#emitRecent();
    for (const line of screen) epoch.see(new PictureLine(line, false), this.#liveLines);
    const { fresh } = epoch;
    const replacement = epoch.compare();
    const recurs = epoch.wasTaken || epoch.printsAllAgain(this.#liveLines) || replacement.isMostlyTheSame;
    this.#emitLost(epoch, replacement);
    const stable = Math.min(replacement.stable, fresh.length - this.#liveLines);
    const done = Math.max(0, stable, fresh.length - MAX_HELD_LINES);
    this.#emitPicture(fresh.slice(0, done));
    return { old: fresh.slice(done), recurs };
  }

  /** What has scrolled off stays in the scrollback, and is printed again where that is erased; what was cleared is gone. */
  #emitLost(epoch: Epoch, replacement: Replacement): void {
    const wasCleared = epoch.type === 'screen' || epoch.type === 'all';
    const isAnother =
      wasCleared && replacement.isAnother && epoch.old.length > 0 && !epoch.printsAllAgain(this.#liveLines);
    if (isAnother) this.#forget();
    const lost = replacement.takeLost().map(({ line }) => line);
    const scrolled = new Set(
      epoch.type === 'screen' ? epoch.old.flatMap((old) => (old.scrolled ? [old.line] : [])) : [],
    );
    if (!isAnother) this.#remember(lost.filter((line) => scrolled.has(line)));
    if (lost.length > 0) this.#out.push(lost);
  }

  /** Emits those of a picture that were not, which may all be printed again. */
  #emitPicture(picture: readonly PictureLine[]): void {
    const lines = picture.flatMap(({ emitted, line }) => (emitted ? [] : [line]));
    for (const line of picture) line.emitted = true;
    this.#remember(picture.map(({ line }) => line));
    if (lines.length > 0) this.#out.push(lines);
  }

  #emitLater(lines: readonly Line[]): void {
    this.#emit(this.#recent.add(lines, this.#liveLines));
  }

  /** What waited may be printed again only where ED 3 comes with the clear: else it is above the new picture, and stays. */
  #emitRecent(): void {
    this.#emit(this.#recent.take());
  }

  #emit(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#remember(lines);
    this.#out.push(lines);
  }

  #remember(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    let from = 0;
    let index = 0;
    for (const line of lines) {
      index++;
      this.#documentChars += line.text.length;
      const count = this.#document.length + index - from;
      if (count <= MAX_DOCUMENT_LINES && this.#documentChars <= MAX_DOCUMENT_CHARS) continue;
      // Line by line, so that what is forgotten does not depend on how many come at once.
      this.#forget();
      from = index;
    }
    this.#document.add(from === 0 ? lines : lines.slice(from));
    if (this.#savable) this.#document.condensed(this.#document.length - 1);
  }

  #forget(): void {
    this.#document = new EmittedLines();
    this.#documentChars = 0;
  }
}

/** One list of several, none of which is ever changed. */
export function inOne(batches: readonly (readonly Line[])[]): readonly Line[] {
  const [first, second] = batches;
  return first !== undefined && second === undefined ? first : batches.flat();
}

export interface RedrawState {
  readonly size: { readonly cols: number; readonly rows: number };
  readonly document: EmittedLinesState;
  readonly documentChars: number;
  readonly recent: RecentLinesState;
  readonly scrollbackGone: boolean;
  readonly epoch: EpochState | null;
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

function rowsOf(lines: readonly PictureLine[]): number {
  return lines.reduce((rows, line) => rows + line.rows, 0);
}

/** How many screens of lines, counted from the last, a program that prints all again may still change: its frame. */
const LIVE_SCREENS = 5;

/** More than any session that prints everything again was seen to print. */
const MAX_DOCUMENT_LINES = 20_000;
const MAX_DOCUMENT_CHARS = 4_000_000;

/** A picture held longer than this is no frame; what goes beyond is emitted. */
const MAX_HELD_LINES = 4000;
const MAX_HELD_CHARS = 4_000_000;
