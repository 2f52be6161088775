import { displayWidth, padEnd } from '../../core/terminal/display-width.js';

/** Where text stands, and how much further what is indented does, in cells: as man(7) has it. */
const INDENT = 7;
/** Of the title of a subsection. */
const SUBSECTION_INDENT = 3;

/**
 * A page of man-page.ts as plain text of `columns` columns, for systems without man(1). It knows the macros and escapes
 * that are used there, and no others.
 */
export function manText(page: string, columns: number): string {
  const lines = new Lines(columns);
  let tag: string | undefined;
  let isTagNext = false;
  for (const line of page.split('\n')) {
    const [, macro, rest = ''] = /^\.([A-Z]{2}|[a-z]{2})(?: (.*))?$/.exec(line) ?? [];
    if (macro === undefined) {
      if (line === '') continue;
      const text = plain(line);
      if (isTagNext) [tag, isTagNext] = [text, false];
      else if (tag !== undefined) {
        lines.tagged(tag, text);
        tag = undefined;
      } else lines.text(text);
      continue;
    }
    switch (macro) {
      case 'SH':
        lines.heading(plain(rest), 0);
        break;
      case 'SS':
        lines.heading(plain(rest), SUBSECTION_INDENT);
        break;
      case 'PP':
        lines.paragraph();
        break;
      case 'TP':
        isTagNext = true;
        break;
      case 'RS':
        lines.shift(Number(rest));
        break;
      case 'RE':
        lines.shift(0);
        break;
      case 'nf':
      case 'fi':
        lines.fills = macro === 'fi';
        break;
    }
  }
  return lines.end();
}

class Lines {
  /** Whether lines go on where the one before ends. */
  fills = true;
  readonly #columns: number;
  readonly #lines: string[] = [];
  #open = '';
  #shift = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  heading(text: string, indent: number): void {
    this.#shift = 0;
    this.paragraph();
    this.#lines.push(' '.repeat(indent) + text);
  }

  /** The next text follows a blank line, except below a heading. */
  paragraph(): void {
    this.#close();
    const last = this.#lines.at(-1) ?? '';
    if (this.#lines.length > 0 && last !== '' && last.startsWith(' '.repeat(INDENT))) this.#lines.push('');
  }

  text(text: string): void {
    if (!this.fills) this.#lines.push(' '.repeat(INDENT + this.#shift) + text);
    else this.#open += `${this.#open === '' ? '' : ' '}${text}`;
  }

  tagged(tag: string, text: string): void {
    this.paragraph();
    const indent = INDENT + this.#shift;
    const body = this.#wrapped(text, indent + INDENT);
    const label = ' '.repeat(indent) + tag;
    if (displayWidth(tag) < INDENT - 1) {
      const [first = '', ...others] = body;
      this.#lines.push(padEnd(label, indent + INDENT) + first.trimStart(), ...others);
    } else this.#lines.push(label, ...body);
  }

  /** So much further in. */
  shift(cells: number): void {
    this.#close();
    this.#shift = cells;
  }

  end(): string {
    this.#close();
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  #close(): void {
    if (this.#open !== '') this.#lines.push(...this.#wrapped(this.#open, INDENT + this.#shift));
    this.#open = '';
  }

  /** A word that is longer than a line has one of its own. */
  #wrapped(text: string, indent: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line === '' || indent + displayWidth(longer) <= this.#columns) line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line].map((each) => ' '.repeat(indent) + each);
  }
}

/** The text that roff would print. */
function plain(text: string): string {
  return text.replace(
    /\\(?:f[BRI]|&|-|\((..)|\[u([0-9A-F]+)\])/g,
    (escape: string, named: string | undefined, code: string | undefined) => {
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return named === undefined ? (escape === '\\-' ? '-' : '') : (NAMED[named] ?? '');
    },
  );
}

const NAMED: Readonly<Record<string, string>> = { rs: '\\', aq: "'", ga: '`', ha: '^', ti: '~', dq: '"' };
