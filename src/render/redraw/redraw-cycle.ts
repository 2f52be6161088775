import type { EmittedLines } from './emitted-lines.js';
import { PictureLine, type SavedPictureLine } from './picture-line.js';
import { type Counterpart, matchPictures } from './picture-match.js';
import { NOWHERE, Replacement } from './replacement.js';

/**
 * What began it: the screen was erased, or with the scrollback, so that everything may be printed again (`all`); the cursor was moved
 * up by more rows than there are above it, so that a frame that has partly scrolled off is drawn again (`raised`); or
 * a synchronized update has filled more than the screen, and may be the first of such frames (`update`).
 */
export type RedrawCycleType = 'screen' | 'all' | 'raised' | 'update';

/** What is printed from one such event to the next, the new picture, compared with the old one that stood there before. */
export class RedrawCycle {
  readonly type: RedrawCycleType;
  /** Lines that stood there before; those of the screen last. */
  old: readonly PictureLine[];
  /** Lines that came since, in order. */
  readonly fresh: PictureLine[] = [];
  freshChars = 0;
  /** The first of the new picture were emitted, because it is the old one again; that stays so. */
  wasTaken = false;
  /** Most of the picture before the old one was in the old one again: so will this be. */
  readonly recurs: boolean;
  /** The old picture was drawn on a screen of another width. */
  rewrapped = false;
  /** What is expected, where everything may be printed again: the first `#documentLines` of these. */
  readonly #document: EmittedLines;
  readonly #documentLines: number;
  #at = 0;
  #atChar = 0;
  #documentMatches = 0;

  constructor(
    type: RedrawCycleType,
    old: readonly PictureLine[],
    document: EmittedLines,
    { recurs = false, documentLines = type === 'all' ? document.length : 0 } = {},
  ) {
    this.type = type;
    this.old = old;
    this.recurs = recurs;
    this.#document = document;
    this.#documentLines = documentLines;
  }

  static resume(document: EmittedLines, state: RedrawCycleState, styles: boolean): RedrawCycle {
    const line = (saved: SavedPictureLine): PictureLine => PictureLine.resume(saved, styles);
    const cycle = new RedrawCycle(state.type, state.old.map(line), document, state);
    for (const saved of state.fresh) cycle.fresh.push(line(saved));
    cycle.freshChars = state.freshChars;
    cycle.wasTaken = state.wasTaken;
    cycle.rewrapped = state.rewrapped;
    cycle.#at = state.at;
    cycle.#atChar = state.atChar;
    cycle.#documentMatches = state.documentMatches;
    return cycle;
  }

  save(): RedrawCycleState {
    return {
      type: this.type,
      old: this.old.map((line) => line.save()),
      fresh: this.fresh.map((line) => line.save()),
      freshChars: this.freshChars,
      wasTaken: this.wasTaken,
      recurs: this.recurs,
      rewrapped: this.rewrapped,
      documentLines: this.#documentLines,
      at: this.#at,
      atChar: this.#atChar,
      documentMatches: this.#documentMatches,
    };
  }

  get sawNothing(): boolean {
    return this.#at === 0 && this.fresh.length === 0;
  }

  /** Half of what was emitted, or five screens of it, has been printed again in its order: so is all. */
  printsAllAgain(liveLines: number): boolean {
    const matches = this.#documentMatches;
    return matches > 0 && (matches * 2 >= this.#documentLines || matches >= liveLines);
  }

  /** `liveLines`: see printsAllAgain. */
  see(line: PictureLine, liveLines: number): void {
    const proven = this.printsAllAgain(liveLines);
    line.repeats = this.#documentLines > 0 && this.#isInDocument(line.condensed);
    const above = this.fresh.at(-1);
    if (line.repeats && proven) {
      if (above !== undefined) above.rows += line.rows;
      return;
    }
    this.fresh.push(line);
    this.freshChars += line.text.length;
    if (!proven && line.repeats && this.printsAllAgain(liveLines)) this.#dropRepeats();
  }

  /** Takes the first `count` of the fresh lines. */
  takeFirst(count: number): readonly PictureLine[] {
    const taken = this.fresh.splice(0, count);
    for (const { text } of taken) this.freshChars -= text.length;
    return taken;
  }

  /** Where the lines of the old picture stand in the new one. */
  compare(): Replacement {
    const { old, fresh } = this;
    const { logLines } = this;
    const found: (Counterpart | undefined)[] = [
      ...Array.from({ length: logLines }, () => undefined),
      ...matchPictures(old.slice(logLines), fresh),
    ];
    this.#dropScrolled(found);
    if (this.rewrapped) this.#findRewrapped(found);
    return new Replacement(old, fresh, found, logLines);
  }

  /**
   * How many of the first old lines stood above a frame that has come again: lines like them in the new picture are others.
   * What ED 3 erases with the scrollback is printed again.
   */
  get logLines(): number {
    if (this.type !== 'screen') return 0;
    const first = this.old.findIndex((line) => !line.aboveFrame || !line.scrolled);
    return first === -1 ? this.old.length : first;
  }

  /** Rows that have truly scrolled off, above all that came again, were lines of their own, though they count. */
  #dropScrolled(found: (Counterpart | undefined)[]): void {
    if (this.type !== 'screen') return;
    const first = found.findIndex((pair) => pair?.type === 'same');
    for (const [at, line] of this.old.slice(0, first === -1 ? found.length : first).entries())
      if (line.scrolled) found[at] = undefined;
  }

  #findRewrapped(found: (Counterpart | undefined)[]): void {
    const text = this.fresh.map(({ condensed }) => condensed).join('');
    const before = this.old.flatMap(({ emitted, condensed }) => (emitted ? [condensed] : [])).join('');
    for (const [at, line] of this.old.entries()) {
      if (found[at] === undefined && line.hasLetters && text.includes(line.condensed))
        found[at] = { at: NOWHERE, type: 'later' };
    }
    for (const line of this.fresh) if (line.hasLetters && before.includes(line.condensed)) line.emitted = true;
  }

  #dropRepeats(): void {
    this.freshChars = 0;
    for (const line of this.fresh.splice(0)) {
      const above = this.fresh.at(-1);
      if (!line.repeats) {
        this.fresh.push(line);
        this.freshChars += line.text.length;
      } else if (above !== undefined) above.rows += line.rows;
    }
  }

  /** Finds a line in what is expected next: at the very place, or a little further on where something changed. */
  #isInDocument(condensed: string): boolean {
    if (condensed === '') {
      if (this.#atChar === 0 && this.#expected(this.#at) === '') this.#at++;
      return this.#at < this.#documentLines;
    }
    const from = this.#at;
    if (this.#consume(condensed)) {
      this.#documentMatches += Math.max(1, this.#at - from);
      return true;
    }
    const limit = Math.min(this.#documentLines, this.#at + LOOK_AHEAD_LINES);
    for (let at = this.#at + 1; at < limit; at++) {
      if (this.#expected(at) !== condensed) continue;
      this.#at = at + 1;
      this.#atChar = 0;
      this.#documentMatches++;
      return true;
    }
    return false;
  }

  /** What is expected at place `at`; undefined behind its end. */
  #expected(at: number): string | undefined {
    return at < this.#documentLines ? this.#document.condensed(at) : undefined;
  }

  /**
   * Takes `text` off what is expected next, across its line ends: after a change of width the same text has others.
   * Leaves everything as it was where it is not there.
   */
  #consume(text: string): boolean {
    let at = this.#at;
    let atChar = this.#atChar;
    for (let rest = text; rest !== ''; ) {
      const line = this.#expected(at);
      if (line === undefined) return false;
      const ahead = line.slice(atChar);
      if (ahead.startsWith(rest)) {
        atChar += rest.length;
        rest = '';
      } else if (ahead !== '' && !rest.startsWith(ahead)) return false;
      else {
        rest = rest.slice(ahead.length);
        atChar = line.length;
      }
      if (atChar === line.length) {
        at++;
        atChar = 0;
      }
    }
    this.#at = at;
    this.#atChar = atChar;
    return true;
  }
}

export interface RedrawCycleState {
  readonly type: RedrawCycleType;
  readonly old: readonly SavedPictureLine[];
  readonly fresh: readonly SavedPictureLine[];
  readonly freshChars: number;
  readonly wasTaken: boolean;
  readonly recurs: boolean;
  readonly rewrapped: boolean;
  readonly documentLines: number;
  readonly at: number;
  readonly atChar: number;
  readonly documentMatches: number;
}

/** How far on a line may be found again after one that changed: more than the screen's lines, less than a search. */
const LOOK_AHEAD_LINES = 200;
