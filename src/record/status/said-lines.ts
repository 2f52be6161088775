import type { TerminalSize } from '../../core/terminal/size.js';
import type { RenderChunk } from '../../render/model/line.js';
import { Transcript } from '../../render/transcript/transcript.js';

/** A line of text, and the offset behind it where that is known. */
export interface ReadLine {
  readonly text: string;
  readonly endOffset?: number;
}

/** A line of an agent that has a meaning. */
export interface SaidLine<What> extends ReadLine {
  readonly what: What;
}

/** The texts above and below a line, blank lines left out; undefined at the edges. */
export interface Neighbours {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The meaning of a line; undefined: none. Texts are trimmed, with single blanks in them. */
type Meaning<What> = (text: string, around: Neighbours) => What | undefined;

/**
 * Finds the lines of an agent that have a meaning: whole lines of the transcript, however they were
 * drawn, wrapped or coloured. Lines of the prompt that the agent repeats do not count.
 */
export class LineFinder<What> {
  readonly #meaning: Meaning<What>;
  readonly #prompt: readonly string[];
  /** The prompt on one line. */
  readonly #promptText: string;

  constructor(meaning: Meaning<What>, prompt: string | undefined) {
    this.#meaning = meaning;
    this.#prompt = (prompt ?? '').split('\n').map(folded).filter(isText);
    this.#promptText = ` ${this.#prompt.join(' ')} `;
  }

  /** The lines of `lines` with a meaning, in their order. */
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

  /** Whether `text` is a line of the prompt in its context: a neighbour is the same, too. */
  #standsInPrompt(text: string, { before, after }: Neighbours): boolean {
    // A repeated prompt may be wrapped elsewhere.
    if (before !== undefined && this.#promptText.includes(` ${withoutMarker(before)} ${text} `)) return true;
    if (after !== undefined && this.#promptText.includes(` ${withoutMarker(text)} ${after} `)) return true;
    return this.#prompt.some((line, place) => {
      if (!repeats(text, line)) return false;
      const above = this.#prompt[place - 1];
      const below = this.#prompt[place + 1];
      // A label such as `You: ` may precede the first line of a repeated prompt.
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

/** Whether `text` is a line of the prompt, with nothing but a marker such as `› ` in front of it. */
function repeats(text: string, line: string): boolean {
  return text === line || withoutMarker(text) === line;
}

/** Without what stands in front of the first word. */
function withoutMarker(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+ /u, '');
}

/** The transcript of `chunks` on a screen of `size`, each line when it is emitted. */
export function* readLines(chunks: Iterable<RenderChunk>, size: TerminalSize): Generator<ReadLine, void, void> {
  const transcript = new Transcript(size);
  for (const chunk of chunks) yield* transcript.feed(chunk);
  yield* transcript.end();
}

/** The text trimmed, with single blanks in it. */
export function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function isText(text: string): boolean {
  return text !== '';
}
