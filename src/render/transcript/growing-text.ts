/**
 * Text that is put together of many short ones. A string made with `+` would keep each of them until it is read, all of which
 * lives just long enough to be taken for what stays.
 */
export class GrowingText {
  length = 0;
  readonly #blocks: string[] = [];
  #pieces: string[];
  #piecesLength: number;

  constructor(text = '') {
    this.#pieces = text === '' ? [] : [text];
    this.#piecesLength = text.length;
    this.length = text.length;
  }

  append(text: string): void {
    this.#pieces.push(text);
    this.#piecesLength += text.length;
    this.length += text.length;
    if (this.#piecesLength < BLOCK_CHARS) return;
    this.#blocks.push(this.#pieces.join(''));
    this.#pieces = [];
    this.#piecesLength = 0;
  }

  toString(): string {
    return [...this.#blocks, ...this.#pieces].join('');
  }
}

/** Some hundred rows, and a string that is not large to V8. */
const BLOCK_CHARS = 16 * 1024;
