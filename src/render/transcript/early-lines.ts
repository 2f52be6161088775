import type { HeldBlock } from './alternate-blocks.js';
import type { Line } from '../model/line.js';
import { condensed } from '../redraw/line-state.js';
import { type LineBatch, linesOf } from '../model/text-lines.js';
import { LineAssembler } from './line-assembler.js';
import { rowsTaken } from '../model/line-rows.js';
import { ShownLines } from './shown-lines.js';
import type { LiveScreen, Transcript } from './transcript.js';

/**
 * Shows lines before they are final, for those who wait: a line above the cursor that has not changed for a while is
 * shown while it still stands on the screen. When it becomes final it is passed over if it is the same, and shown again
 * if it is not. What is final does not depend on this, nor on time.
 *
 * What a program draws over again and again, its live region, is not shown early: the rows from the highest on that it
 * has drawn over lately, or drew first within a synchronized update.
 *
 * Of a program that has done nothing yet that those do which draw over rows, lines are shown almost at once: those that came
 * one at a time, as no frame does, and all when it has been so for a second.
 *
 * Feed it every batch of final lines of its transcript (`final`), and look at the screen (`look`) when output has come and
 * at `wakeAt`.
 */
export class EarlyLines {
  readonly #transcript: Transcript;
  readonly #seen = new Map<number, Seen>();
  readonly #shown = new ShownLines();
  /** Rows above this one have been shown, counted over the whole recording. */
  #shownRows = 0;
  /** How many lines of each block have been shown. */
  readonly #shownOfBlocks = new Map<number, number>();
  readonly #region = new LiveRegion();
  #hasLooked = false;
  #firstLookAt: number | undefined;
  #erasures = 0;
  #synchronizedSince: number | undefined;
  #next: number | undefined;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    this.#erasures = transcript.erasures;
  }

  /** What of the lines that became final is still to be shown. */
  final(lines: readonly Line[]): readonly Line[] {
    return linesOf(this.finalBatches([lines]));
  }

  /** See Transcript.feedBatches. */
  finalBatches(batches: readonly LineBatch[]): readonly LineBatch[] {
    const { erasures } = this.#transcript;
    if (erasures !== this.#erasures) this.#shown.erased();
    this.#erasures = erasures;
    return this.#shown.isEmpty ? batches : [this.#shown.unshown(linesOf(batches))];
  }

  /** The program has been still for a moment: its cursor is where it rests, and what it drew last was drawn to its end. */
  rested(now: number): void {
    this.#noteRedraws(this.#transcript.live(), now);
    this.#region.rested(this.#transcript.cursorRow, now);
  }

  /** Whether something was drawn over since the program rested last. */
  get isRedrawing(): boolean {
    return this.#region.isRedrawing;
  }

  /**
   * The lines that are to be shown early; `now` in milliseconds of a clock that never jumps back. `together`: since when something came
   * behind a line without a pause, if that was since the last look.
   */
  look(now: number, together = Infinity): readonly Line[] {
    const screen = this.#transcript.live();
    this.#noteRedraws(screen, now);
    this.#firstLookAt ??= now;
    for (const seen of this.#seen.values()) if (seen.since >= together) seen.alone = false;
    const waiting = waitingAbove(screen);
    this.#forget(screen, waiting[0]?.row ?? screen.firstRow);
    // Every line's time begins when it is first seen, also that of one behind a line that is not shown yet.
    const lines = [...waiting, ...withoutBlankEnd(linesAbove(screen), screen)].map((above) => ({
      ...above,
      since: this.#since(above.row, above.line.text, { now, alone: together === Infinity }),
    }));
    const settledMs = (row: number): number => {
      const isProven = this.#seen.get(row)?.alone === true || now - (this.#firstLookAt ?? now) >= PROVEN_MS;
      return screen.onlyPrints && isProven ? PRINTED_MS : SETTLED_MS;
    };
    this.#next = undefined;
    const out: Line[] = [];
    let blocks = screen.blocks;
    const again = new LinesAgain(screen.emittedBefore);
    for (const { line, row, rows, since } of lines) {
      const isAgain = again.take(line.text);
      out.push(...this.#showBlocks(blocks.filter((block) => block.row <= row)));
      blocks = blocks.filter((block) => block.row > row);
      if (row < this.#shownRows) continue;
      const dueAt = Math.max(since + settledMs(row), this.#frameUntil(now), this.#region.holdsUntil(row + rows - 1));
      if (now < dueAt) {
        this.#next = Math.max(dueAt, now + 1);
        return out;
      }
      this.#shownRows = row + rows;
      if (this.#shown.takeOver(line, row) || isAgain) continue;
      this.#shown.add(line, row);
      out.push({ ...line, final: false });
    }
    const below = screen.firstRow + screen.cursorRow;
    out.push(...this.#showBlocks(blocks.filter((block) => block.row <= below)));
    return out;
  }

  /** The terminal has another size, and the same lines may stand on other rows of the screen. */
  reflowed(): void {
    const screen = this.#transcript.live();
    this.#seen.clear();
    const hadRows = this.#shown.hasRows;
    const waiting = waitingAbove(screen);
    const last = this.#shown.reflowed([...waiting, ...linesAbove(screen)]);
    if (last !== undefined) this.#shownRows = last.row + last.rows;
    else if (!hadRows) this.#shownRows = waiting[0]?.row ?? screen.firstRow;
  }

  /** Rows before this one have been shown, counted over the whole recording. */
  get shownTo(): number {
    return this.#shownRows;
  }

  /** When to look next if nothing comes; undefined when there is nothing to wait for. */
  get wakeAt(): number | undefined {
    return this.#next;
  }

  #noteRedraws({ synchronized, firstRow }: LiveScreen, now: number): void {
    const { over, updated, movedDown } = this.#transcript.takeRedraws();
    this.#synchronizedSince = synchronized ? (this.#synchronizedSince ?? now) : undefined;
    const since = this.#synchronizedSince;
    const isUpdate = since === undefined || now - since < MAX_SYNCHRONIZED_MS;
    const all = isUpdate ? [...over, ...updated] : over;
    // Of what was printed before anybody looked, what has scrolled off is long past.
    const rows = this.#hasLooked ? all : all.filter((row) => row >= firstRow);
    this.#hasLooked = true;
    this.#region.noteMoves(movedDown, now);
    if (rows.length === 0) return;
    const top = Math.min(...rows);
    const tooEarly = this.#shown.drawnOver(top).any;
    this.#shownRows = Math.min(this.#shownRows, top);
    this.#region.redrawn(top, now, tooEarly);
  }

  /** A frame that is being drawn is not shown; but a program that never ends one must not hide what it prints. */
  #frameUntil(now: number): number {
    const since = this.#synchronizedSince;
    return since === undefined ? now : since + MAX_SYNCHRONIZED_MS;
  }

  /** What full-screen programs left does not change any more: it only waits for the rows above it. */
  #showBlocks(blocks: readonly HeldBlock[]): readonly Line[] {
    return blocks.flatMap(({ id, lines }) => {
      const fresh = lines.slice(this.#shownOfBlocks.get(id) ?? 0);
      this.#shownOfBlocks.set(id, lines.length);
      for (const line of fresh) this.#shown.add(line, undefined);
      return fresh.map((line) => ({ ...line, final: false }));
    });
  }

  #since(row: number, text: string, { now, alone }: { readonly now: number; readonly alone: boolean }): number {
    const before = this.#seen.get(row);
    if (before?.text === text) return before.since;
    this.#seen.set(row, { text, since: now, alone });
    return now;
  }

  /** What is not above the cursor now has not been there all the time. */
  #forget({ firstRow, cursorRow, blocks }: LiveScreen, from: number): void {
    for (const row of this.#seen.keys()) if (row < from || row >= firstRow + cursorRow) this.#seen.delete(row);
    for (const id of this.#shownOfBlocks.keys())
      if (!blocks.some((block) => block.id === id)) this.#shownOfBlocks.delete(id);
  }
}

/** The rows that a program draws over, as far as that can be known from what it did. */
class LiveRegion {
  /** The row that its cursor rests on between two redraws. */
  #rest: number | undefined;
  /** The first row of what is being drawn over. */
  #redrawing: number | undefined;
  #top = Number.POSITIVE_INFINITY;
  #redrawnAt = Number.NEGATIVE_INFINITY;
  #movedDownAt = Number.NEGATIVE_INFINITY;
  /** How many rows above its resting place it has drawn over lately, and when. */
  #height = 0;
  #heightAt = Number.NEGATIVE_INFINITY;
  #quietMs = QUIET_MS;

  get isRedrawing(): boolean {
    return this.#redrawing !== undefined;
  }

  noteMoves(down: boolean, now: number): void {
    if (down) this.#movedDownAt = now;
  }

  /** It was drawn over, from `top` on. `tooEarly`: when it had been thought to be settled. */
  redrawn(top: number, now: number, tooEarly: boolean): void {
    if (tooEarly && this.#redrawnAt > Number.NEGATIVE_INFINITY)
      this.#quietMs = Math.max(this.#quietMs, 2 * (now - this.#redrawnAt));
    if (now - this.#redrawnAt >= this.#quietMs) this.#top = top;
    this.#top = Math.min(this.#top, top);
    this.#redrawing = Math.min(top, this.#redrawing ?? top);
    this.#redrawnAt = now;
  }

  /** The redraw is over, and the cursor rests on `row`: what is above the rows that were drawn over is settled. */
  rested(row: number, now: number): void {
    const top = this.#redrawing;
    if (top !== undefined) this.#top = this.#firstRow(top, { before: this.#rest ?? top, after: row }, now);
    this.#redrawing = undefined;
    this.#rest = row;
  }

  #firstRow(top: number, rest: { readonly before: number; readonly after: number }, now: number): number {
    // A program that moves down again without writing may have left out rows above `top` that it will draw another time,
    // and what it put in between may be rows of its region too.
    const inPieces = now - this.#movedDownAt < this.#quietMs;
    const height = Math.max(0, Math.max(rest.before, rest.after) - top);
    if (!inPieces || height >= this.#height || now - this.#heightAt >= this.#quietMs) {
      this.#height = height;
      this.#heightAt = now;
    }
    return inPieces ? Math.min(top, rest.before - this.#height) : top;
  }

  /** Until when `row` is not to be shown, if nothing comes. */
  holdsUntil(row: number): number {
    return row < this.#top ? Number.NEGATIVE_INFINITY : this.#redrawnAt + this.#quietMs;
  }
}

/** Lines that were emitted, and may be printed again: then they are not emitted again, and so not to be shown early. */
class LinesAgain {
  readonly #texts: string[];

  /** `texts`: without their white space. */
  constructor(texts: readonly string[]) {
    this.#texts = [...texts];
  }

  /** Whether `text` is one of them, which is none any more then. */
  take(text: string): boolean {
    const at = this.#texts.length === 0 ? -1 : this.#texts.indexOf(condensed(text));
    if (at === -1) return false;
    this.#texts.splice(at, 1);
    return true;
  }
}

interface Seen {
  readonly text: string;
  readonly since: number;
  /** Nothing came behind it without a pause. */
  alone: boolean;
}

/** A whole line above the cursor, with the number of its first row and of how many it has. */
interface AboveCursor {
  readonly line: Line;
  readonly row: number;
  readonly rows: number;
}

/** The lines that have scrolled off and are not final yet. */
function waitingAbove({ waiting, firstRow, openRows }: LiveScreen): readonly AboveCursor[] {
  const lines: AboveCursor[] = [];
  let row = firstRow - openRows;
  for (const line of waiting.toReversed()) {
    const rows = rowsTaken(line);
    row -= rows;
    lines.push({ line, row, rows });
  }
  return lines.reverse();
}

function linesAbove(screen: LiveScreen): readonly AboveCursor[] {
  const lines: AboveCursor[] = [];
  const assembler = new LineAssembler({ end: screen.endOffset });
  let first = 0;
  for (let at = 0; at < Math.min(screen.cursorRow, screen.rows.length); at++) {
    const row = screen.rows[at];
    if (row === undefined) break;
    assembler.add([row]);
    if (row.continues) continue;
    const rows = at + 1 - first;
    const row0 = screen.firstRow + first;
    const continued = screen.rows[first]?.wrapped === true && first === 0;
    lines.push(...assembler.take().map((line) => ({ line, row: row0, rows })));
    // A line that began above the screen is not whole here.
    if (continued) lines.pop();
    first = at + 1;
  }
  return lines;
}

/** Blank lines that nothing stands behind are none, should it stay so. */
function withoutBlankEnd(lines: readonly AboveCursor[], { rows, cursorRow }: LiveScreen): readonly AboveCursor[] {
  if (rows.slice(cursorRow).some(({ text }) => text.trim() !== '')) return lines;
  return lines.slice(0, lines.findLastIndex(({ line }) => line.text.trim() !== '') + 1);
}

/** T4 asks for half a second after printing; with a look every 50 ms this keeps it. */
export const SETTLED_MS = 400;
/** How long a line has stood that a program has printed which only prints: as long as it may take to come whole. */
const PRINTED_MS = 10;
/** A program that draws over rows does so within this time, as a rule. */
const PROVEN_MS = 1000;
/** A program that has not drawn over its rows for this long may be done with them. Longer for one that then did. */
const QUIET_MS = 10_000;
/** What terminals allow a synchronized update at most, about. */
const MAX_SYNCHRONIZED_MS = 1000;
