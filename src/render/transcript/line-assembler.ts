import type { Resumable } from '../../core/resumable.js';
import { firstChars, mergedRuns, PLAIN, type Run } from '../model/frame.js';
import { GrowingText } from './growing-text.js';
import type { Line } from '../model/line.js';
import { Provenance, type SavedEnding } from '../model/provenance.js';
import { noteRows } from '../model/line-rows.js';
import type { Row } from '../model/row.js';
import { type ReadableLine, withRuns } from '../model/runs-later.js';

/** Joins rows that the terminal wrapped into lines, and takes the blanks off their ends. */
export class LineAssembler implements Resumable<AssemblerState> {
  #pending: Pending | undefined;
  #lines: Line[] = [];
  #lastEnd: number;

  readonly #endings: Endings;
  readonly #styles: boolean;

  /**
   * `end`: where what is above the first row ended. `endings`: those of the rows it is given. `styles`: a line that is resumed has its colours.
   */
  constructor({ end = 0, endings = new Provenance(), styles = false }: AssemblerOptions = {}) {
    this.#lastEnd = end;
    this.#endings = endings;
    this.#styles = styles;
  }

  /** When all finished lines were taken. */
  save(): AssemblerState {
    const pending = this.#pending;
    if (pending === undefined) return { end: this.#lastEnd, open: null };
    const { text, runs, offset, isRest, rows, endings } = pending;
    const open = {
      text: text.toString(),
      runs: joined(runs),
      offset: offset ?? null,
      isRest,
      rows,
      endings: Array.from(endings, (ending) => this.#endings.saveEnding(ending)),
    };
    return { end: this.#lastEnd, open };
  }

  resume({ end, open }: AssemblerState): void {
    this.#lastEnd = end;
    this.#pending =
      open === null
        ? undefined
        : {
            text: new GrowingText(open.text),
            ...(this.#styles && { runs: [() => open.runs] }),
            offset: open.offset ?? undefined,
            isRest: open.isRest,
            rows: open.rows,
            endings: new Set(open.endings.map((ending) => this.#endings.resumeEnding(ending))),
          };
  }

  /** Whether the last line may go on in the next row. */
  get isOpen(): boolean {
    return this.#pending !== undefined;
  }

  /** How many rows that line has so far. */
  get openRows(): number {
    return this.#pending?.rows ?? 0;
  }

  /** Where the last line that was finished ended. */
  get end(): number {
    return this.#lastEnd;
  }

  /** Rows that left the screen, in order; the last may go on in one that is still there. */
  add(rows: readonly Row[]): void {
    for (const row of rows) {
      if (!row.wrapped) this.finish();
      if (this.#pending === undefined && !row.continues) {
        this.#tell(row, row.offset, row.ending?.offset);
        continue;
      }
      this.#pending ??= {
        text: new GrowingText(),
        ...noRuns(row),
        offset: row.offset,
        isRest: false,
        rows: 0,
        endings: new Set(),
      };
      const pending = this.#pending;
      // Rows read in the fast path, which keeps none, may be followed by some that have them.
      if ('runs' in row) pending.runs ??= [plainRuns(pending.text.toString())];
      pending.runs?.push(() => paddedRuns(row));
      pending.text.append(row.text);
      pending.rows++;
      if (!pending.isRest) pending.offset = earlier(pending.offset, row.offset);
      pending.endings.add(row.ending);
      if (!row.continues) this.finish();
      else if (pending.text.length > MAX_LINE_CHARS) this.#tellPiece(pending);
    }
  }

  /** A whole screen that is about to go: its rows down to the last one with text. */
  addScreen(rows: readonly Row[]): void {
    this.add(rows.slice(0, rows.findLastIndex((row) => row.text.trimEnd() !== '') + 1));
    this.finish();
  }

  /** Rows taken from below others that stay: what has left above them and goes on in those is not touched. */
  addCut(rows: readonly Row[]): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.addScreen(rows);
    this.#pending = pending;
  }

  /** The lines finished since the last call. */
  take(): readonly Line[] {
    const taken = this.#lines;
    this.#lines = [];
    return taken;
  }

  /** Lines that are put together already end at the offset `end`; no line is open. */
  passed(end: number): void {
    this.#lastEnd = end;
  }

  /** The line that may go on does not. */
  finish(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined || pending.endings.size === 0) return;
    const { offset = this.#lastEnd, endings } = pending;
    this.#tell(textOf(pending), offset, Math.max(offset, ...Array.from(endings, (ending) => ending?.offset ?? 0)));
  }

  /**
   * The text goes on, and how far it has been written depends on how the bytes came. So the end of a piece is counted,
   * as if nothing but text had been sent.
   */
  #tellPiece(piece: Pending): void {
    const { offset } = piece;
    const text = textOf(piece);
    this.#tell(text, offset, (offset ?? this.#lastEnd) + Buffer.byteLength(text.text));
    this.#pending = {
      text: new GrowingText(),
      ...noRuns(piece),
      offset: this.#lastEnd,
      isRest: true,
      rows: 0,
      endings: new Set(),
    };
  }

  /** A line that no text was written to stands where the one above it ended. */
  #tell(from: Text & { readonly rows?: number }, offset = this.#lastEnd, endOffset = offset): void {
    const text = from.text.trimEnd();
    const line = coloured({ text, offset, endOffset, final: true }, from);
    if (from.rows !== undefined) noteRows(line, from.rows);
    this.#lines.push(line);
    this.#lastEnd = endOffset;
  }
}

/** `line` with the colours of what it was made of. */
function coloured(line: Line, from: Text): Line {
  const { readRuns } = from;
  if (readRuns !== undefined) {
    const { text, offset, endOffset, final } = line;
    const readable: ReadableLine = { text, offset, endOffset, final, readRuns };
    return readable;
  }
  // Not asked for: that would make them.
  return 'runs' in from ? withRuns(line, () => firstChars(from.runs ?? [], line.text.length)) : line;
}

/** What the rows of a line are together. */
function textOf({ text, runs, rows }: Pending): Text & { readonly rows: number } {
  const whole = { text: text.toString(), rows };
  return runs === undefined ? whole : withRuns(whole, () => joined(runs));
}

function joined(runs: Pending['runs'] = []): readonly Run[] {
  return mergedRuns(runs.flatMap((ofRow) => ofRow()));
}

/** What knows which ending may still move. */
export type Endings = Pick<Provenance, 'saveEnding' | 'resumeEnding'>;

interface AssemblerOptions {
  readonly end?: number;
  readonly endings?: Endings;
  readonly styles?: boolean;
}

export interface AssemblerState {
  readonly end: number;
  readonly open: {
    readonly text: string;
    readonly runs: readonly Run[];
    readonly offset: number | null;
    readonly isRest: boolean;
    readonly rows: number;
    readonly endings: readonly SavedEnding[];
  } | null;
}

/** The runs of a row that goes on in the next, plain blanks at its end included. */
function paddedRuns({ text, runs = [] }: Row): readonly Run[] {
  const missing = text.length - runs.reduce((chars, run) => chars + run.text.length, 0);
  if (missing <= 0) return firstChars(runs, text.length);
  return [...runs, { text: ' '.repeat(missing), width: missing, style: PLAIN }];
}

/** Blanks as wide as the text is long: what else they are is not asked for where only links are kept. */
function plainRuns(text: string): () => readonly Run[] {
  return () => (text === '' ? [] : [{ text, width: text.length, style: PLAIN }]);
}

/** To put the runs of a line together in; nothing where the screen keeps none. */
function noRuns(text: object): Pick<Pending, 'runs'> {
  return 'runs' in text ? { runs: [] } : {};
}

/** Of a row, or of rows put together. */
interface Text {
  readonly text: string;
  readonly runs?: readonly Run[];
  readonly readRuns?: () => readonly Run[];
}

/** A line whose last row has not come yet. */
interface Pending {
  readonly text: GrowingText;
  /** Those of each row, made when they are asked for. */
  runs?: (() => readonly Run[])[];
  offset: number | undefined;
  /** The line began in a piece that was emitted. */
  readonly isRest: boolean;
  /** How many it has so far. */
  rows: number;
  readonly endings: Set<Row['ending']>;
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

/** A line without an end is emitted in pieces of this size, so that it is not held until memory ends. */
const MAX_LINE_CHARS = 1_048_576;
