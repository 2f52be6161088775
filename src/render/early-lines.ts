import type { HeldBlock } from './alternate-blocks.js';
import type { Line } from './line.js';
import { LineAssembler } from './line-assembler.js';
import type { LiveScreen } from './transcript.js';

/**
 * Shows lines before they are final, for those who wait: a line above the cursor that has not changed for a while is
 * shown while it still stands on the screen. When it becomes final it is passed over if it is the same, and shown again
 * if it is not. What is final does not depend on this, nor on time.
 *
 * Feed it every batch of final lines (`final`), and look at the screen (`look`) when output has come and at `wakeAt`.
 */
export class EarlyLines {
  readonly #seen = new Map<number, Seen>();
  /** Shown early and not final yet, in order. */
  #shown: { readonly text: string; readonly ofRow: boolean }[] = [];
  /** Rows above this one have been shown, counted over the whole recording. */
  #shownRows = 0;
  /** How many lines of each block have been shown. */
  readonly #shownOfBlocks = new Map<number, number>();
  #upwardMoves = 0;
  #movedUpAt = Number.NEGATIVE_INFINITY;
  #synchronizedSince: number | undefined;
  #next: number | undefined;

  /** What of the lines that became final is still to be shown. */
  final(lines: readonly Line[]): readonly Line[] {
    return lines.filter((line) => {
      const at = this.#shown.findIndex(({ text }) => text === line.text);
      if (at === -1 || at >= MAX_REORDERED) return true;
      this.#shown.splice(0, at + 1);
      return false;
    });
  }

  /** The lines of `screen` that are to be shown early; `now` in milliseconds of a clock that never jumps back. */
  look(screen: LiveScreen, now: number): readonly Line[] {
    if (screen.upwardMoves !== this.#upwardMoves) {
      this.#upwardMoves = screen.upwardMoves;
      this.#movedUpAt = now;
    }
    this.#synchronizedSince = screen.synchronized ? (this.#synchronizedSince ?? now) : undefined;
    this.#forget(screen);
    // Every line's time begins when it is first seen, also that of one behind a line that is not shown yet.
    const lines = withoutBlankEnd(linesAbove(screen), screen).map((above) => ({
      ...above,
      since: this.#since(above.row, above.line.text, now),
    }));
    const quiet = now - this.#movedUpAt >= QUIET_AFTER_UPWARD_MS && !this.#inFrame(now);
    this.#next = undefined;
    const out: Line[] = [];
    let blocks = screen.blocks;
    for (const { line, row, rows, since } of lines) {
      out.push(...this.#showBlocks(blocks.filter((block) => block.row <= row)));
      blocks = blocks.filter((block) => block.row > row);
      if (row < this.#shownRows) continue;
      if (!quiet || now - since < SETTLED_MS) {
        this.#next = Math.max(since + SETTLED_MS, quiet ? 0 : this.#movedUpAt + QUIET_AFTER_UPWARD_MS, now + 1);
        return out;
      }
      this.#shownRows = row + rows;
      out.push(...this.#show([line], true));
    }
    const below = screen.firstRow + screen.cursorRow;
    out.push(...this.#showBlocks(blocks.filter((block) => block.row <= below)));
    return out;
  }

  /** The terminal has another size, and the same lines may stand on other rows of `screen`. */
  reflowed(screen: LiveScreen): void {
    this.#seen.clear();
    const ofRows = this.#shown.filter(({ ofRow }) => ofRow);
    const last = ofRows.at(-1)?.text;
    const lines = linesAbove(screen);
    // Those that were shown and are not final stand at the top, in their order.
    const expected = lines[ofRows.length - 1];
    const found = expected?.line.text === last ? expected : lines.findLast(({ line }) => line.text === last);
    if (found !== undefined) this.#shownRows = found.row + found.rows;
    else if (last === undefined) this.#shownRows = screen.firstRow;
  }

  /** Rows before this one have been shown, counted over the whole recording. */
  get shownTo(): number {
    return this.#shownRows;
  }

  /** When to look next if nothing comes; undefined when there is nothing to wait for. */
  get wakeAt(): number | undefined {
    return this.#next;
  }

  /** A frame that is being drawn is not shown; but a program that never ends one must not hide what it prints. */
  #inFrame(now: number): boolean {
    return this.#synchronizedSince !== undefined && now - this.#synchronizedSince < MAX_SYNCHRONIZED_MS;
  }

  /** What full-screen programs left does not change any more: it only waits for the rows above it. */
  #showBlocks(blocks: readonly HeldBlock[]): readonly Line[] {
    return blocks.flatMap(({ id, lines }) => {
      const done = this.#shownOfBlocks.get(id) ?? 0;
      this.#shownOfBlocks.set(id, lines.length);
      return this.#show(lines.slice(done), false);
    });
  }

  /** `ofRow`: a line of the screen's rows, not of a block. */
  #show(lines: readonly Line[], ofRow: boolean): readonly Line[] {
    this.#shown.push(...lines.map(({ text }) => ({ text, ofRow })));
    return lines.map((line) => ({ ...line, final: false }));
  }

  #since(row: number, text: string, now: number): number {
    const before = this.#seen.get(row);
    if (before?.text === text) return before.since;
    this.#seen.set(row, { text, since: now });
    return now;
  }

  #forget({ firstRow, blocks }: LiveScreen): void {
    for (const row of this.#seen.keys()) if (row < firstRow) this.#seen.delete(row);
    for (const id of this.#shownOfBlocks.keys())
      if (!blocks.some((block) => block.id === id)) this.#shownOfBlocks.delete(id);
    // A screen of lines is the most that can wait to become final; what is older was erased.
    if (this.#shown.length > MAX_REORDERED) this.#shown.splice(0, this.#shown.length - MAX_REORDERED);
  }
}

interface Seen {
  readonly text: string;
  readonly since: number;
}

/** A whole line above the cursor, with the number of its first row and of how many it has. */
interface AboveCursor {
  readonly line: Line;
  readonly row: number;
  readonly rows: number;
}

function linesAbove(screen: LiveScreen): readonly AboveCursor[] {
  const lines: AboveCursor[] = [];
  const assembler = new LineAssembler(screen.endOffset);
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
/** A program that moves the cursor up draws over what it printed, and will again. */
const QUIET_AFTER_UPWARD_MS = 10_000;
/** What terminals allow a synchronized update at most, about. */
const MAX_SYNCHRONIZED_MS = 1000;
/** How many lines shown early are remembered. */
const MAX_REORDERED = 2000;
