import type { Resumable } from '../../core/resumable.js';
import type { Row } from './row.js';

/**
 * Which bytes each row of the normal screen came from, by row, counted from the first one still in the emulator.
 *
 * A row's bytes begin where a line feed, or the wrap of the row above, brought the cursor to it, or, on a row that the
 * cursor was moved to, where that was first written to. They end after the last text written to it. Both depend on the
 * bytes alone, not on how they were cut.
 */
export class Provenance implements Resumable<SavedProvenance> {
  #starts: (number | undefined)[] = [];
  #ends: (Ending | undefined)[] = [];
  /** Whether anything but line feeds was ever written to it. */
  #texts: (boolean | undefined)[] = [];
  /** Where the cursor came to the row it is on, and whether a line feed brought it. */
  #entered = 0;
  #byLineFeed = true;
  /** The end of the text written since then; rows that it wrapped over share it. */
  #ending: Ending = { offset: 0 };

  /** Text was written from row `from` on. `onRow` gets each row that it went to; `fresh`: no text had been there. */
  wrote(from: number, { fed, feeds, to, rest }: WrittenText, onRow?: (row: number, fresh: boolean) => void): void {
    let row = from;
    for (const [index, next] of fed.entries()) {
      const feed = feeds[index] ?? rest;
      this.#touch(row, Math.max(row, next - 1), feed, onRow);
      row = next;
      this.#enter(feed.end, true);
    }
    if (rest.end > this.#entered) this.#touch(row, Math.max(row, to), rest, onRow);
  }

  /** Whether no text was written since all rows were blank. */
  get isBlank(): boolean {
    return !this.#texts.includes(true);
  }

  /** A line feed that ended at `end` brought the cursor to a row that nothing was written to. */
  fed(end: number): void {
    this.#enter(end, true);
  }

  /** Whether that is how it came there, and nothing was written since. */
  wasFed(end: number): boolean {
    return this.#byLineFeed && this.#entered === end && this.#ending.offset === end;
  }

  /** Something else than text brought the cursor to where it is; the sequence ended at `end`. */
  moved(end: number): void {
    this.#enter(end, false);
  }

  /** Of all rows only `count` are left, from row `from` on. */
  keep(from: number, count: number): void {
    this.#starts = this.#starts.slice(from, from + count);
    this.#ends = this.#ends.slice(from, from + count);
  }

  /** The first `rows` rows have gone. */
  drop(rows: number): void {
    this.#starts.splice(0, rows);
    this.#ends.splice(0, rows);
    this.#texts.splice(0, rows);
  }

  /** The rows were laid out for another width: a row gets what the rows have that it is made of, `from` one `to` another. */
  relay(rows: number, sources: (row: number) => readonly [from: number, to: number]): void {
    const starts: (number | undefined)[] = [];
    const ends: (Ending | undefined)[] = [];
    const texts: (boolean | undefined)[] = [];
    for (let row = 0; row < rows; row++) {
      const [from, to] = sources(row);
      for (let at = from; at <= to; at++) {
        starts[row] = least(starts[row], this.#starts[at]);
        ends[row] = later(ends[row], this.#ends[at]);
        texts[row] = texts[row] === true || this.#texts[at];
      }
    }
    this.#starts = starts;
    this.#ends = ends;
    this.#texts = texts;
  }

  /** All rows are blank. */
  clear(): void {
    this.#starts = [];
    this.#ends = [];
    this.#texts = [];
  }

  /** The row of the cursor was erased: the rows above it, which its text may have wrapped from, end where they do now. */
  lineSplit(): void {
    this.#ending = { offset: this.#ending.offset };
  }

  of(row: number): Pick<Row, 'offset' | 'ending'> {
    return { offset: this.#starts[row], ending: this.#ends[row] };
  }

  /** All of it, for another reader of the same screen to go on from. */
  get state(): ProvenanceState {
    return {
      starts: this.#starts,
      ends: this.#ends,
      texts: this.#texts,
      entered: this.#entered,
      byLineFeed: this.#byLineFeed,
      ending: this.#ending,
    };
  }

  /** Goes on from where another reader is. */
  restore(state: ProvenanceState): void {
    this.#starts = [...state.starts];
    this.#ends = [...state.ends];
    this.#texts = [...state.texts];
    this.#entered = state.entered;
    this.#byLineFeed = state.byLineFeed;
    this.#ending = state.ending;
  }

  save(): SavedProvenance {
    const { starts, ends, texts, entered, byLineFeed, ending } = this.state;
    return {
      starts: Array.from(starts, (start) => start ?? null),
      ends: Array.from(ends, (end) => this.saveEnding(end)),
      texts: Array.from(texts, (text) => text === true),
      entered,
      byLineFeed,
      ending: ending.offset,
    };
  }

  resume({ starts, ends, texts, entered, byLineFeed, ending }: SavedProvenance): void {
    const open = { offset: ending };
    this.restore({
      starts: starts.map((start) => start ?? undefined),
      ends: [],
      texts,
      entered,
      byLineFeed,
      ending: open,
    });
    this.#ends = ends.map((end) => this.resumeEnding(end));
  }

  /** An ending that a caller has from here; only the open one may still move. */
  saveEnding(ending: { readonly offset: number } | undefined): SavedEnding {
    if (ending === this.#ending) return 'open';
    return ending?.offset ?? null;
  }

  resumeEnding(saved: SavedEnding): Ending | undefined {
    if (saved === 'open') return this.#ending;
    return saved === null ? undefined : { offset: saved };
  }

  #enter(offset: number, byLineFeed: boolean): void {
    this.#entered = offset;
    this.#byLineFeed = byLineFeed;
    this.#ending = { offset };
  }

  #touch(
    from: number,
    to: number,
    { end, hasText }: TextEnd,
    onRow: ((row: number, fresh: boolean) => void) | undefined,
  ): void {
    this.#ending.offset = end;
    for (let row = from; row <= to; row++) {
      if (hasText) {
        onRow?.(row, this.#texts[row] !== true);
        this.#texts[row] = true;
      }
      const start = this.#byLineFeed ? undefined : this.#starts[row];
      this.#starts[row] = start ?? this.#entered;
      this.#ends[row] = this.#ending;
    }
  }
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

/** Of one line; the one that may still move is the last. */
function later(a: Ending | undefined, b: Ending | undefined): Ending | undefined {
  return a === undefined || (b !== undefined && b.offset > a.offset) ? b : a;
}

/** Up to where text was written, and whether there was more in it than what moves the cursor. */
export interface TextEnd {
  readonly end: number;
  readonly hasText: boolean;
}

export interface WrittenText {
  /** The rows that its line feeds led to, and what was written up to each of them. */
  readonly fed: readonly number[];
  readonly feeds: readonly TextEnd[];
  /** The row that it ended on, and what was written behind the last line feed. */
  readonly to: number;
  readonly rest: TextEnd;
}

export interface ProvenanceState {
  readonly starts: readonly (number | undefined)[];
  readonly ends: readonly (Ending | undefined)[];
  readonly texts: readonly (boolean | undefined)[];
  readonly entered: number;
  readonly byLineFeed: boolean;
  readonly ending: Ending;
}

export interface SavedProvenance {
  readonly starts: readonly (number | null)[];
  readonly ends: readonly SavedEnding[];
  readonly texts: readonly boolean[];
  readonly entered: number;
  readonly byLineFeed: boolean;
  readonly ending: number;
}

/** `open`: the one that text written now will move. */
export type SavedEnding = number | 'open' | null;

/** Where a text ends, as far as it has been written: it moves while a row that has left is continued below. */
export interface Ending {
  offset: number;
}
