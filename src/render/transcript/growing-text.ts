/**
 * Text that is put together of many short ones. A string made with `+` would keep each of them until it is read, all of which
 * lives just long enough to be taken for what stays.
 */
export class GrowingText {
  length = 0;
  readonly #blocks: string[] = [];
  #parts: string[];
  #partsLength: number;

  constructor(text = '') {
    this.#parts = text === '' ? [] : [text];
    this.#partsLength = text.length;
    this.length = text.length;
  }

  append(text: string): void {
    this.#parts.push(text);
    this.#partsLength += text.length;
    this.length += text.length;
    if (this.#partsLength < BLOCK_CHARS) return;
    this.#blocks.push(this.#parts.join(''));
    this.#parts = [];
    this.#partsLength = 0;
  }

  toString(): string {
    return [...this.#blocks, ...this.#parts].join('');
  }
}

/** Some hundred rows, and a string that is not large to V8. */
const BLOCK_CHARS = 16 * 1024;
