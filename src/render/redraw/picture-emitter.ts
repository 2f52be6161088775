import type { Line } from '../model/line.js';
import { firstOfLastRows } from '../model/line-rows.js';
import type { LineEmitter } from './line-emitter.js';
import { MAX_HELD_CHARS, MAX_HELD_LINES } from './picture-limits.js';
import { PictureLine } from './picture-line.js';
import type { RedrawCycle } from './redraw-cycle.js';
import type { Replacement } from './replacement.js';

/**
 * Emits what has been read of two pictures, once the new one is compared with the old one: the lines that stood in the old one alone,
 * and those of the new one that cannot change any more. `liveLines`: how many lines, counted from the last, still may.
 */
export class PictureEmitter {
  readonly #lines: LineEmitter;

  constructor(lines: LineEmitter) {
    this.#lines = lines;
  }

  /** Ends a cycle with `screen` as the last lines of its picture; gives what of the picture is still to be emitted. */
  settle(cycle: RedrawCycle, screen: readonly Line[], liveLines: number): SettledPicture {
    for (const line of screen) cycle.see(new PictureLine(line, false), liveLines);
    const { fresh } = cycle;
    const replacement = cycle.compare();
    const recurs = cycle.wasTaken || cycle.printsAllAgain(liveLines) || replacement.isMostlyTheSame;
    this.#emitLost(cycle, replacement, liveLines);
    const stable = Math.min(replacement.stable, fresh.length - liveLines);
    const done = Math.max(0, stable, fresh.length - MAX_HELD_LINES);
    this.#lines.emitPicture(fresh.slice(0, done));
    return { old: fresh.slice(done), recurs };
  }

  /**
   * Emits from its top a new picture that has grown beyond the old one by more than may still change. The cycle goes on where
   * the old one is being printed again, and ends otherwise.
   */
  release(cycle: RedrawCycle, liveLines: number): 'open' | 'ended' {
    if (!cycle.wasTaken) {
      const replacement = cycle.compare();
      const isRedraw = cycle.printsAllAgain(liveLines) || replacement.isMostlyTheSame;
      this.#emitLost(cycle, replacement, liveLines);
      cycle.old = [];
      if (!isRedraw || cycle.type === 'raised') {
        this.#lines.emitPicture(cycle.fresh);
        return 'ended';
      }
      cycle.wasTaken = true;
    }
    const kept = cycle.freshChars > MAX_HELD_CHARS ? 0 : liveLines;
    this.#lines.emitPicture(cycle.takeFirst(Math.max(0, cycle.fresh.length - kept)));
    return 'open';
  }

  /**
   * Ends a cycle whose last lines are a frame that is drawn again: `rows` rows above the screen, and `rest` on it. Emits what
   * stands above the frame; gives the lines that are its old picture.
   */
  raise(cycle: RedrawCycle, rows: number, rest: readonly PictureLine[], liveLines: number): readonly PictureLine[] {
    for (const line of rest) cycle.see(line, liveLines);
    const replacement = cycle.compare();
    // What a frame no longer shows above the screen may stand on it: its lines are emitted when it is over.
    const waiting = cycle.type === 'raised' ? replacement.unmatched.slice(-liveLines) : [];
    if (cycle.type !== 'raised') this.#emitLost(cycle, replacement, liveLines);
    const frameRows = rows + rowsOf(rest);
    const from = firstOfLastRows(cycle.fresh, frameRows, (line) => line.rows);
    this.#lines.emitPicture(cycle.fresh.slice(0, from));
    // A frame that accounts for all those rows has only erased what it drew.
    const isFrame = rowsOf(cycle.fresh) >= frameRows;
    const own = cycle.fresh.slice(from).filter((line) => line.scrolled || !isFrame);
    return [...waiting, ...own];
  }

  /** What has scrolled off stays in the scrollback, and is printed again where that is erased; what was cleared is gone. */
  #emitLost(cycle: RedrawCycle, replacement: Replacement, liveLines: number): void {
    const wasCleared = cycle.type === 'screen' || cycle.type === 'all';
    const isAnother = wasCleared && replacement.isAnother && cycle.old.length > 0 && !cycle.printsAllAgain(liveLines);
    const scrolled = new Set(
      cycle.type === 'screen' ? cycle.old.flatMap((old) => (old.scrolled ? [old.line] : [])) : [],
    );
    const lost = replacement.takeLost().map(({ line }) => line);
    if (isAnother) this.#lines.forget();
    this.#lines.emit(lost, isAnother ? [] : lost.filter((line) => scrolled.has(line)));
  }
}

/** What of a picture is still to be emitted when its cycle is over. */
export interface SettledPicture {
  readonly old: readonly PictureLine[];
  /** It has most of the picture before it: so the next one will, of this one. */
  readonly recurs: boolean;
}

function rowsOf(lines: readonly PictureLine[]): number {
  return lines.reduce((rows, line) => rows + line.rows, 0);
}
