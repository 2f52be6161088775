/** About half of the longest string V8 can hold (2^29 - 24 characters). */
const MAX_CHARACTERS = 2 ** 28;

/** Decodes bytes as UTF-8, across the edges of chunks, and keeps the text. */
export class TextCollector {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #onText: ((text: string) => void) | undefined;
  #text = '';
  #truncated = false;

  constructor(onText?: (text: string) => void) {
    this.#onText = onText;
  }

  /** Whether more came than is kept; `onText` got all of it. */
  get truncated(): boolean {
    return this.#truncated;
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns the text; an incomplete character at its end becomes U+FFFD. */
  end(): string {
    this.#take(this.#decoder.decode());
    return this.#text;
  }

  #take(text: string): void {
    if (text === '') return;
    const fits = MAX_CHARACTERS - this.#text.length;
    this.#truncated ||= text.length > fits;
    this.#text += text.length > fits ? text.slice(0, fits) : text;
    this.#onText?.(text);
  }
}
