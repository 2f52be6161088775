import type { Line } from './line.js';
import { resumeLine, type SavedLine, saveLine } from './saved-line.js';

/**
 * Keeps what a program prints again after clearing the screen from being told again.
 *
 * Programs such as Ink, when their frame is taller than the screen, clear everything and print all they ever printed, ten
 * times a second. What stood there before a clear is therefore held as the *old picture* until it is seen whether the
 * *new picture* shows it again: if it does, the new one takes its place, and what the old one alone had was a spinner's
 * past; if it does not, nothing may be lost, and the old picture is told first.
 *
 * ED 3 says that the scrollback is to be printed again too: then what has been told already is matched, and skipped.
 */
export class RedrawFilter {
  #rows: number;
  readonly #savable: boolean;
  #out: (readonly Line[])[] = [];
  /** What has been told since the last picture that was new altogether, as the program would print it again. */
  #document = new Document();
  #documentChars = 0;
  #scrollbackGone = false;
  /** Undefined while no clear is open: lines are told as they come. */
  #epoch: Epoch | undefined;

  /** `savable`: what is told is not kept as it was told, since lines with their colours hold on to much more. */
  constructor(rows: number, savable = false) {
    this.#rows = rows;
    this.#savable = savable;
  }

  resized(rows: number): void {
    this.#rows = rows;
  }

  /** Lines that come now may be held. */
  get holds(): boolean {
    return this.#epoch !== undefined;
  }

  /** The lines that are held, in the order in which `resume` gives theirs. */
  get held(): readonly Line[] {
    return this.#epoch === undefined ? [] : [...this.#epoch.old, ...this.#epoch.fresh];
  }

  /** What it takes to go on from here, when all lines told were taken. */
  save(): RedrawState {
    return {
      rows: this.#rows,
      document: this.#document.state,
      documentChars: this.#documentChars,
      scrollbackGone: this.#scrollbackGone,
      epoch: this.#epoch?.save() ?? null,
    };
  }

  /** Goes on from there, with colours where there are to be `styles`. */
  resume(state: RedrawState, styles: boolean): void {
    this.#rows = state.rows;
    this.#document = new Document(state.document);
    this.#documentChars = state.documentChars;
    this.#scrollbackGone = state.scrollbackGone;
    this.#epoch = state.epoch === null ? undefined : Epoch.resume(this.#document, state.epoch, styles);
  }

  /** Lines that left the screen at the top. */
  add(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#scrollbackGone = false;
    // Line by line, so that what is released does not depend on how many come at once.
    for (const [index, line] of lines.entries()) {
      if (this.#epoch === undefined) {
        this.#tell(index === 0 ? lines : lines.slice(index));
        return;
      }
      this.#epoch.see(line);
      const { fresh, old, freshChars } = this.#epoch;
      const growth = Math.min(LIVE_SCREENS * this.#rows + old.length, MAX_HELD_LINES);
      if (fresh.length > growth || freshChars > MAX_HELD_CHARS) this.#release(this.#epoch);
    }
  }

  /** The lines of the screen, which is about to be erased. */
  cleared(screen: readonly Line[]): void {
    const before = this.#epoch;
    if (before?.sawNothing === true && screen.length === 0) return;
    const picture = before === undefined ? screen : this.#settle(before, screen);
    this.#epoch = new Epoch(this.#document, picture, this.#scrollbackGone ? 0 : 'end');
  }

  /** ED 3: the scrollback is gone, so all that was told may come again; at once, or when the screen goes too. */
  scrollbackErased(): void {
    this.#scrollbackGone = true;
    if (this.#epoch?.sawNothing === true) this.#epoch = new Epoch(this.#document, this.#epoch.old, 0);
  }

  /** The recording ends with these lines on the screen. */
  end(screen: readonly Line[]): void {
    this.#tell(this.#epoch === undefined ? screen : this.#settle(this.#epoch, screen));
    this.#epoch = undefined;
  }

  /** The lines told since the last call. */
  take(): readonly Line[] {
    const taken = this.#out;
    this.#out = [];
    return inOne(taken);
  }

  /** The new picture has grown beyond the old one by more than may still change: it is told from its top. */
  #release(epoch: Epoch): void {
    if (!epoch.isRedraw) {
      this.#tell(epoch.old);
      this.#forget();
      this.#tell(epoch.unrepeated());
      this.#epoch = undefined;
      return;
    }
    const kept = epoch.freshChars > MAX_HELD_CHARS ? 0 : LIVE_SCREENS * this.#rows;
    this.#tell(epoch.takeFirst(epoch.fresh.length - kept));
  }

  /** Ends an epoch with `screen` as the last lines of its picture; gives what of the picture is still to be told. */
  #settle(epoch: Epoch, screen: readonly Line[]): readonly Line[] {
    for (const line of screen) epoch.see(line);
    const { fresh } = epoch;
    if (!epoch.isRedraw) {
      this.#forget();
      this.#tell(epoch.old);
      return epoch.unrepeated();
    }
    const stable = Math.min(epoch.stable, fresh.length - LIVE_SCREENS * this.#rows);
    const told = Math.max(0, stable, fresh.length - MAX_HELD_LINES);
    this.#tell(fresh.slice(0, told));
    return fresh.slice(told);
  }

  #tell(lines: readonly Line[]): void {
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
    this.#document.add(withoutRuns(from === 0 ? lines : lines.slice(from)));
    if (this.#savable) this.#document.ink(this.#document.length - 1);
    this.#out.push(lines);
  }

  #forget(): void {
    this.#document = new Document();
    this.#documentChars = 0;
  }
}

/** What is remembered of a line that was told. */
type Told = Pick<Line, 'text' | 'endOffset'>;

/** What is told is kept for long, and colours are many times as large as the text. */
function withoutRuns(lines: readonly Line[]): readonly Told[] {
  const haveRuns = lines.some((line) => 'runs' in line);
  return haveRuns ? lines.map(({ text, endOffset }) => ({ text, endOffset })) : lines;
}

/** One list of several, none of which is ever changed. */
export function inOne(batches: readonly (readonly Line[])[]): readonly Line[] {
  const [first, second] = batches;
  return first !== undefined && second === undefined ? first : batches.flat();
}

/** Lines that were told. It only grows, so that the epochs that look at its beginning need no copy. */
class Document {
  length: number;
  /** As they were told: most of them are never looked at. */
  readonly #batches: (readonly Told[])[] = [];
  /** Those of lines told before, then of the lines of the first `#inkedBatches`. */
  readonly #inks: string[] = [];
  /** Where each ended in the recording. */
  readonly #ends: number[] = [];
  #inkedBatches = 0;
  /** Lines told before that nobody has looked at. */
  #before: DocumentState | undefined;

  constructor(before?: DocumentState) {
    this.#before = before;
    this.length = before?.length ?? 0;
  }

  get state(): DocumentState {
    this.ink(this.length - 1);
    return { length: this.length, inks: [...this.#inks], ends: [...this.#ends] };
  }

  add(lines: readonly Told[]): void {
    this.#batches.push(lines);
    this.length += lines.length;
  }

  /** Line `at` without its white space. */
  ink(at: number): string {
    if (this.#before !== undefined) {
      const { inks, ends } = this.#before;
      for (const ink of inks) this.#inks.push(ink);
      for (const end of ends) this.#ends.push(end);
      this.#before = undefined;
    }
    while (this.#inks.length <= at && this.#inkedBatches < this.#batches.length) {
      for (const line of this.#batches[this.#inkedBatches] ?? []) {
        this.#inks.push(inked(line.text));
        this.#ends.push(line.endOffset);
      }
      this.#batches[this.#inkedBatches] = [];
      this.#inkedBatches++;
    }
    return this.#inks[at] ?? '';
  }
}

export interface RedrawState {
  readonly rows: number;
  readonly document: DocumentState;
  readonly documentChars: number;
  readonly scrollbackGone: boolean;
  readonly epoch: EpochState | null;
}

/** What was told: each line without its white space, and the offset behind its last byte. */
interface DocumentState {
  /** Of both. */
  readonly length: number;
  readonly inks: readonly string[];
  readonly ends: readonly number[];
}

interface EpochState {
  readonly fresh: readonly SavedLine[];
  readonly freshChars: number;
  readonly old: readonly SavedLine[];
  readonly stable: number;
  readonly start: number;
  readonly documentLines: number;
  readonly at: number;
  readonly atChar: number;
  readonly documentMatches: number;
  /** Places in `fresh`. */
  readonly again: readonly number[];
  readonly seenWords: readonly string[];
  readonly beganAgain: boolean | null;
  readonly wasTaken: boolean;
  readonly comesWhole: boolean;
}

/** What is printed between two clears, compared with what was there before. */
class Epoch {
  /** Lines that were not told yet, in order. */
  readonly fresh: Line[] = [];
  freshChars = 0;
  old: readonly Line[];
  /** How many of `fresh`, from the first on, stood in the old picture in the same order. */
  stable = 0;
  /** What is expected: `documentLines` of the document from `start` on, then the old picture. */
  readonly #document: Document;
  readonly #start: number;
  #documentLines: number;
  #oldInks: readonly string[];
  #at: number;
  #atChar = 0;
  #documentMatches = 0;
  /** Those of `fresh` that stood in the old picture too. */
  readonly #again = new Set<Line>();
  readonly #oldWords: ReadonlyMap<string, number>;
  readonly #seenWords = new Set<string>();

  /** Whether the first line with text was the first of what was expected; undefined until there is one. */
  #beganAgain: boolean | undefined;
  /** The first of the new picture were told, because it is the old one again; that stays so. */
  #wasTaken = false;
  readonly #comesWhole: boolean;

  /**
   * `from`: where in the document the program is expected to begin again; at its end, with the old picture alone.
   * `expected`: that is known already.
   */
  constructor(
    document: Document,
    old: readonly Line[],
    from: 0 | 'end',
    expected?: { readonly start: number; readonly documentLines: number },
  ) {
    this.old = old;
    this.#comesWhole = from !== 'end';
    this.#document = document;
    this.#start = expected?.start ?? (from === 'end' ? document.length : from);
    this.#documentLines = expected?.documentLines ?? document.length - this.#start;
    this.#oldInks = old.map((line) => inked(line.text));
    this.#at = 0;
    this.#oldWords = countWords(old);
  }

  static resume(document: Document, state: EpochState, styles: boolean): Epoch {
    const line = (saved: SavedLine): Line => resumeLine(saved, styles);
    const epoch = new Epoch(document, state.old.map(line), state.comesWhole ? 0 : 'end', state);
    for (const saved of state.fresh) epoch.fresh.push(line(saved));
    for (const at of state.again) for (const again of epoch.fresh.slice(at, at + 1)) epoch.#again.add(again);
    for (const words of state.seenWords) epoch.#seenWords.add(words);
    epoch.freshChars = state.freshChars;
    epoch.stable = state.stable;
    epoch.#at = state.at;
    epoch.#atChar = state.atChar;
    epoch.#documentMatches = state.documentMatches;
    epoch.#beganAgain = state.beganAgain ?? undefined;
    epoch.#wasTaken = state.wasTaken;
    return epoch;
  }

  save(): EpochState {
    return {
      fresh: this.fresh.map(saveLine),
      freshChars: this.freshChars,
      old: this.old.map(saveLine),
      stable: this.stable,
      start: this.#start,
      documentLines: this.#documentLines,
      at: this.#at,
      atChar: this.#atChar,
      documentMatches: this.#documentMatches,
      again: this.fresh.flatMap((line, at) => (this.#again.has(line) ? [at] : [])),
      // Once lines of it were taken it is known to be a redraw.
      seenWords: this.#wasTaken ? [] : [...this.#seenWords],
      beganAgain: this.#beganAgain ?? null,
      wasTaken: this.#wasTaken,
      comesWhole: this.#comesWhole,
    };
  }

  get sawNothing(): boolean {
    return this.#at === 0 && this.fresh.length === 0;
  }

  /** Whether the new picture is the old one again: some of what was told, or half of the old lines that have words. */
  get isRedraw(): boolean {
    if (this.#wasTaken) return true;
    if (this.#documentMatches > 0 && this.#documentMatches * 2 >= this.#documentLines) return true;
    let again = 0;
    let all = 0;
    for (const [words, count] of this.#oldWords) {
      all += count;
      if (this.#seenWords.has(words)) again += count;
    }
    return all > 0 && again * 2 >= all;
  }

  see(line: Line): void {
    const words = wordsOf(line.text);
    if (this.#oldWords.has(words)) this.#seenWords.add(words);
    const found = this.#match(inked(line.text));
    if (line.text !== '') this.#beganAgain ??= found !== 'new';
    if (found === 'told') return;
    if (found === 'old') {
      if (this.stable === this.fresh.length) this.stable++;
      this.#again.add(line);
    }
    this.fresh.push(line);
    this.freshChars += line.text.length;
  }

  /**
   * The fresh lines, less those of the old picture where only a part of that came again: where they are most of the new
   * picture, or where all was to come again (ED 3) and the first line did.
   */
  unrepeated(): readonly Line[] {
    if (this.#comesWhole && this.#beganAgain === true) return this.fresh.filter((line) => !this.#again.has(line));
    const withText = this.fresh.filter((line) => line.text !== '');
    const again = withText.filter((line) => this.#again.has(line));
    return again.length * 2 > withText.length ? this.fresh.filter((line) => !this.#again.has(line)) : this.fresh;
  }

  /** Takes the first `count` of the fresh lines; from now on they are new, whatever was expected. */
  takeFirst(count: number): readonly Line[] {
    this.#wasTaken = true;
    const taken = this.fresh.splice(0, count);
    for (const line of taken) this.freshChars -= line.text.length;
    this.stable = Math.max(0, this.stable - count);
    this.#again.clear();
    this.old = [];
    this.#oldInks = [];
    this.#documentLines = 0;
    this.#at = 0;
    this.#atChar = 0;
    return taken;
  }

  /** What is expected at place `at`; undefined behind its end. */
  #expected(at: number): string | undefined {
    return at < this.#documentLines ? this.#document.ink(this.#start + at) : this.#oldInks[at - this.#documentLines];
  }

  /** Finds `ink` in what is expected next: at the very place, or a little further on where something changed. */
  #match(ink: string): 'told' | 'old' | 'new' {
    if (ink === '') return this.#matchBlank();
    const from = this.#at;
    if (this.#consume(ink)) return this.#matched(from);
    const limit = Math.min(this.#documentLines + this.#oldInks.length, this.#at + LOOK_AHEAD_LINES);
    for (let at = this.#at + 1; at < limit; at++) {
      if (this.#expected(at) !== ink) continue;
      this.#at = at + 1;
      this.#atChar = 0;
      return this.#matched(at);
    }
    return 'new';
  }

  #matched(at: number): 'told' | 'old' {
    if (at >= this.#documentLines) return 'old';
    this.#documentMatches += Math.max(1, this.#at - at);
    return 'told';
  }

  #matchBlank(): 'told' | 'old' | 'new' {
    const blankHere = this.#atChar === 0 && this.#expected(this.#at) === '';
    if (blankHere) this.#at++;
    if (this.#at < this.#documentLines) return 'told';
    return blankHere ? 'old' : 'new';
  }

  /**
   * Takes `ink` off what is expected next, across its line ends: after a change of width the same text has others.
   * Leaves everything as it was where it is not there.
   */
  #consume(ink: string): boolean {
    let at = this.#at;
    let atChar = this.#atChar;
    for (let rest = ink; rest !== ''; ) {
      const line = this.#expected(at);
      if (line === undefined) return false;
      const part = line.slice(atChar);
      if (part.startsWith(rest)) {
        atChar += rest.length;
        rest = '';
      } else if (part !== '' && !rest.startsWith(part)) return false;
      else {
        rest = rest.slice(part.length);
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

/** How many screens of lines, counted from the last, a program that prints all again may still change: its frame. */
const LIVE_SCREENS = 5;

/** How far on a line may be found again after one that changed: more than the screen's lines, less than a search. */
const LOOK_AHEAD_LINES = 200;

/** More than any session that prints everything again was seen to print. */
const MAX_DOCUMENT_LINES = 20_000;
const MAX_DOCUMENT_CHARS = 4_000_000;

/** A picture held longer than this is no frame; what goes beyond is told. */
const MAX_HELD_LINES = 4000;
const MAX_HELD_CHARS = 4_000_000;

/** A line without its white space, which a change of width moves. */
function inked(text: string): string {
  return text.replace(/\s+/g, '');
}

/** What of a line stays the same while a counter, a bar or a spinner in it moves. */
function wordsOf(text: string): string {
  return text.replace(/[^\p{L}]+/gu, '');
}

function countWords(lines: readonly Line[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const words = wordsOf(line.text);
    if (words !== '') counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return counts;
}
