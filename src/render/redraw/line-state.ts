/**
 * What is compared of a line of an old picture and one of the picture that was drawn in its place. Everything is worked
 * out when it is asked for: most lines are never compared.
 */
export class LineFace {
  readonly text: string;
  #condensed: string | undefined;
  #words: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The line without its white space, which a change of width moves. */
  get condensed(): string {
    return (this.#condensed ??= condensed(this.text));
  }

  /** What stays the same while a counter, a bar or a spinner in it moves: its words, without numbers and their units. */
  get words(): string {
    return (this.#words ??= wordsOf(this.text));
  }

  /** The first number in it: of lines that have their words in common it may be the name. */
  get number(): string {
    return /\d+/.exec(this.text)?.[0] ?? '';
  }

  /** Whether there is anything to read in it; bars, borders and blank lines have no letters. */
  get hasLetters(): boolean {
    return LETTER.test(this.text);
  }
}

/**
 * A line without its white space. Put together at once: V8 makes the result of `replace` a chain of its words, ten times as large, and
 * keeps it so for as long as nothing reads it.
 */
export function condensed(text: string): string {
  return text.split(/\s+/).join('');
}

/**
 * Whether `later`, which stands where `earlier` stood or has gone elsewhere in the same picture, is the same line in a
 * later state: the same words, with another number, bar, mark or spinner. A line that begins with the time of day in brackets, or
 * with a date and time, is a record of that moment: a later one is another record. Of `numbered` lines, which have their words in
 * common with others of one picture, the first number tells which is which, unless it is their progress.
 */
export function isSameLineLater(earlier: LineFace, later: LineFace, numbered: boolean): boolean {
  if (earlier.words === '' || earlier.words !== later.words || STAMPED.test(earlier.text)) return false;
  return !numbered || earlier.number === later.number || (showsProgress(earlier) && showsProgress(later));
}

/**
 * Whether `later`, which stands at the very place of `earlier` between the same neighbours, shows what `earlier` showed: it
 * goes on where that one ended, as text does that is being streamed; or both show progress, by a spinner in front or by a
 * percentage, a bar or `3/10` behind the same first word, whatever is being worked on now.
 */
export function isSamePlaceLater(earlier: LineFace, later: LineFace): boolean {
  if (STAMPED.test(earlier.text)) return false;
  if (SPINNER.test(earlier.text) && !STARTS_WITH_WORD.test(later.text)) return true;
  if (showsProgress(earlier) && showsProgress(later)) return firstWord(earlier) === firstWord(later);
  return (
    earlier.hasLetters &&
    later.condensed.length > earlier.condensed.length &&
    later.condensed.startsWith(earlier.condensed)
  );
}

function showsProgress(face: LineFace): boolean {
  return PROGRESS.test(face.text);
}

function firstWord(face: LineFace): string {
  return /\p{L}+/u.exec(face.text)?.[0] ?? '';
}

function wordsOf(text: string): string {
  return text
    .replace(COUNTED, '$1')
    .replace(NUMBER, ' ')
    .replace(/[^\p{L}]+/gu, '');
}

const LETTER = /\p{L}/u;

/** A number that stands in no name (`TS2322`), with its unit: durations, sizes and rates change theirs as they grow. */
const NUMBER =
  /(?<![\p{L}\d])\d[\d.,:]*(?:\s?(?:[kKMGTP]?i?[bB](?:it)?(?:\/s|ps)?|[mµun]?s|min|sec|hrs?|[mhd])(?!\p{L}))?/gu;
/** 1 second, 2 seconds; not the unit of a rate (5 Mbps). */
const COUNTED = /(\d\s(?![kKMGTP]?i?[bB]ps)\p{L}{2,})s(?!\p{L})/gu;

/** `[3:45:54 AM] …`, `2026-11-30T03:45:54Z …`, `3:45:54 AM - …`. */
const STAMPED =
  /^\s*(?:\[[^\][]*\d{1,2}:\d{2}[^\][]*\]|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*|\d{1,2}:\d{2}:\d{2}(?: [AP]M)? -)\s*\S*\p{L}/u;

/** What spinners are made of: braille, circles, stars, a turning bar; not dots and dashes, which are bullets as well. */
const SPINNER =
  /^\s*(?:[\u2801-\u28ff\u25d0-\u25d3\u25dc-\u25e1\u25f4-\u25f7\u2722\u2733\u2736\u273b\u273d]|[|/\\-](?=\s+\p{L}))/u;
const STARTS_WITH_WORD = /^\s*[\p{L}\d]/u;
/** 30 %, 3/10, and blocks in a row. */
const PROGRESS = /\d\s*%|\d\s*\/\s*\d|[\u2588-\u2593]{2,}/u;
