/** About half of the longest string V8 can hold (2^29 - 24 characters). */
const MAX_CHARACTERS = 2 ** 28;

/** Makes text of bytes, a character split between chunks included, and keeps it. */
export class TextCollector {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #onText: ((text: string) => void) | undefined;
  #text = '';
  #truncated = false;

  constructor(onText?: (text: string) => void) {
    this.#onText = onText;
  }

  /** True when more came than is kept; `onText` was given all of it. */
  get truncated(): boolean {
    return this.#truncated;
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The text; the half of a character that may have been left over becomes U+FFFD. */
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
