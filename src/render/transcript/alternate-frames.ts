import type { Resumable } from '../../core/resumable.js';
import { firstChars, type Run } from '../model/frame.js';
import type { AlternateScreen, Line } from '../model/line.js';
import type { Row } from '../model/row.js';
import { scrolledBy } from './scrolled-rows.js';

/**
 * What of the alternate screen becomes text.
 *
 * `final`: its last settled frame. `diff`: also the rows that scrolled up out of its frames, as they go. Both between two
 * marker lines, so that they are not taken for what the program printed on the normal screen. `none`: nothing.
 */
export class AlternateFrames implements Resumable<FramesState> {
  readonly #mode: AlternateScreen;
  readonly #styles: boolean;
  #entered = 0;
  /** The last frame that was whole: before an erase, or before synchronized output that may never end. */
  #settled: readonly Picture[] = [];
  #synchronized = false;
  /** `diff`: the frame before, how many frames each of its rows has lived, and what was emitted. */
  #previous: readonly Picture[] = [];
  #ages: readonly number[] = [];
  #emitted: string[] = [];
  #opened = false;

  /** `styles`: rows that are resumed have their colours. */
  constructor(mode: AlternateScreen, styles: boolean) {
    this.#mode = mode;
    this.#styles = styles;
  }

  save(): FramesState {
    return {
      entered: this.#entered,
      settled: this.#settled.map(saveRow),
      synchronized: this.#synchronized,
      previous: this.#previous.map(saveRow),
      ages: this.#ages,
      emitted: this.#emitted,
      opened: this.#opened,
    };
  }

  resume(state: FramesState): void {
    const resumed = ([text, runs]: SavedRow): Picture => (this.#styles ? { text, runs } : { text });
    this.#entered = state.entered;
    this.#settled = state.settled.map(resumed);
    this.#synchronized = state.synchronized;
    this.#previous = state.previous.map(resumed);
    this.#ages = state.ages;
    this.#emitted = [...state.emitted];
    this.#opened = state.opened;
  }

  enter(offset: number): void {
    this.#entered = offset;
    this.#settled = [];
    this.#previous = [];
    this.#ages = [];
    this.#emitted = [];
    this.#opened = false;
  }

  /** Synchronized output begins (with what is on the screen) or has ended. */
  synchronizing(on: boolean, rows: () => readonly Picture[]): void {
    if (on && !this.#synchronized && this.#mode !== 'none') this.#settle(rows());
    this.#synchronized = on;
  }

  /** The whole screen is about to be erased. */
  erasing(rows: readonly Picture[]): void {
    if (!this.#synchronized) this.#settle(rows);
  }

  /** A frame may be complete: gives the lines that scrolled out of the frames (`diff`). */
  frame(screen: () => readonly Picture[], offset: number): readonly Line[] {
    if (this.#mode !== 'diff') return [];
    const rows = screen();
    if (isBlank(rows)) return [];
    if (isSame(rows, this.#previous)) {
      this.#ages = this.#ages.map((age) => age + 1);
      this.#previous = rows;
      return [];
    }
    const shift = scrolledBy(this.#previous.map(textOf), rows.map(textOf));
    const gone = shift.rows
      .filter((at) => (this.#ages[at] ?? 0) >= MIN_FRAMES)
      .flatMap((at) => this.#previous[at] ?? []);
    this.#ages = rows.map((row, at) => {
      const from = at + shift.by;
      return textOf(row) === textOf(this.#previous[from]) ? (this.#ages[from] ?? 0) + 1 : 0;
    });
    this.#previous = rows;
    const news = gone.filter((row) => textOf(row) !== '' && !this.#emitted.includes(textOf(row)));
    this.#emitted = [...this.#emitted, ...news.map(textOf)].slice(-MAX_EMITTED);
    return this.#between(news, offset, false);
  }

  /** The program leaves the alternate screen, or the recording ends on it. */
  leave(rows: readonly Picture[], offset: number): readonly Line[] {
    if (this.#mode === 'none') return [];
    const unsettled = isBlank(rows) || (this.#synchronized && !isBlank(this.#settled));
    const frame = unsettled ? this.#settled : rows;
    this.#synchronized = false;
    const last = frame.findLastIndex((row) => textOf(row) !== '');
    return last === -1 && !this.#opened ? [] : this.#between(frame.slice(0, last + 1), offset, true);
  }

  #settle(rows: readonly Picture[]): void {
    if (!isBlank(rows)) this.#settled = rows;
  }

  #between(rows: readonly Picture[], offset: number, closes: boolean): readonly Line[] {
    const opens = !this.#opened && (closes || rows.length > 0);
    this.#opened ||= opens;
    const where = { offset: this.#entered, endOffset: offset, final: true };
    const lines = rows.map((row): Line => ({ text: textOf(row), ...runsWithin(row), ...where }));
    const begin = opens ? [{ text: ALTERNATE_BEGIN, ...where }] : [];
    return [...begin, ...lines, ...(closes ? [{ text: ALTERNATE_END, ...where }] : [])];
  }
}

/** What of a row matters here. */
type Picture = Pick<Row, 'text' | 'runs'>;

type SavedRow = readonly [text: string, runs: readonly Run[]];

export interface FramesState {
  readonly entered: number;
  readonly settled: readonly SavedRow[];
  readonly synchronized: boolean;
  readonly previous: readonly SavedRow[];
  readonly ages: readonly number[];
  readonly emitted: readonly string[];
  readonly opened: boolean;
}

function saveRow({ text, runs = [] }: Picture): SavedRow {
  return [text, runs];
}

const ALTERNATE_BEGIN = '--- full-screen program ---';
const ALTERNATE_END = '--- end of full-screen program ---';

/** A row that was in fewer frames than this was in motion. */
const MIN_FRAMES = 2;
/** Rows emitted before are not emitted again when the program scrolls back and forth over them. */
const MAX_EMITTED = 1000;

function textOf(row: Picture | undefined): string {
  return row?.text.trimEnd() ?? '';
}

function runsWithin(row: Picture): Pick<Line, 'runs'> {
  return row.runs === undefined ? {} : { runs: firstChars(row.runs, textOf(row).length) };
}

function isSame(a: readonly Picture[], b: readonly Picture[]): boolean {
  return a.length === b.length && a.every((row, at) => textOf(row) === textOf(b[at]));
}

function isBlank(rows: readonly Picture[]): boolean {
  return rows.every((row) => textOf(row) === '');
}
