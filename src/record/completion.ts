import type { TerminalSize } from '../core/size.js';
import type { RenderChunk } from '../render/line.js';
import { Transcript } from '../render/transcript.js';

/**
 * Looks for the line that says an agent is done: a whole line of what a person would have read, however it was drawn,
 * wrapped or coloured, but for blanks around it. An agent that repeats its prompt does not say it by that.
 */
export class Completion {
  readonly #word: string;
  readonly #prompt: readonly string[];

  constructor(word: string, prompt: string | undefined) {
    this.#word = word.trim();
    this.#prompt = folded((prompt ?? '').split('\n'));
  }

  /** The offset behind the line in what `chunks` draw on a screen of `size`; undefined where it is not said. */
  find(chunks: Iterable<RenderChunk>, size: TerminalSize): number | undefined {
    const transcript = new Transcript(size);
    const lines = [...chunks].flatMap((chunk) => transcript.feed(chunk));
    const all = [...lines, ...transcript.end()].filter(({ text }) => text.trim() !== '');
    const texts = folded(all.map(({ text }) => text));
    const found = all.find((_, at) => texts[at] === this.#word && !this.#isRepeated(texts, at));
    return found?.endOffset;
  }

  /**
   * Whether the line at `at` belongs to the prompt as it was printed again: then what stands around it does, too. Of a
   * prompt that is nothing but the word, the first such line is.
   */
  #isRepeated(texts: readonly string[], at: number): boolean {
    if (this.#prompt.length === 1 && this.#prompt[0] === this.#word) return texts.indexOf(this.#word) === at;
    return this.#prompt.some((line, place) => {
      if (line !== this.#word) return false;
      const before = this.#prompt[place - 1];
      const after = this.#prompt[place + 1];
      return (
        (before !== undefined && endsAlike(texts[at - 1], before)) || (after !== undefined && texts[at + 1] === after)
      );
    });
  }
}

/** Lines with text, each with its blanks folded. */
function folded(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim().replace(/\s+/g, ' ')).filter((line) => line !== '');
}

/** A sign such as `› ` may stand in front of the first line of what is repeated. */
function endsAlike(text: string | undefined, line: string): boolean {
  return text?.endsWith(line) === true;
}
