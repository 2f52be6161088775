/** Inside which quotes something stands. */
type Quote = '' | "'" | '"';

/** A command line of a POSIX shell, up to where it is being typed. */
export interface TypedLine {
  /** The words that are complete, as the shell would hand them on. Nothing in them is expanded. */
  readonly words: readonly string[];
  /** The word being typed: empty behind a blank. */
  readonly current: string;
}

/** Splits a line as a POSIX shell does, and stops where its first command ends. An open quote reaches to the end. */
export function splitLine(line: string): TypedLine {
  const words: string[] = [];
  let current: string | undefined;
  for (const { text, quote, type } of pieces(line)) {
    if (quote === '' && type === 'character' && /[|&;<>()\n]/.test(text)) return { words, current: current ?? '' };
    if (quote === '' && type === 'character' && /[ \t]/.test(text)) {
      if (current !== undefined) words.push(current);
      current = undefined;
    } else {
      current = (current ?? '') + text;
    }
  }
  return { words, current: current ?? '' };
}

/**
 * What to put in the place of `typed`, the end of a line that stands for `current`, so that the shell reads `value`; or
 * undefined where that cannot be. A shell takes out less than the word: not its opening quote, nor what is in front of a `=`.
 */
export function completionOf(value: string, line: string, typed: string): string | undefined {
  const kept = line.endsWith(typed) ? line.slice(0, line.length - typed.length) : line;
  const { current } = splitLine(kept);
  if (!value.startsWith(current)) return undefined;
  const rest = value.slice(current.length);
  switch (quoteAtEnd(kept)) {
    case '':
      return rest.replace(/[^\w@%+=:,./\u00a0-\uffff-]/g, '\\$&');
    case "'":
      return rest.replaceAll("'", `'\\''`);
    case '"':
      // An exclamation mark asks for the history, and a backslash that prevented it would stay in the word.
      return rest.includes('!') ? undefined : rest.replace(/[\\"$`]/g, '\\$&');
  }
}

interface Piece {
  readonly type: 'character' | 'escaped' | 'mark';
  /** The text it stands for; empty for a mark, which only quotes. */
  readonly text: string;
  /** The quotes around it; a mark counts as inside the quotes it opens. */
  readonly quote: Quote;
}

function* pieces(line: string): Generator<Piece, void, void> {
  let quote: Quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    const next = line[at + 1];
    if (character === quote && quote !== '') {
      quote = '';
      yield { type: 'mark', text: '', quote };
    } else if (quote === '' && (character === "'" || character === '"')) {
      quote = character;
      yield { type: 'mark', text: '', quote };
    } else if (character === '\\' && (quote === '' || (quote === '"' && /^[\\"$`\n]$/.test(next ?? '')))) {
      yield { type: 'escaped', text: next === '\n' ? '' : (next ?? ''), quote };
      at++;
    } else {
      yield { type: 'character', text: character, quote };
    }
  }
}

function quoteAtEnd(line: string): Quote {
  let quote: Quote = '';
  for (const piece of pieces(line)) ({ quote } = piece);
  return quote;
}
