import type { TerminalSize } from '../../core/terminal/size.js';
import type { RenderChunk } from '../../render/model/line.js';
import { Transcript } from '../../render/transcript/transcript.js';

/** A line of text, and the offset behind it where that is known. */
export interface ReadLine {
  readonly text: string;
  readonly endOffset?: number;
}

/** A line by which an agent said something. */
export interface SaidLine<What> extends ReadLine {
  readonly what: What;
}

/** What stands above and below a line, blank lines left out; undefined: nothing. */
export interface Neighbours {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What a line says; undefined: nothing. Texts are without blanks around them, and have single ones in them. */
type Meaning<What> = (text: string, around: Neighbours) => What | undefined;

/**
 * Looks for lines by which an agent says something: whole lines of what a person would have read, however they were
 * drawn, wrapped or coloured. An agent that repeats its prompt does not say it by that.
 */
export class LineFinder<What> {
  readonly #meaning: Meaning<What>;
  readonly #prompt: readonly string[];
  /** All of it, as if it were one line. */
  readonly #promptText: string;

  constructor(meaning: Meaning<What>, prompt: string | undefined) {
    this.#meaning = meaning;
    this.#prompt = (prompt ?? '').split('\n').map(folded).filter(isText);
    this.#promptText = ` ${this.#prompt.join(' ')} `;
  }

  /** Those of `lines` that say something, in their order. */
  *find(lines: Iterable<ReadLine>): Generator<SaidLine<What>, void, void> {
    let promptSeen = false;
    for (const { line, text, around } of inContext(lines)) {
      const what = this.#meaning(text, around);
      if (what === undefined) continue;
      const isPrompt: boolean = !promptSeen && this.#prompt.length === 1 && repeats(text, this.#prompt[0] ?? '');
      promptSeen ||= isPrompt;
      if (!isPrompt && !this.#standsInPrompt(text, around)) yield { ...line, text, what };
    }
  }

  /** Whether `text` is of the prompt and stands where it stands there: what is around it is the same, too. */
  #standsInPrompt(text: string, { before, after }: Neighbours): boolean {
    // What repeats the prompt may break its lines elsewhere.
    if (before !== undefined && this.#promptText.includes(` ${withoutMarker(before)} ${text} `)) return true;
    if (after !== undefined && this.#promptText.includes(` ${withoutMarker(text)} ${after} `)) return true;
    return this.#prompt.some((line, place) => {
      if (!repeats(text, line)) return false;
      const above = this.#prompt[place - 1];
      const below = this.#prompt[place + 1];
      // Words such as `You: ` may stand in front of the first line of what is repeated.
      return (above !== undefined && before?.endsWith(above) === true) || (below !== undefined && after === below);
    });
  }
}

/** The lines that have text, each between its neighbours. */
function* inContext(
  lines: Iterable<ReadLine>,
): Generator<{ readonly line: ReadLine; readonly text: string; readonly around: Neighbours }, void, void> {
  let before: string | undefined;
  let held: { readonly line: ReadLine; readonly text: string } | undefined;
  for (const line of lines) {
    const text = folded(line.text);
    if (!isText(text)) continue;
    if (held !== undefined) yield { ...held, around: { before, after: text } };
    before = held?.text;
    held = { line, text };
  }
  if (held !== undefined) yield { ...held, around: { before, after: undefined } };
}

/** Whether `text` is a line of the prompt, with nothing but a sign such as `› ` in front of it. */
function repeats(text: string, line: string): boolean {
  return text === line || withoutMarker(text) === line;
}

/** Without what stands in front of the first word. */
function withoutMarker(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+ /u, '');
}

/** The lines a person would have read of what `chunks` draw on a screen of `size`, each when it is settled. */
export function* readLines(chunks: Iterable<RenderChunk>, size: TerminalSize): Generator<ReadLine, void, void> {
  const transcript = new Transcript(size);
  for (const chunk of chunks) yield* transcript.feed(chunk);
  yield* transcript.end();
}

/** Without blanks around it, and with single ones in it. */
export function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function isText(text: string): boolean {
  return text !== '';
}
